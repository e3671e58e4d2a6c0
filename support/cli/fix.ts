import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CORE_SCHEMA, dump } from 'js-yaml';
import { type Definition, loadDefinition } from '../../infra/definition/definition.ts';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { type Left, type Repair, type Repairs, repair } from '../../infra/definition/repair.ts';
import { readDocument } from '../../infra/definition/text.ts';
import { isObject, type JsonObject } from '../../infra/definition/types.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import type { choicesOf } from '../run/choices.ts';
import { ROOT } from '../run/suite.ts';

/** The weakness of a value that adds members to the request. */
const UNESCAPED = 'unescaped value';

/**
 * Writes the repaired copy and prints the repairs. @returns the copy, whose weak points are those that were not
 * repaired.
 */
export function fix(file: string, out: string, choices: ReturnType<typeof choicesOf>): string {
  const definition = loadDefinition(file, choices);
  const document = readDocument(
    readFileSync(definition.path === file ? file : path.join(ROOT, definition.path)),
    file,
  );
  if (definition.form !== 'openapi') throw notWritten(file, definition, document);
  const repairs = repair(document);
  try {
    writeFileSync(out, `${JSON.stringify(document, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`cannot write ${out}: ${messageOf(error)}; give a new file`);
  }
  const left = notRepaired(repairs, loadDefinition(out, choices).interface());
  const done = repairs.done.map(({ where, what }) => `  ${where}: ${what}`);
  process.stderr.write(`${[`repaired in ${out}`, ...done, ...left].join('\n')}\n`);
  return out;
}

/** @param found what the API offers, by which an unquoted value that the template checks is told from one that harms. */
function notRepaired({ left }: Repairs, { calls, weak }: Interface): string[] {
  const harms = ({ where, isUnquoted }: Left) => {
    const [verb, route] = where.split(' ');
    const here = calls.filter(({ method, path }) => path === route && (method === verb || verb === 'ANY'));
    const isKnown = here.length > 0 && here.every(({ undetermined }) => undetermined.length === 0);
    const places = here.map((call) => `${nameOfCall(call)}: `);
    return (
      !isUnquoted ||
      !isKnown ||
      weak.some(({ what, where }) => what === UNESCAPED && places.some((place) => where.startsWith(place)))
    );
  };
  const lines = left.filter(harms).map(({ where, what, why }) => `  ${where}: ${what}: ${why}`);
  return lines.length === 0 ? [] : ['not repaired', ...lines];
}

/** Prints the repairs of a file that is not OpenAPI, for its owner to copy. @returns the error to throw. */
function notWritten(file: string, definition: Definition, document: JsonObject): UsageError {
  const { openapi } = definition.declare({
    region: 'us-east-1',
    accountId: '123456789012',
    stackName: 'kpc',
  });
  const repairs = repair(openapi);
  const left = notRepaired(repairs, definition.interface());
  const how = `--fix writes OpenAPI files only, and ${file} is ${definition.form}`;
  if (repairs.done.length === 0) {
    process.stderr.write(left.map((line) => `${line}\n`).join(''));
    return new UsageError(`${how}; nothing in it can be repaired mechanically`);
  }
  const { done } = repairs;
  const lines = [
    `to repair in ${file}`,
    ...done.map(({ where, what }) => `  ${where}: ${what}`),
    ...left,
    '',
    ...blocks(done, hasMethods(document) ? asProperties : asExtension),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  return new UsageError(`${how}; nothing was written: copy the lines above into the integrations`);
}

/** Whether the methods of a template are resources of their own, rather than in the body of the API. */
function hasMethods({ Resources: resources }: JsonObject): boolean {
  const all = Object.values(isObject(resources) ? resources : {});
  return all.some((resource) => isObject(resource) && resource.Type === 'AWS::ApiGateway::Method');
}

/** The lines for each group of methods that need the same ones, as YAML whose comments say what it is. */
function blocks(done: readonly Repair[], written: (repair: Merged) => JsonObject): string[] {
  const gained = Map.groupBy(
    done.filter(({ replaced }) => replaced === undefined),
    ({ where }) => where,
  );
  const added = Map.groupBy([...gained], ([, repairs]) =>
    dump(written(merged(repairs)), { schema: CORE_SCHEMA, lineWidth: -1 }),
  );
  const texts = Map.groupBy(
    done.filter(({ replaced }) => replaced !== undefined),
    ({ replaced }) => `#   ${replaced?.before}\n# becomes\n#   ${replaced?.after}`,
  );
  return [
    ...[...added].map(([yaml, group]) => `# add to ${group.map(([where]) => where).join(', ')}\n${yaml}`),
    ...[...texts].map(
      ([text, group]) =>
        `# between quotes, in the templates of ${group.map(({ where }) => where).join(', ')}\n${text}\n`,
    ),
    ...([...texts.keys()].some((text) => text.includes('${'))
      ? ['# in Fn::Sub, ${x} is written ${!x}\n']
      : []),
  ];
}

/** What all repairs of one method add. */
type Merged = Pick<Repair, 'integration' | 'responses'>;

function merged(repairs: readonly Repair[]): Merged {
  return {
    integration: Object.assign({}, ...repairs.map(({ integration }) => integration)),
    responses: Object.assign({}, ...repairs.map(({ responses }) => responses)),
  };
}

/** As members of an operation in an OpenAPI document. */
function asExtension({ integration, responses }: Merged): JsonObject {
  return {
    ...(responses && Object.keys(responses).length > 0 && { responses }),
    'x-amazon-apigateway-integration': integration ?? {},
  };
}

/** As properties of an AWS::ApiGateway::Method. */
function asProperties({ integration = {}, responses = {} }: Merged): JsonObject {
  const { passthroughBehavior: behavior, requestParameters: parameters, responses: errors } = integration;
  const statuses = Object.keys(responses);
  return {
    ...(statuses.length > 0 && { MethodResponses: statuses.map((status) => ({ StatusCode: status })) }),
    Integration: {
      ...(behavior !== undefined && { PassthroughBehavior: String(behavior).toUpperCase() }),
      ...(parameters !== undefined && { RequestParameters: parameters }),
      ...(isObject(errors) && {
        IntegrationResponses: Object.entries(errors).map(([pattern, response]) =>
          responseOf(pattern, response as JsonObject),
        ),
      }),
    },
  };
}

function responseOf(pattern: string, { statusCode, responseTemplates }: JsonObject): JsonObject {
  return {
    SelectionPattern: pattern,
    StatusCode: statusCode ?? '',
    ...(responseTemplates !== undefined && { ResponseTemplates: responseTemplates }),
  };
}
