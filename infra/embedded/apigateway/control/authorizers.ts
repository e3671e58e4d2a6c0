import type { HttpResponse } from '../../http.ts';
import type { Authorizer, AuthorizerType, RestApi } from '../model.ts';
import { badRequest, checkAll, conflict, inEnum, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { applyPatch, type Field, optional, readPatch, scalar } from './patch.ts';
import { type ControlState, restApiOf } from './state.ts';
import { type Call, empty, json, page, param, readBody, text, textList, wholeNumber } from './wire.ts';

/** The order in which the service prints them is inferred. */
export const authorizerTypes = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'] as const;

const typeOf = (name: string | undefined) => authorizerTypes.find((type) => type === name);

/** The default `authType`, as an import names it (recorded on AWS). */
export const defaultAuthType = (type: AuthorizerType) =>
  type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom';

/** Adds an authorizer to an API; botocore documents what each type requires; the messages are inferred. */
export function storeAuthorizer(api: RestApi, authorizer: Authorizer): Authorizer {
  checkAuthorizer(authorizer);
  api.authorizers.set(authorizer.id, authorizer);
  return authorizer;
}

function checkAuthorizer({ name, type, ...authorizer }: Authorizer): void {
  if (name === '') throw badRequest('Authorizer name must be non-empty');
  const { authorizerResultTtlInSeconds: seconds = 0 } = authorizer;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 3_600) {
    throw badRequest('Authorizer result TTL must be between 0 and 3600 seconds');
  }
  if (type === 'COGNITO_USER_POOLS') {
    if (!authorizer.providerARNs?.length) {
      throw badRequest('Provider ARNs must be specified for COGNITO_USER_POOLS authorizers');
    }
  } else if (!authorizer.authorizerUri) {
    throw badRequest(`Authorizer URI must be specified for ${type} authorizers`);
  }
  if (type === 'TOKEN' && !authorizer.identitySource) {
    throw badRequest('Identity source must be specified for TOKEN authorizers');
  }
}

/** Only here is an unknown API answered as a conflict (recorded on AWS). */
export function createAuthorizer(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  checkAll(inEnum(text(body, 'type') ?? 'null', 'createAuthorizerInput.type', authorizerTypes));
  const api = state.restApis.get(param(call, 'restApiId'));
  if (api === undefined) {
    throw conflict('Unable to complete operation due to concurrent modification. Please try again later.');
  }
  const type = typeOf(text(body, 'type')) ?? 'TOKEN';
  const authorizer = storeAuthorizer(api, {
    id: newId(),
    name: text(body, 'name') ?? '',
    type,
    providerARNs: textList(body, 'providerARNs'),
    authType: text(body, 'authType') ?? defaultAuthType(type),
    authorizerUri: text(body, 'authorizerUri'),
    authorizerCredentials: text(body, 'authorizerCredentials'),
    identitySource: text(body, 'identitySource'),
    identityValidationExpression: text(body, 'identityValidationExpression'),
    authorizerResultTtlInSeconds: wholeNumber(body, 'authorizerResultTtlInSeconds'),
  });
  return json(201, authorizer);
}

/** An unknown API is reported as an unknown authorizer, as for models and validators (inferred). */
function authorizerOf(state: ControlState, call: Call) {
  const api = state.restApis.get(param(call, 'restApiId'));
  const authorizer = api?.authorizers.get(param(call, 'authorizerId'));
  if (api === undefined || authorizer === undefined) {
    throw notFound('Invalid Authorizer identifier specified');
  }
  return { api, authorizer };
}

export const getAuthorizer = (state: ControlState, call: Call) =>
  json(200, authorizerOf(state, call).authorizer);

export const getAuthorizers = (state: ControlState, call: Call) =>
  page(call, [...restApiOf(state, call).authorizers.values()]);

export function updateAuthorizer(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateAuthorizerInput');
  const { api, authorizer: stored } = authorizerOf(state, call);
  const authorizer: Authorizer = { ...stored };
  applyPatch(patch, {
    name: scalar((value) => {
      authorizer.name = value;
    }),
    type: scalar((value) => {
      const type = typeOf(value);
      if (type === undefined) throw badRequest('Invalid authorizer type specified');
      authorizer.type = type;
    }),
    providerARNs: providers(authorizer),
    authType: optionalText(authorizer, 'authType'),
    authorizerUri: optionalText(authorizer, 'authorizerUri'),
    authorizerCredentials: optionalText(authorizer, 'authorizerCredentials'),
    identitySource: optionalText(authorizer, 'identitySource'),
    identityValidationExpression: optionalText(authorizer, 'identityValidationExpression'),
    authorizerResultTtlInSeconds: optional((value) => {
      authorizer.authorizerResultTtlInSeconds = value ? Number(value) : undefined;
    }),
  });
  return json(200, storeAuthorizer(api, authorizer));
}

type TextMember =
  | 'authType'
  | 'authorizerUri'
  | 'authorizerCredentials'
  | 'identitySource'
  | 'identityValidationExpression';

const optionalText = (authorizer: Authorizer, member: TextMember) =>
  optional((value) => {
    authorizer[member] = value || undefined;
  });

/** Pools are added and removed by ARN; the ARN is the patch's value. */
const providers = (authorizer: Authorizer): Field => ({
  keyed: false,
  ops: ['add', 'remove', 'replace'],
  apply({ op, value = '' }) {
    const others =
      op === 'replace' ? [] : (authorizer.providerARNs ?? []).filter((provider) => provider !== value);
    authorizer.providerARNs = op === 'remove' ? others : [...others, value];
  },
});

export function deleteAuthorizer(state: ControlState, call: Call): HttpResponse {
  const { api, authorizer } = authorizerOf(state, call);
  for (const { path, resourceMethods } of api.resources.values()) {
    for (const method of Object.values(resourceMethods ?? {})) {
      // The message is that for a model in use (inferred).
      if (method.authorizerId === authorizer.id) {
        throw conflict(
          `Cannot delete authorizer '${authorizer.name}', is referenced in method: ${path}/${method.httpMethod}`,
        );
      }
    }
  }
  api.authorizers.delete(authorizer.id);
  return empty(202);
}
