import type { Authorizer, Method, RestApi } from '../../model.ts';
import { authorizerTypes, defaultAuthType, storeAuthorizer } from '../authorizers.ts';
import { inEnum, violations } from '../errors.ts';
import { newId } from '../ids.ts';
import { authorizationTypes } from '../validation.ts';
import { isObject } from '../wire.ts';
import type { Attempt } from './apply.ts';
import type { DefinedMethod } from './definition.ts';
import { type Json, listAt, objectAt, textAt } from './document.ts';

export const authorizerExtension = 'x-amazon-apigateway-authorizer';
const authTypeExtension = 'x-amazon-apigateway-authtype';
const headerSource = 'method.request.header.';

/** Adds the authorizers of a file's security schemes, including those that no method uses (recorded on AWS). */
export function addAuthorizers(api: RestApi, schemes: Json, attempt: Attempt): void {
  for (const [name, scheme] of Object.entries(schemes)) {
    if (!isObject(scheme) || !isObject(scheme[authorizerExtension])) continue;
    attempt(`create authorizer '${name}'`, () => storeAuthorizer(api, read(api, name, scheme)));
  }
}

/** A merge keeps the id of an authorizer with the same name (inferred). */
function read(api: RestApi, name: string, scheme: Json): Authorizer {
  const extension = objectAt(scheme, authorizerExtension);
  const given = textAt(extension, 'type') ?? '';
  const type = authorizerTypes.find((candidate) => candidate === given.toUpperCase());
  if (type === undefined) throw violations(inEnum(given, 'createAuthorizerInput.type', authorizerTypes));
  const seconds = textAt(extension, 'authorizerResultTtlInSeconds');
  const providers = listAt(extension, 'providerARNs').map(String);
  // The scheme's header is the token's source, except for type REQUEST (recorded on AWS).
  const header = type === 'REQUEST' ? undefined : textAt(scheme, 'name');
  return {
    id: named(api, name)?.id ?? newId(),
    name,
    type,
    providerARNs: providers.length > 0 ? providers : undefined,
    authType: textAt(scheme, authTypeExtension) ?? defaultAuthType(type),
    authorizerUri: textAt(extension, 'authorizerUri'),
    authorizerCredentials: textAt(extension, 'authorizerCredentials'),
    identitySource:
      textAt(extension, 'identitySource') ?? (header === undefined ? undefined : headerSource + header),
    identityValidationExpression: textAt(extension, 'identityValidationExpression'),
    authorizerResultTtlInSeconds: seconds === undefined ? undefined : Number(seconds),
  };
}

const named = (api: RestApi, name: string): Authorizer | undefined =>
  api.authorizers.values().find((authorizer) => authorizer.name === name);

type Authorization = Pick<
  Method,
  'authorizationType' | 'authorizerId' | 'authorizationScopes' | 'apiKeyRequired'
>;

/** Schemes without an API Gateway extension only document the API, except API key schemes. */
export function authorization(api: RestApi, { security, operation }: DefinedMethod): Authorization {
  const demanded: Authorization = { authorizationType: 'NONE', apiKeyRequired: false };
  for (const { name, scheme, scopes } of security) {
    const kind = textAt(scheme, authTypeExtension)?.toLowerCase();
    if (kind === 'awssigv4') demanded.authorizationType = 'AWS_IAM';
    else if (kind !== undefined || isObject(scheme[authorizerExtension])) {
      // A scheme with an auth type but no authorizer makes the method invalid, so it is refused (inferred).
      const authorizer = named(api, name);
      demanded.authorizationType =
        authorizer?.type === 'COGNITO_USER_POOLS' ? 'COGNITO_USER_POOLS' : 'CUSTOM';
      demanded.authorizerId = authorizer?.id;
      demanded.authorizationScopes = scopes.length > 0 ? [...scopes] : undefined;
    } else if (textAt(scheme, 'name')?.toLowerCase() === 'x-api-key') demanded.apiKeyRequired = true;
  }
  const ownType = textAt(objectAt(operation, 'x-amazon-apigateway-auth'), 'type')?.toUpperCase();
  const known = authorizationTypes.find((type) => type === ownType);
  return { ...demanded, authorizationType: known ?? demanded.authorizationType };
}

/**
 * The security scheme of an authorizer in an export; `Unused` replaces the header if there is not exactly one
 * (inferred).
 */
export function writeAuthorizer(authorizer: Authorizer, isExtended: boolean): Json {
  const { id: _, name: _name, type, authType, identitySource, ...rest } = authorizer;
  const header = /^method\.request\.header\.([^,\s]+)$/.exec(identitySource ?? '')?.[1];
  const isImplied = type !== 'REQUEST' && header !== undefined;
  return {
    type: 'apiKey',
    name: header ?? 'Unused',
    in: 'header',
    [authTypeExtension]: authType,
    ...(isExtended && {
      [authorizerExtension]: {
        type: type.toLowerCase(),
        ...rest,
        identitySource: isImplied ? undefined : identitySource,
      },
    }),
  };
}
