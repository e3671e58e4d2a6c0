import type { HttpResponse } from '../../http.ts';
import type { Integration, IntegrationResponse } from '../model.ts';
import { badRequest, notEmulated, notFound, notInEnum, violations } from './errors.ts';
import { applyPatch, entries, items, optional, readPatch, scalar } from './patch.ts';
import { type ControlState, integrationOf, methodOf, statusCodeOf } from './state.ts';
import {
  checkIntegration,
  checkIntegrationResponse,
  contentHandlings,
  integrationTypes,
  passthroughBehaviors,
} from './validation.ts';
import {
  type Call,
  empty,
  json,
  readBody,
  templateMap,
  text,
  textList,
  textMap,
  wholeNumber,
} from './wire.ts';

/** AWS's own default and the former upper limit (facts 3.9, 3.8). */
export const defaultTimeoutInMillis = 29_000;

/** Refuses an unknown one; the text is not recorded (inferred). */
export function passthroughBehavior(value: string): Integration['passthroughBehavior'] {
  const behavior = passthroughBehaviors.find((candidate) => candidate === value);
  if (behavior === undefined) {
    throw badRequest(
      `Invalid passthrough behavior specified. Valid options are ${passthroughBehaviors.join(',')}`,
    );
  }
  return behavior;
}

/** Empty and absent both mean that nothing is converted; the text is not recorded (inferred). */
export function contentHandling(value: string | undefined): Integration['contentHandling'] {
  if (value === undefined || value === '') return undefined;
  const handling = contentHandlings.find((candidate) => candidate === value);
  if (handling === undefined) {
    throw badRequest(`Invalid content handling specified. Valid options are ${contentHandlings.join(',')}`);
  }
  return handling;
}

/** Only HTTP integrations have a connection type (recorded on AWS). */
export const connectionType = (type: Integration['type']): Integration['connectionType'] =>
  type === 'HTTP' || type === 'HTTP_PROXY' ? 'INTERNET' : undefined;

export function putIntegration(state: ControlState, call: Call): HttpResponse {
  const { resource, method } = methodOf(state, call);
  const body = readBody(call);
  const given = text(body, 'type') ?? '';
  const type = integrationTypes.find((candidate) => candidate === given);
  if (type === undefined) throw violations([notInEnum(given, 'putIntegrationInput.type', integrationTypes)]);
  if (text(body, 'connectionType') === 'VPC_LINK') throw notEmulated('VPC links');
  const integration: Integration = {
    type,
    httpMethod: text(body, 'httpMethod'),
    uri: text(body, 'uri'),
    connectionType: connectionType(type),
    credentials: text(body, 'credentials'),
    requestParameters: textMap(body, 'requestParameters'),
    requestTemplates: textMap(body, 'requestTemplates'),
    passthroughBehavior: passthroughBehavior(text(body, 'passthroughBehavior') ?? 'WHEN_NO_MATCH'),
    contentHandling: contentHandling(text(body, 'contentHandling')),
    timeoutInMillis: wholeNumber(body, 'timeoutInMillis') ?? defaultTimeoutInMillis,
    cacheNamespace: text(body, 'cacheNamespace') ?? resource.id,
    cacheKeyParameters: textList(body, 'cacheKeyParameters') ?? [],
  };
  checkIntegration(method, integration, state.account);
  method.methodIntegration = integration;
  return json(201, integration);
}

export const getIntegration = (state: ControlState, call: Call) =>
  json(200, integrationOf(state, call).integration);

export function updateIntegration(state: ControlState, call: Call): HttpResponse {
  const { method, integration: stored } = integrationOf(state, call);
  const integration: Integration = { ...stored };
  applyPatch(readPatch(readBody(call), 'updateIntegrationInput'), {
    httpMethod: scalar((value) => {
      integration.httpMethod = value === '' ? undefined : value;
    }),
    uri: scalar((value) => {
      integration.uri = value;
    }),
    credentials: optional((value) => {
      integration.credentials = value === '' ? undefined : value;
    }),
    passthroughBehavior: scalar((value) => {
      integration.passthroughBehavior = passthroughBehavior(value);
    }),
    contentHandling: optional((value) => {
      integration.contentHandling = contentHandling(value);
    }),
    timeoutInMillis: scalar((value) => {
      integration.timeoutInMillis = Number(value);
    }),
    cacheNamespace: scalar((value) => {
      integration.cacheNamespace = value;
    }),
    cacheKeyParameters: items(
      () => integration.cacheKeyParameters,
      (list) => {
        integration.cacheKeyParameters = list;
      },
    ),
    requestParameters: entries(
      integration,
      'requestParameters',
      'Invalid parameter name specified',
      (value) => value ?? '',
    ),
    requestTemplates: entries(
      integration,
      'requestTemplates',
      'Content-Type specified was not found',
      (value) => value ?? '',
    ),
  });
  checkIntegration(method, integration, state.account);
  method.methodIntegration = integration;
  return json(200, integration);
}

export function deleteIntegration(state: ControlState, call: Call): HttpResponse {
  const { method } = integrationOf(state, call);
  method.methodIntegration = undefined;
  return empty(204);
}

function integrationResponseOf(state: ControlState, call: Call, missingMethod?: string) {
  const statusCode = statusCodeOf(call);
  const found = integrationOf(state, call, missingMethod);
  const response = found.integration.integrationResponses?.[statusCode];
  if (response === undefined) throw notFound('Invalid Response status code specified');
  return { ...found, response, statusCode };
}

function storeIntegrationResponse(integration: Integration, response: IntegrationResponse): void {
  integration.integrationResponses = {
    ...integration.integrationResponses,
    [response.statusCode]: response,
  };
}

export function putIntegrationResponse(state: ControlState, call: Call): HttpResponse {
  const statusCode = statusCodeOf(call);
  const { method, integration } = integrationOf(state, call);
  const body = readBody(call);
  const response: IntegrationResponse = {
    statusCode,
    selectionPattern: text(body, 'selectionPattern'),
    responseParameters: textMap(body, 'responseParameters'),
    responseTemplates: templateMap(body, 'responseTemplates'),
    contentHandling: contentHandling(text(body, 'contentHandling')),
  };
  checkIntegrationResponse(method, response);
  storeIntegrationResponse(integration, response);
  return json(201, response);
}

export const getIntegrationResponse = (state: ControlState, call: Call) =>
  json(200, integrationResponseOf(state, call).response);

export function updateIntegrationResponse(state: ControlState, call: Call): HttpResponse {
  const { method, integration, response: stored } = integrationResponseOf(state, call);
  const response: IntegrationResponse = { ...stored };
  applyPatch(readPatch(readBody(call), 'updateIntegrationResponseInput'), {
    selectionPattern: optional((value) => {
      response.selectionPattern = value;
    }),
    contentHandling: optional((value) => {
      response.contentHandling = contentHandling(value);
    }),
    responseParameters: entries(
      response,
      'responseParameters',
      'Invalid parameter name specified',
      (value) => value ?? '',
    ),
    responseTemplates: entries(
      response,
      'responseTemplates',
      'Content-Type specified was not found',
      (value) => value || null,
    ),
  });
  checkIntegrationResponse(method, response);
  storeIntegrationResponse(integration, response);
  return json(200, response);
}

/** An unknown method is named as an unknown integration here, and only here (recorded on AWS). */
export function deleteIntegrationResponse(state: ControlState, call: Call): HttpResponse {
  const missing = 'Invalid Integration identifier specified';
  const { integration, statusCode } = integrationResponseOf(state, call, missing);
  const { [statusCode]: _, ...rest } = integration.integrationResponses ?? {};
  integration.integrationResponses = Object.keys(rest).length > 0 ? rest : undefined;
  return empty(204);
}
