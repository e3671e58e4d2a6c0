import type { Integration, IntegrationResponse, Resource } from '../../model.ts';
import { notEmulated, notInEnum, violations } from '../errors.ts';
import {
  connectionType,
  contentHandling,
  defaultTimeoutInMillis,
  passthroughBehavior,
  responseTransferMode,
  withoutBackend,
} from '../integrations.ts';
import { integrationTypes } from '../validation.ts';
import { isObject } from '../wire.ts';
import { type Json, listAt, objectAt, textAt } from './document.ts';

export const integrationExtension = 'x-amazon-apigateway-integration';

export interface ReadIntegration {
  readonly integration: Integration;
  readonly responses: readonly IntegrationResponse[];
  readonly warnings: readonly string[];
}

/** Reads the extension of the method that `resource` and `httpMethod` identify. Values are case-insensitive. */
export function readIntegration(extension: Json, resource: Resource, httpMethod: string): ReadIntegration {
  const given = textAt(extension, 'type') ?? '';
  const type = integrationTypes.find((candidate) => candidate === given.toUpperCase());
  if (type === undefined) throw violations([notInEnum(given, 'putIntegrationInput.type', integrationTypes)]);
  if (textAt(extension, 'connectionType')?.toUpperCase() === 'VPC_LINK') throw notEmulated('VPC links');
  const parameters = textEntries(objectAt(extension, 'requestParameters'));
  const integration = withoutBackend({
    type,
    httpMethod: textAt(extension, 'httpMethod')?.toUpperCase(),
    uri: textAt(extension, 'uri'),
    connectionType: connectionType(type),
    credentials: textAt(extension, 'credentials') || undefined,
    requestParameters: whenFilled(parameters.texts),
    requestTemplates: whenFilled(templates(extension, 'requestTemplates')),
    passthroughBehavior: passthroughBehavior(
      textAt(extension, 'passthroughBehavior')?.toUpperCase() ?? 'WHEN_NO_MATCH',
    ),
    contentHandling: contentHandling(textAt(extension, 'contentHandling')?.toUpperCase()),
    responseTransferMode: responseTransferMode(textAt(extension, 'responseTransferMode')?.toUpperCase()),
    timeoutInMillis: Number(textAt(extension, 'timeoutInMillis') ?? defaultTimeoutInMillis),
    cacheNamespace: textAt(extension, 'cacheNamespace') ?? resource.id,
    cacheKeyParameters: listAt(extension, 'cacheKeyParameters').map(String),
  });
  return {
    integration,
    responses: Object.entries(objectAt(extension, 'responses')).map(readResponse),
    warnings: parameters.others.map(
      ([name, value]) =>
        `Invalid format for 'requestParameters'. Expected type string for property '${name}' of resource '${resource.path}' and method '${httpMethod}' but got '${value}'`,
    ),
  };
}

/**
 * The key is the selection pattern; `default` means no pattern (docs/facts/gateway.md#choice-of-the-response,
 * docs/facts/gateway.md#import).
 */
function readResponse([pattern, value]: [string, unknown]): IntegrationResponse {
  const response = isObject(value) ? value : {};
  return {
    statusCode: textAt(response, 'statusCode') ?? '200',
    selectionPattern: pattern === 'default' ? undefined : pattern,
    responseParameters: whenFilled(textEntries(objectAt(response, 'responseParameters')).texts),
    responseTemplates: whenFilled(templates(response, 'responseTemplates')),
    contentHandling: contentHandling(textAt(response, 'contentHandling')?.toUpperCase()),
  };
}

function textEntries(map: Json): { texts: Record<string, string>; others: [string, unknown][] } {
  const texts: Record<string, string> = {};
  const others: [string, unknown][] = [];
  for (const [name, value] of Object.entries(map)) {
    if (typeof value === 'string') texts[name] = value;
    else others.push([name, value]);
  }
  return { texts, others };
}

const templates = (node: Json, key: string): Record<string, string> => textEntries(objectAt(node, key)).texts;

const whenFilled = <T extends object>(map: T): T | undefined =>
  Object.keys(map).length > 0 ? map : undefined;

/** The extension as AWS exports it: lower-case values, without defaults (recorded). */
export function writeIntegration(integration: Integration, resource: Resource): Json {
  const { type, passthroughBehavior: behavior, timeoutInMillis, cacheNamespace } = integration;
  const responses = Object.values(integration.integrationResponses ?? {}).map(
    ({ selectionPattern, ...response }) => [selectionPattern || 'default', response],
  );
  return {
    type: type.toLowerCase(),
    credentials: integration.credentials,
    httpMethod: integration.httpMethod,
    uri: integration.uri,
    responses: responses.length > 0 ? Object.fromEntries(responses) : undefined,
    requestParameters: integration.requestParameters,
    requestTemplates: integration.requestTemplates,
    passthroughBehavior: behavior.toLowerCase(),
    contentHandling: integration.contentHandling,
    responseTransferMode: integration.responseTransferMode,
    timeoutInMillis: timeoutInMillis === defaultTimeoutInMillis ? undefined : timeoutInMillis,
    cacheNamespace: cacheNamespace === resource.id ? undefined : cacheNamespace,
    cacheKeyParameters:
      integration.cacheKeyParameters.length > 0 ? integration.cacheKeyParameters : undefined,
  };
}
