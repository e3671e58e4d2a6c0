import { NO_AUTHORIZER } from '../body.ts';
import { DefinitionError } from '../errors.ts';
import { isObject, type Json } from '../types.ts';
import {
  asModelName,
  asObject,
  type Draft,
  isSwagger,
  isTrue,
  objectAt,
  partsOf,
  preparation,
  present,
  schemasOf,
  securitySchemesOf,
} from './draft.ts';
import type { Resource } from './template.ts';

export function addModels(draft: Draft): void {
  const { template, openapi } = draft;
  const prefix = isSwagger(openapi) ? '#/definitions/' : '#/components/schemas/';
  for (const part of partsOf(draft, 'AWS::ApiGateway::Model')) {
    const schema = asObject(template.property(part, 'Schema'));
    if (schema === undefined) {
      template.resolver.fail(`${part.place}.Schema`, 'a JSON schema is needed here; give an object');
      continue;
    }
    schemasOf(openapi)[asModelName(template.nameOf(part))] = withLocalReferences(schema, prefix);
  }
}

/** Converts references between models: URLs in API Gateway, local references in OpenAPI, which has no `$schema`. */
function withLocalReferences(schema: Json, prefix: string, depth = 0): Json {
  if (Array.isArray(schema)) return schema.map((item) => withLocalReferences(item, prefix, depth + 1));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => depth > 0 || key !== '$schema')
      .map(([key, value]) => {
        const name =
          key === '$ref' && typeof value === 'string'
            ? /\/restapis\/[^/]+\/models\/([^/]+)$/.exec(value)?.[1]
            : undefined;
        return [
          key,
          name === undefined ? withLocalReferences(value, prefix, depth + 1) : prefix + asModelName(name),
        ];
      }),
  );
}

/** @returns a map from each validator's `Ref` value to its name. */
export function addValidators(draft: Draft): ReadonlyMap<string, string> {
  const { template, openapi } = draft;
  const names = new Map<string, string>();
  for (const part of partsOf(draft, 'AWS::ApiGateway::RequestValidator')) {
    const all = objectAt(openapi, 'x-amazon-apigateway-request-validators');
    const wanted = template.textProperty(part, 'Name') ?? part.id;
    const name = Object.hasOwn(all, wanted) ? `${wanted} ${part.id}` : wanted;
    all[name] = {
      validateRequestBody: isTrue(template.property(part, 'ValidateRequestBody')),
      validateRequestParameters: isTrue(template.property(part, 'ValidateRequestParameters')),
    };
    names.set(String(template.ref(part.id, part.place)), name);
  }
  return names;
}

export function addGatewayResponses(draft: Draft): void {
  const { template, openapi } = draft;
  for (const part of partsOf(draft, 'AWS::ApiGateway::GatewayResponse')) {
    const type = template.textProperty(part, 'ResponseType');
    if (type === undefined) {
      template.resolver.fail(`${part.place}.ResponseType`, 'it is missing; add it');
      continue;
    }
    objectAt(openapi, 'x-amazon-apigateway-gateway-responses')[type] = present({
      statusCode: template.textProperty(part, 'StatusCode'),
      responseParameters: template.property(part, 'ResponseParameters'),
      responseTemplates: template.property(part, 'ResponseTemplates'),
    });
  }
}

/** @returns a map from each authorizer's `Ref` value to the name of its security scheme. */
export function addAuthorizers(draft: Draft): ReadonlyMap<string, string> {
  const { template, openapi, left } = draft;
  const names = new Map<string, string>();
  for (const part of partsOf(draft, 'AWS::ApiGateway::Authorizer')) {
    const name = template.textProperty(part, 'Name') ?? part.id;
    const type = template.textProperty(part, 'Type') ?? 'TOKEN';
    const isPool = type === 'COGNITO_USER_POOLS';
    const source = template.textProperty(part, 'IdentitySource');
    const header = /^method\.request\.header\.([^,\s]+)$/.exec(source ?? '')?.[1];
    const ttl = template.property(part, 'AuthorizerResultTtlInSeconds');
    securitySchemesOf(openapi)[name] = {
      type: 'apiKey',
      name: header ?? (type === 'REQUEST' ? 'Unused' : 'Authorization'),
      in: 'header',
      'x-amazon-apigateway-authtype': isPool ? 'cognito_user_pools' : 'custom',
      'x-amazon-apigateway-authorizer': present({
        type: type.toLowerCase(),
        authorizerUri: isPool
          ? undefined
          : (tolerant(draft, part, 'AuthorizerUri') ?? preparation(template).authorizerUri(name)),
        authorizerCredentials: isPool ? undefined : tolerant(draft, part, 'AuthorizerCredentials'),
        providerARNs: isPool ? template.property(part, 'ProviderARNs') : undefined,
        identitySource: type === 'REQUEST' ? source : undefined,
        identityValidationExpression: template.textProperty(part, 'IdentityValidationExpression'),
        authorizerResultTtlInSeconds: ttl === undefined ? undefined : Number(ttl),
      }),
    };
    if (!isPool) left.addPart(`the Lambda function of the authorizer ${name}`, part.place, NO_AUTHORIZER);
    names.set(String(template.ref(part.id, part.place)), name);
  }
  return names;
}

/** Uses a placeholder for a function URI that only AWS knows, since an authorizer never fails a file. */
function tolerant({ template }: Draft, part: Resource, property: string): string | undefined {
  const before = new Map(template.foreign);
  try {
    return template.textProperty(part, property);
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  } finally {
    // The authorizer's own entry already says what is left out.
    template.foreign.clear();
    for (const [id, entry] of before) template.foreign.set(id, entry);
  }
}
