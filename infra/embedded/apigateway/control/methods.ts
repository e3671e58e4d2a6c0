import type { HttpResponse } from '../../http.ts';
import type { Method, MethodResponse } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { applyPatch, entries, readPatch, scalar } from './patch.ts';
import { type ControlState, methodOf, resourceOf, statusCodeOf, statusCodeViolations } from './state.ts';
import { authorizationTypes, checkHttpMethod, checkMethod, checkMethodResponse } from './validation.ts';
import { type Call, empty, flag, flagMap, json, param, readBody, text, textList, textMap } from './wire.ts';

/** In any case: `none` is accepted (recorded on AWS). The answer is in upper case (inferred). */
function authorizationType(value: string | undefined): Method['authorizationType'] {
  const type = authorizationTypes.find((candidate) => candidate === value?.toUpperCase());
  // The message is not recorded (inferred).
  if (type === undefined) {
    throw badRequest(
      `Invalid authorization type specified. Valid options are ${authorizationTypes.join(',')}`,
    );
  }
  return type;
}

/** A method whose type needs no authorizer ignores one that is given (recorded on AWS for UpdateMethod). */
function dropIdleAuthorizer(method: Method): void {
  if (method.authorizationType === 'CUSTOM' || method.authorizationType === 'COGNITO_USER_POOLS') return;
  method.authorizerId = undefined;
  method.authorizationScopes = undefined;
}

export function putMethod(state: ControlState, call: Call): HttpResponse {
  const { api, resource } = resourceOf(state, call);
  const httpMethod = param(call, 'httpMethod');
  checkHttpMethod(httpMethod);
  if (resource.resourceMethods?.[httpMethod] !== undefined) {
    throw conflict('Method already exists for this resource');
  }
  const body = readBody(call);
  const method: Method = {
    httpMethod,
    authorizationType: authorizationType(text(body, 'authorizationType')),
    authorizerId: text(body, 'authorizerId'),
    authorizationScopes: textList(body, 'authorizationScopes'),
    apiKeyRequired: flag(body, 'apiKeyRequired') ?? false,
    operationName: text(body, 'operationName'),
    requestParameters: flagMap(body, 'requestParameters'),
    requestModels: textMap(body, 'requestModels'),
    requestValidatorId: text(body, 'requestValidatorId'),
  };
  checkMethod(api, method);
  dropIdleAuthorizer(method);
  resource.resourceMethods = { ...resource.resourceMethods, [httpMethod]: method };
  return json(201, method);
}

export const getMethod = (state: ControlState, call: Call) => json(200, methodOf(state, call).method);

export function updateMethod(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateMethodInput');
  const { api, resource, method: stored } = methodOf(state, call);
  const method: Method = { ...stored };
  applyPatch(patch, {
    authorizationType: scalar((value) => {
      method.authorizationType = authorizationType(value);
    }),
    authorizerId: scalar((value) => {
      method.authorizerId = value;
    }),
    authorizationScopes: {
      keyed: false,
      ops: ['add', 'remove', 'replace'],
      apply({ op, value = '' }) {
        const others = op === 'replace' ? [] : (method.authorizationScopes ?? []).filter((s) => s !== value);
        const scopes = op === 'remove' ? others : [...others, ...value.split(',')];
        method.authorizationScopes = scopes.length > 0 ? scopes : undefined;
      },
    },
    apiKeyRequired: scalar((value) => {
      method.apiKeyRequired = value.toLowerCase() === 'true';
    }),
    operationName: scalar((value) => {
      method.operationName = value;
    }),
    requestValidatorId: scalar((value) => {
      method.requestValidatorId = value === '' ? undefined : value;
    }),
    requestParameters: entries(
      method,
      'requestParameters',
      'Invalid parameter name specified',
      (value) => value?.toLowerCase() === 'true',
    ),
    requestModels: entries(
      method,
      'requestModels',
      'Content-Type specified was not found',
      (value) => value ?? '',
    ),
  });
  checkMethod(api, method);
  dropIdleAuthorizer(method);
  resource.resourceMethods = { ...resource.resourceMethods, [method.httpMethod]: method };
  return json(200, method);
}

export function deleteMethod(state: ControlState, call: Call): HttpResponse {
  const { resource, method } = methodOf(state, call);
  const { [method.httpMethod]: _, ...rest } = resource.resourceMethods ?? {};
  if (Object.keys(rest).length > 0) resource.resourceMethods = rest;
  else delete resource.resourceMethods;
  return empty(204);
}

function methodResponseOf(state: ControlState, call: Call) {
  const statusCode = statusCodeOf(call);
  const found = methodOf(state, call);
  const response = found.method.methodResponses?.[statusCode];
  if (response === undefined) throw notFound('Invalid Response status code specified');
  return { ...found, response, statusCode };
}

function storeMethodResponse(method: Method, response: MethodResponse): HttpResponse {
  method.methodResponses = { ...method.methodResponses, [response.statusCode]: response };
  return json(201, response);
}

export function putMethodResponse(state: ControlState, call: Call): HttpResponse {
  const statusCode = statusCodeOf(call);
  const { api, method } = methodOf(state, call);
  if (method.methodResponses?.[statusCode] !== undefined) {
    throw conflict('Response already exists for this resource');
  }
  const body = readBody(call);
  const response: MethodResponse = {
    statusCode,
    responseParameters: flagMap(body, 'responseParameters'),
    responseModels: textMap(body, 'responseModels'),
  };
  checkMethodResponse(api, response);
  return storeMethodResponse(method, response);
}

export const getMethodResponse = (state: ControlState, call: Call) =>
  json(200, methodResponseOf(state, call).response);

/** Answers 201, unlike every other update (recorded on AWS). */
export function updateMethodResponse(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateMethodResponseInput', statusCodeViolations(call));
  const { api, method, response: stored } = methodResponseOf(state, call);
  const response: MethodResponse = { ...stored };
  applyPatch(patch, {
    responseParameters: entries(
      response,
      'responseParameters',
      'Invalid parameter name specified',
      (value) => value?.toLowerCase() === 'true',
    ),
    responseModels: entries(
      response,
      'responseModels',
      'Content-Type specified was not found',
      (value) => value ?? '',
    ),
  });
  checkMethodResponse(api, response);
  return storeMethodResponse(method, response);
}

export function deleteMethodResponse(state: ControlState, call: Call): HttpResponse {
  const { method, statusCode } = methodResponseOf(state, call);
  const { [statusCode]: _, ...rest } = method.methodResponses ?? {};
  method.methodResponses = Object.keys(rest).length > 0 ? rest : undefined;
  return empty(204);
}
