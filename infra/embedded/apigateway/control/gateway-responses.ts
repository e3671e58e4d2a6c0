import type { HttpResponse } from '../../http.ts';
import type { GatewayResponse, RestApi } from '../model.ts';
import { badRequest, notFound, notInEnum, violations } from './errors.ts';
import { applyPatch, entries, readPatch } from './patch.ts';
import { type ControlState, restApiOf } from './state.ts';
import { type Call, empty, json, page, param, readBody, text, textMap } from './wire.ts';

/** Every type with its status; the two fallbacks have no status (docs/facts/gateway.md#errors). */
const defaultStatus = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
} as const;
type ResponseType = keyof typeof defaultStatus;

/** In the order in which the service lists them when it refuses an unknown type (recorded on AWS). */
const enumOrder =
  'REQUEST_TOO_LARGE RESOURCE_NOT_FOUND AUTHORIZER_CONFIGURATION_ERROR MISSING_AUTHENTICATION_TOKEN BAD_REQUEST_BODY INVALID_SIGNATURE INVALID_API_KEY BAD_REQUEST_PARAMETERS AUTHORIZER_FAILURE UNAUTHORIZED INTEGRATION_TIMEOUT ACCESS_DENIED DEFAULT_4XX DEFAULT_5XX WAF_FILTERED QUOTA_EXCEEDED THROTTLED API_CONFIGURATION_ERROR UNSUPPORTED_MEDIA_TYPE INTEGRATION_FAILURE EXPIRED_TOKEN'.split(
    ' ',
  );
const types = Object.keys(defaultStatus) as ResponseType[];

export function responseTypeOf(name: string): ResponseType {
  const type = types.find((candidate) => candidate === name);
  if (type === undefined) throw violations([notInEnum(name, 'responseType', enumOrder)]);
  return type;
}

const defaultTemplates = () => ({ 'application/json': '{"message":$context.error.messageString}' });

/**
 * The effective response for a type: the customised one, else that of the DEFAULT_4XX or DEFAULT_5XX fallback
 * (recorded on AWS).
 */
function effective(api: RestApi, type: ResponseType): GatewayResponse {
  const own = api.gatewayResponses.get(type);
  if (own !== undefined) return own;
  const family = defaultStatus[type]?.startsWith('5') ? 'DEFAULT_5XX' : 'DEFAULT_4XX';
  const fallback = type.startsWith('DEFAULT_') ? undefined : api.gatewayResponses.get(family);
  return {
    responseType: type,
    statusCode: fallback?.statusCode ?? defaultStatus[type],
    responseParameters: fallback?.responseParameters ?? {},
    responseTemplates: fallback?.responseTemplates ?? defaultTemplates(),
    defaultResponse: true,
  };
}

/** Stores a customised response; a missing member gets the default, never the fallback's value (recorded). */
export function customise(
  api: RestApi,
  name: string,
  given: Partial<Pick<GatewayResponse, 'statusCode' | 'responseParameters' | 'responseTemplates'>>,
): GatewayResponse {
  const type = responseTypeOf(name);
  const response: GatewayResponse = {
    responseType: type,
    statusCode: given.statusCode ?? defaultStatus[type],
    responseParameters: given.responseParameters ?? {},
    responseTemplates: given.responseTemplates ?? defaultTemplates(),
    defaultResponse: false,
  };
  api.gatewayResponses.set(type, response);
  return response;
}

function gatewayResponseOf(state: ControlState, call: Call) {
  const type = responseTypeOf(param(call, 'responseType'));
  return { type, api: restApiOf(state, call) };
}

export function putGatewayResponse(state: ControlState, call: Call): HttpResponse {
  const { api, type } = gatewayResponseOf(state, call);
  const body = readBody(call);
  const response = customise(api, type, {
    statusCode: text(body, 'statusCode'),
    responseParameters: textMap(body, 'responseParameters'),
    responseTemplates: textMap(body, 'responseTemplates'),
  });
  return json(201, response);
}

export function getGatewayResponse(state: ControlState, call: Call): HttpResponse {
  const { api, type } = gatewayResponseOf(state, call);
  return json(200, effective(api, type));
}

export function getGatewayResponses(state: ControlState, call: Call): HttpResponse {
  const api = restApiOf(state, call);
  return page(
    call,
    types.map((type) => effective(api, type)),
  );
}

type Draft = Omit<GatewayResponse, 'responseParameters' | 'responseTemplates'> &
  Partial<Pick<GatewayResponse, 'responseParameters' | 'responseTemplates'>>;

/** Patching a default response makes it a customised one (recorded on AWS). */
export function updateGatewayResponse(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateGatewayResponseInput');
  const { api, type } = gatewayResponseOf(state, call);
  const draft: Draft = structuredClone(effective(api, type));
  const nonEmpty = (map: string) => (value: string | undefined) => {
    if (value === undefined || value === '') throw badRequest(`Invalid null or empty value in ${map}`);
    return value;
  };
  applyPatch(patch, {
    responseParameters: entries(
      draft,
      'responseParameters',
      'Invalid parameter name specified',
      nonEmpty('responseParameters'),
    ),
    responseTemplates: entries(
      draft,
      'responseTemplates',
      'Content-Type specified was not found',
      nonEmpty('responseTemplates'),
    ),
    statusCode: {
      keyed: false,
      ops: ['add', 'remove', 'replace'],
      apply({ op, path, value }) {
        // AWS refuses other operations as an invalid path here (recorded).
        if (op !== 'replace') throw badRequest(`Invalid patch path ${path}`);
        draft.statusCode = value;
      },
    },
  });
  const { responseParameters = {}, responseTemplates = {}, ...rest } = draft;
  const response = { ...rest, responseParameters, responseTemplates, defaultResponse: false };
  api.gatewayResponses.set(type, response);
  return json(200, response);
}

export function deleteGatewayResponse(state: ControlState, call: Call): HttpResponse {
  const { api, type } = gatewayResponseOf(state, call);
  if (!api.gatewayResponses.delete(type)) throw notFound('Gateway response type not defined on api');
  return empty(202);
}
