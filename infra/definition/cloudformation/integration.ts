import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Draft, present } from './draft.ts';
import type { Resource } from './template.ts';

/** CloudFormation properties that have the same meaning and shape as a member of the OpenAPI extension. */
const MEMBERS: Readonly<Record<string, string>> = {
  Type: 'type',
  IntegrationHttpMethod: 'httpMethod',
  Uri: 'uri',
  Credentials: 'credentials',
  RequestParameters: 'requestParameters',
  RequestTemplates: 'requestTemplates',
  PassthroughBehavior: 'passthroughBehavior',
  ContentHandling: 'contentHandling',
  CacheNamespace: 'cacheNamespace',
  CacheKeyParameters: 'cacheKeyParameters',
  ConnectionType: 'connectionType',
  ConnectionId: 'connectionId',
  ResponseTransferMode: 'responseTransferMode',
};

/** Converts the integration of an `AWS::ApiGateway::Method` to x-amazon-apigateway-integration; undefined for none. */
export function integrationOf(draft: Draft, method: Resource): JsonObject | undefined {
  const integration = draft.template.property(method, 'Integration');
  if (!isObject(integration)) return undefined;
  const members = Object.fromEntries(
    Object.entries(MEMBERS).map(([property, member]) => [member, integration[property]]),
  );
  const timeout = integration.TimeoutInMillis;
  return present({
    ...members,
    timeoutInMillis: timeout === undefined ? undefined : Number(timeout),
    responses: responsesOf(draft, method, integration.IntegrationResponses),
  });
}

/** Converts the responses: OpenAPI keys them by their pattern, or `default` for none. */
function responsesOf(draft: Draft, method: Resource, responses: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(responses) || responses.length === 0) return undefined;
  const written: JsonObject = {};
  for (const response of responses.filter(isObject)) {
    const pattern = String(response.SelectionPattern || 'default');
    if (Object.hasOwn(written, pattern)) {
      // AWS accepts such a template, but does not document which of the responses it uses.
      draft.left.addPart(
        `the integration response ${response.StatusCode} of the method ${method.id}`,
        `${method.place}.Integration.IntegrationResponses`,
        `the response before it has the same pattern, ${pattern}`,
      );
      continue;
    }
    written[pattern] = present({
      statusCode: String(response.StatusCode),
      responseParameters: response.ResponseParameters,
      responseTemplates: response.ResponseTemplates,
      contentHandling: response.ContentHandling,
    });
  }
  return written;
}
