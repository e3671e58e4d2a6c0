import { NothingToDeploy } from './errors.ts';
import { isObject, type Json, type JsonObject, type LeftOut } from './types.ts';

export const INTEGRATION = 'x-amazon-apigateway-integration';

/** How lists of what is left out call a role for which the run lends its own. */
export const LENT = 'an execution role; the run uses its own instead';

const LAMBDA = /:lambda:path\/.*\/functions\/(?:arn:[^/]*:function:)?([^/]+?)(?::[^/:]+)?\/invocations/;

/** A method such as `POST /records`, and its place in the file. */
export interface MethodPlace {
  readonly name: string;
  readonly place: string;
}

/** Collects the methods of a file that a run does not deploy, grouped by reason. */
export class MethodsLeftOut {
  readonly #parts: LeftOut[] = [];
  readonly #entries = new Map<string, { behind: string; why: string; methods: MethodPlace[] }>();
  readonly #calls = new Map<string, Set<string>>();

  /** @param behind the backend, such as `the Lambda function Greeter`; empty if the method itself is the reason. */
  add(method: MethodPlace, behind: string, why: string): void {
    // An event of a function may be in the template's own body as well.
    const isKnown = [...this.#entries.values()].some(
      (entry) => entry.why === why && entry.methods.some(({ name }) => name === method.name),
    );
    if (isKnown) return;
    const key = JSON.stringify([behind, behind === '' ? method.place : '', why]);
    const entry = this.#entries.get(key) ?? { behind, why, methods: [] };
    entry.methods.push(method);
    this.#entries.set(key, entry);
  }

  /** Adds something other than a method. */
  addPart(what: string, place: string, why: string): void {
    this.#parts.push({ what, place, why });
  }

  /** Notes that something left out calls a service under a role, which therefore needs the service's permissions. */
  calls(service: string | undefined, roleArn: unknown): void {
    if (service === undefined || typeof roleArn !== 'string') return;
    this.#calls.set(roleArn, (this.#calls.get(roleArn) ?? new Set()).add(service));
  }

  /** The services that what is left out calls under a role. */
  servicesUnder(roleArn: string): string[] {
    return [...(this.#calls.get(roleArn) ?? [])];
  }

  list(): LeftOut[] {
    const methods = [...this.#entries.values()].map(({ behind, why, methods }) => {
      const names = inWords(methods.map(({ name }) => name));
      return {
        what: behind === '' ? names : `${behind}, behind ${names}`,
        place: methods[0]?.place ?? '',
        why,
      };
    });
    return [...methods, ...this.#parts];
  }
}

/** Writes a list as `a, b and c`. */
export function inWords(names: readonly string[], link = 'and'): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${link} ${last}`;
}

/** Whether an integration, as written or resolved, calls Kinesis, so that errors in it must be reported. */
export function isKinesis(integration: Json | undefined): boolean {
  if (!isObject(integration)) return false;
  return /kinesis:/i.test(JSON.stringify(integration.uri ?? integration.Uri ?? ''));
}

/** What a resolved OpenAPI integration needs that a run does not deploy; undefined if nothing. */
export function undeployable(integration: JsonObject): { behind: string; why: string } | undefined {
  const name = LAMBDA.exec(String(integration.uri ?? ''))?.[1];
  if (name !== undefined)
    return { behind: `the Lambda function ${name}`, why: 'the run deploys no Lambda functions' };
  if (/^vpc_link$/i.test(String(integration.connectionType ?? '')))
    return { behind: 'a VPC link', why: 'the run makes no VPC links' };
  return undefined;
}

/** Fails if an API has no method left to deploy, with the reason of the first method that was left out. */
export function checkMethodsLeft(file: string, openapi: JsonObject, leftOut: readonly LeftOut[]): void {
  const paths = isObject(openapi.paths) ? openapi.paths : {};
  const operations = Object.values(paths).flatMap((item) => (isObject(item) ? Object.values(item) : []));
  if (operations.some((operation) => isObject(operation) && isObject(operation[INTEGRATION]))) return;
  const [first] = leftOut;
  if (first !== undefined)
    throw new NothingToDeploy(file, first.place, `no method is left to deploy: ${first.what}: ${first.why}`);
  throw new NothingToDeploy(
    file,
    '',
    `its API has no ${INTEGRATION}, so there is nothing to deploy; give the API with its integrations`,
  );
}
