import { isObject, type Json, type JsonObject } from './types.ts';

/** The extensions in which a document limits its callers. */
const POLICY = 'x-amazon-apigateway-policy';
const ENDPOINT = 'x-amazon-apigateway-endpoint-configuration';

export const BY_POLICY = 'the resource policy of the API';
export const BY_ENDPOINT = 'the custom domain in front of the disabled execute-api endpoint';

/**
 * What may turn callers away although no method demands credentials: a resource policy that does not simply allow
 * everybody, or an execute-api endpoint that is disabled, so that callers come through a domain, perhaps with mutual TLS
 * (docs/facts/gateway.md#callers). A run deploys none of these, which would turn it away as well.
 */
export function limitOnCallers(openapi: JsonObject): string | undefined {
  const policy = openapi[POLICY];
  if (isObject(policy) && !allowsEverybody(policy)) return BY_POLICY;
  return isEndpointDisabled(openapi) ? BY_ENDPOINT : undefined;
}

/** Removes what limits callers from a document, for its deployment. */
export function withoutLimits(openapi: JsonObject): void {
  const policy = openapi[POLICY];
  if (isObject(policy) && !allowsEverybody(policy)) delete openapi[POLICY];
  const endpoint = openapi[ENDPOINT];
  if (isObject(endpoint)) delete endpoint.disableExecuteApiEndpoint;
}

/** Writes into a document that its execute-api endpoint is disabled. */
export function disableEndpoint(openapi: JsonObject): void {
  const own = openapi[ENDPOINT];
  openapi[ENDPOINT] = { ...(isObject(own) ? own : {}), disableExecuteApiEndpoint: true };
}

function isEndpointDisabled(openapi: JsonObject): boolean {
  const endpoint = openapi[ENDPOINT];
  return isObject(endpoint) && String(endpoint.disableExecuteApiEndpoint) === 'true';
}

/** Whether a resource policy allows all calls of everybody, and denies none of them. */
export function allowsEverybody(policy: JsonObject): boolean {
  const statements = [policy.Statement ?? []].flat().filter(isObject);
  return !statements.some(denies) && statements.some(allowsAll);
}

function denies({ Effect: effect, Condition: condition }: JsonObject): boolean {
  return effect === 'Deny' && !isOnlyOfPlainHttp(condition);
}

/** API Gateway takes HTTPS only, so a denial of plain HTTP concerns nobody. */
function isOnlyOfPlainHttp(condition: Json | undefined): boolean {
  return (
    isObject(condition) &&
    JSON.stringify(condition)
      .toLowerCase()
      .replaceAll(/["[\]]/g, '') === '{bool:{aws:securetransport:false}}'
  );
}

function allowsAll(statement: JsonObject): boolean {
  const {
    Effect: effect,
    Principal: principal,
    Action: action,
    Resource: resource,
    Condition: condition,
  } = statement;
  const named = isObject(principal) ? principal.AWS : principal;
  return (
    effect === 'Allow' &&
    texts(named).includes('*') &&
    texts(action).some((one) => /^(?:\*|execute-api:(?:\*|invoke))$/i.test(one)) &&
    texts(resource).some((one) => /^(?:\*|[^/]*(?:\/\*)+|arn:[^/]*\*)$/.test(one)) &&
    (!isObject(condition) || Object.keys(condition).length === 0)
  );
}

function texts(value: Json | undefined): string[] {
  return [value ?? []].flat().map(String);
}
