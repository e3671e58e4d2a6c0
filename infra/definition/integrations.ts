import { INTEGRATION, isKinesis } from './left-out.ts';
import { isObject, type JsonObject } from './types.ts';

/** Every method of an API. */
export function operationsIn({ paths }: JsonObject): JsonObject[] {
  return Object.values(isObject(paths) ? paths : {})
    .filter(isObject)
    .flatMap((item) => Object.values(item))
    .filter(isObject);
}

export function integrationsIn(openapi: JsonObject): JsonObject[] {
  return operationsIn(openapi)
    .map((operation) => operation[INTEGRATION])
    .filter(isObject);
}

/** The ARNs of the roles under which an API calls Kinesis. */
export function rolesOfKinesis(openapi: JsonObject): ReadonlySet<string> {
  const integrations = integrationsIn(openapi).filter(isKinesis);
  return new Set(integrations.map(({ credentials }) => String(credentials ?? '')).filter(Boolean));
}
