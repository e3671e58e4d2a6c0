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

/** The ARNs of the roles under which API Gateway calls the Lambda functions of authorizers. */
export function rolesOfAuthorizers({ components, securityDefinitions }: JsonObject): ReadonlySet<string> {
  const schemes = [isObject(components) ? components.securitySchemes : undefined, securityDefinitions];
  const authorizers = schemes
    .filter(isObject)
    .flatMap((section) => Object.values(section))
    .map((scheme) => (isObject(scheme) ? scheme['x-amazon-apigateway-authorizer'] : undefined))
    .filter(isObject);
  return new Set(authorizers.map((one) => String(one.authorizerCredentials ?? '')).filter(Boolean));
}

/**
 * The service that an integration's URI names, as its actions' names begin; undefined for other integrations.
 * @param uri as written or resolved, as JSON text.
 */
export function serviceOf(uri: string): string | undefined {
  // A service may have a subdomain before it (docs/facts/gateway.md#integration-request).
  const name = /:apigateway:.*?:([\w.-]+):(?:path|action)\//.exec(uri)?.[1];
  return name?.split('.').at(-1);
}
