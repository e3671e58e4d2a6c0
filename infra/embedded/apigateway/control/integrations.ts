import type { HttpResponse } from '../../http.ts';
import type { Integration, IntegrationResponse } from '../model.ts';
import { badRequest, checkAll, inEnum, notEmulated, notFound } from './errors.ts';
import { applyPatch, entries, items, optional, readPatch, scalar } from './patch.ts';
import { type ControlState, integrationOf, methodOf, statusCodeOf, statusCodeViolations } from './state.ts';
import {
  checkIntegration,
  checkIntegrationResponse,
  connectionTypes,
  contentHandlings,
  integrationTypes,
  passthroughBehaviors,
  transferModes,
} from './validation.ts';
import {
  type Body,
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

/** AWS's default, which was once also the upper limit (docs/facts/gateway.md#import, docs/facts/gateway.md#limits). */
export const defaultTimeoutInMillis = 29_000;

/** Refuses an unknown value; the message is not recorded (inferred). */
export function passthroughBehavior(value: string): Integration['passthroughBehavior'] {
  const behavior = passthroughBehaviors.find((candidate) => candidate === value);
  if (behavior === undefined) {
    throw badRequest(
      `Invalid passthrough behavior specified. Valid options are ${passthroughBehaviors.join(',')}`,
    );
  }
  return behavior;
}

/** An empty or absent value means no conversion; the message is not recorded (inferred). */
export function contentHandling(value: string | undefined): Integration['contentHandling'] {
  if (value === undefined || value === '') return undefined;
  const handling = contentHandlings.find((candidate) => candidate === value);
  if (handling === undefined) {
    throw badRequest(`Invalid content handling specified. Valid options are ${contentHandlings.join(',')}`);
  }
  return handling;
}

/** Absent if not given, as in AWS's older recordings; the message is not recorded (inferred). */
export function responseTransferMode(value: string | undefined): Integration['responseTransferMode'] {
  if (value === undefined) return undefined;
  const mode = transferModes.find((candidate) => candidate === value);
  if (mode === undefined) {
    throw badRequest(
      `Invalid response transfer mode specified. Valid options are ${transferModes.join(',')}`,
    );
  }
  return mode;
}

/** A MOCK integration ignores any backend that it is given (recorded on AWS). */
export const withoutBackend = (integration: Integration): Integration =>
  integration.type === 'MOCK' ? { ...integration, httpMethod: undefined, uri: undefined } : integration;

/** Only HTTP integrations have a connection type (recorded on AWS). */
export const connectionType = (type: Integration['type']): Integration['connectionType'] =>
  type === 'HTTP' || type === 'HTTP_PROXY' ? 'INTERNET' : undefined;

/** Violations of the service's model are reported before unknown ids (recorded on AWS). */
function checkEnums(body: Body): void {
  const input = 'putIntegrationInput';
  checkAll([
    ...inEnum(text(body, 'type') ?? 'null', `${input}.type`, integrationTypes),
    ...inEnum(text(body, 'connectionType'), `${input}.connectionType`, connectionTypes),
    ...inEnum(text(body, 'contentHandling') || undefined, `${input}.contentHandling`, contentHandlings),
    ...inEnum(text(body, 'responseTransferMode'), `${input}.responseTransferMode`, transferModes),
  ]);
}

export function putIntegration(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  checkEnums(body);
  const { resource, method } = methodOf(state, call);
  if (text(body, 'connectionType') === 'VPC_LINK') throw notEmulated('VPC links');
  const type = integrationTypes.find((candidate) => candidate === text(body, 'type')) ?? 'MOCK';
  const integration = withoutBackend({
    type,
    httpMethod: text(body, 'httpMethod'),
    uri: text(body, 'uri'),
    connectionType: connectionType(type),
    // Empty values are accepted and count as absent (recorded on AWS; that they are not shown is inferred).
    credentials: text(body, 'credentials') || undefined,
    requestParameters: textMap(body, 'requestParameters'),
    requestTemplates: textMap(body, 'requestTemplates'),
    passthroughBehavior: passthroughBehavior(text(body, 'passthroughBehavior') ?? 'WHEN_NO_MATCH'),
    contentHandling: contentHandling(text(body, 'contentHandling')),
    responseTransferMode: responseTransferMode(text(body, 'responseTransferMode')),
    timeoutInMillis: wholeNumber(body, 'timeoutInMillis') ?? defaultTimeoutInMillis,
    cacheNamespace: text(body, 'cacheNamespace') ?? resource.id,
    cacheKeyParameters: textList(body, 'cacheKeyParameters') ?? [],
  });
  checkIntegration(method, integration, state.account);
  method.methodIntegration = integration;
  return json(201, integration);
}

export const getIntegration = (state: ControlState, call: Call) =>
  json(200, integrationOf(state, call).integration);

export function updateIntegration(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateIntegrationInput');
  const { method, integration: stored } = integrationOf(state, call);
  const integration: Integration = { ...stored };
  applyPatch(patch, {
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
    responseTransferMode: scalar((value) => {
      integration.responseTransferMode = responseTransferMode(value);
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
  method.methodIntegration = withoutBackend(integration);
  return json(200, method.methodIntegration);
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
  const body = readBody(call);
  const input = 'putIntegrationResponseInput';
  const handling = text(body, 'contentHandling') || undefined;
  checkAll([
    ...inEnum(handling, `${input}.contentHandling`, contentHandlings),
    ...statusCodeViolations(call),
  ]);
  const statusCode = statusCodeOf(call);
  const { method, integration } = integrationOf(state, call);
  const response: IntegrationResponse = {
    statusCode,
    selectionPattern: text(body, 'selectionPattern'),
    responseParameters: textMap(body, 'responseParameters'),
    responseTemplates: templateMap(body, 'responseTemplates'),
    contentHandling: contentHandling(handling),
  };
  checkIntegrationResponse(method, response);
  storeIntegrationResponse(integration, response);
  return json(201, response);
}

export const getIntegrationResponse = (state: ControlState, call: Call) =>
  json(200, integrationResponseOf(state, call).response);

export function updateIntegrationResponse(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateIntegrationResponseInput', statusCodeViolations(call));
  const { method, integration, response: stored } = integrationResponseOf(state, call);
  const response: IntegrationResponse = { ...stored };
  applyPatch(patch, {
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

/** Only here is an unknown method reported as an unknown integration (recorded on AWS). */
export function deleteIntegrationResponse(state: ControlState, call: Call): HttpResponse {
  const missing = 'Invalid Integration identifier specified';
  const { integration, statusCode } = integrationResponseOf(state, call, missing);
  const { [statusCode]: _, ...rest } = integration.integrationResponses ?? {};
  integration.integrationResponses = Object.keys(rest).length > 0 ? rest : undefined;
  return empty(204);
}
