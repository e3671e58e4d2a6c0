import { DefinitionError } from './errors.ts';
import { join, type Resolver } from './functions.ts';
import { serviceOf } from './integrations.ts';
import { INTEGRATION, isKinesis, type MethodsLeftOut, undeployable } from './left-out.ts';
import { isObject, type Json, type JsonObject } from './types.ts';

const VERBS = new Map([
  ...['get', 'put', 'post', 'delete', 'patch', 'options', 'head'].map(
    (verb) => [verb, verb.toUpperCase()] as const,
  ),
  ['x-amazon-apigateway-any-method', 'ANY'] as const,
]);

const AUTHORIZER = 'x-amazon-apigateway-authorizer';

/** How a reader prepares parts of a body before their functions are resolved. */
export interface Preparation {
  integration?(integration: JsonObject, place: string): JsonObject;
  /**
   * A placeholder URI for an authorizer's Lambda function that cannot be resolved: an authorizer never fails a file.
   */
  authorizerUri(name: string): string;
}

export function isOpenApi(document: JsonObject): boolean {
  return /^3\./.test(String(document.openapi)) || /^2(\.0)?$/.test(String(document.swagger));
}

/**
 * Resolves the functions of an OpenAPI body. It leaves out methods that a run cannot deploy, and those that cannot be
 * resolved unless they call Kinesis.
 * @throws DefinitionError
 */
export function resolveBody(
  body: Json | undefined,
  place: string,
  resolver: Resolver,
  left: MethodsLeftOut,
  preparation: Preparation,
): JsonObject {
  const entries = resolver.entries(body, place);
  const head = Object.fromEntries(
    (entries ?? [])
      .filter(([key]) => key === 'openapi' || key === 'swagger')
      .map(([key, ...rest]) => [key, resolver.resolve(...rest) ?? null]),
  );
  if (entries === undefined || !isOpenApi(head))
    return resolver.fail(
      place,
      'this is not OpenAPI; it needs "openapi: 3.x" or "swagger: \'2.0\'" at its top',
    );
  const resolved: JsonObject = {};
  for (const [key, value, at] of entries) {
    const outcome =
      key === 'paths'
        ? resolvePaths(value, at, resolver, left, preparation)
        : key === 'components' || key === 'securityDefinitions'
          ? resolver.resolve(withAuthorizers(key, value, at, resolver, left, preparation), at)
          : resolver.resolve(value, at);
    if (outcome !== undefined) resolved[key] = outcome;
  }
  if (!isObject(resolved.paths))
    return resolver.fail(place, 'it has no paths; give the API with its methods');
  return resolved;
}

function resolvePaths(
  value: Json,
  place: string,
  resolver: Resolver,
  left: MethodsLeftOut,
  preparation: Preparation,
): JsonObject {
  const paths: JsonObject = {};
  for (const [path, item, itemPlace] of resolver.entries(value, place) ?? []) {
    const members: JsonObject = {};
    for (const [key, member, at] of resolver.entries(item, itemPlace) ?? []) {
      const verb = VERBS.get(key.toLowerCase());
      const resolved = verb
        ? resolveOperation(member, { name: `${verb} ${path}`, place: at }, resolver, left, preparation)
        : resolver.resolve(member, at);
      if (resolved !== undefined) members[key] = resolved;
    }
    // A path without methods would still become a resource.
    const isLeft = Object.keys(members).some((key) => key !== 'parameters') || isEmpty(item);
    if (isLeft) paths[path] = members;
  }
  return paths;
}

const isEmpty = (item: Json) => isObject(item) && Object.keys(item).length === 0;

function resolveOperation(
  value: Json,
  method: { readonly name: string; readonly place: string },
  resolver: Resolver,
  left: MethodsLeftOut,
  preparation: Preparation,
): Json | undefined {
  const { foreign } = resolver.scope;
  const before = new Map(foreign);
  const leaveOut = (behind: string, why: string) => {
    left.add(method, behind, why);
    foreign.clear();
    for (const [id, entry] of before) foreign.set(id, entry);
    return undefined;
  };
  const raw = resolver.unwrap(value, method.place);
  const written = isObject(raw.value) ? raw.value[INTEGRATION] : undefined;
  try {
    const prepared =
      isObject(raw.value) && isObject(written) && preparation.integration
        ? { ...raw.value, [INTEGRATION]: preparation.integration(written, join(raw.place, INTEGRATION)) }
        : raw.value;
    const operation = resolver.resolve(prepared, raw.place);
    const integration = isObject(operation) ? operation[INTEGRATION] : undefined;
    const reason = isObject(integration) ? undeployable(integration) : undefined;
    if (!isObject(integration) || reason === undefined) return operation;
    left.calls(serviceOf(String(integration.uri)), integration.credentials);
    return leaveOut(reason.behind, reason.why);
  } catch (error) {
    if (!(error instanceof DefinitionError) || !isObject(written) || isKinesis(written)) throw error;
    const role = tolerantly(() => resolver.text(written.credentials, `${raw.place}.credentials`));
    left.calls(serviceOf(JSON.stringify(written.uri ?? '')), role);
    return leaveOut('', error.reason);
  }
}

/** The section with the security schemes; placeholders replace the authorizers' Lambda functions where necessary. */
function withAuthorizers(
  section: string,
  value: Json,
  place: string,
  resolver: Resolver,
  left: MethodsLeftOut,
  preparation: Preparation,
): Json {
  if (!isObject(value)) return value;
  if (section === 'components')
    return isObject(value.securitySchemes)
      ? {
          ...value,
          securitySchemes: withAuthorizers(
            '',
            value.securitySchemes,
            `${place}.securitySchemes`,
            resolver,
            left,
            preparation,
          ),
        }
      : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, scheme]) => {
      const authorizer = isObject(scheme) ? scheme[AUTHORIZER] : undefined;
      if (!isObject(scheme) || !isObject(authorizer) || authorizer.authorizerUri === undefined)
        return [name, scheme];
      const at = `${place}.${name}.${AUTHORIZER}`;
      const uri = uriOf(authorizer, name, at, resolver, preparation);
      left.addPart(`the Lambda function of the authorizer ${name}`, at, NO_AUTHORIZER);
      const { authorizerCredentials: credentials, ...rest } = authorizer;
      const kept = isText(credentials, `${at}.authorizerCredentials`, resolver)
        ? { authorizerCredentials: credentials }
        : {};
      return [name, { ...scheme, [AUTHORIZER]: { ...rest, ...kept, authorizerUri: uri } }];
    }),
  );
}

export const NO_AUTHORIZER =
  'the run deploys no Lambda functions, so calls that the authorizer guards are refused';

function uriOf(
  authorizer: JsonObject,
  name: string,
  place: string,
  resolver: Resolver,
  preparation: Preparation,
): string {
  const uri = authorizer.authorizerUri;
  // A URI with placeholders for Terraform's templatefile is not usable either.
  if (!isText(uri, place, resolver) || (typeof uri === 'string' && uri.includes('${')))
    return preparation.authorizerUri(name);
  return resolver.text(uri, place);
}

/** Whether a value resolves to a string. */
function isText(value: Json | undefined, place: string, resolver: Resolver): value is Json {
  return value !== undefined && tolerantly(() => resolver.text(value, place)) !== undefined;
}

/** @returns undefined for what cannot be resolved. */
export function tolerantly<T>(resolve: () => T): T | undefined {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  }
}
