import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Draft, present } from './draft.ts';
import type { Resource } from './template.ts';

/** Property of CloudFormation to member of the extension; those of the same meaning and shape. */
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

/** The integration of an `AWS::ApiGateway::Method` as x-amazon-apigateway-integration has it; undefined for none. */
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

/** OpenAPI tells responses apart by their pattern, `default` where there is none. */
function responsesOf(draft: Draft, method: Resource, responses: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(responses) || responses.length === 0) return undefined;
  const written: JsonObject = {};
  for (const response of responses.filter(isObject)) {
    const pattern = String(response.SelectionPattern || 'default');
    if (Object.hasOwn(written, pattern)) {
      // AWS takes such a template; which of the responses it then uses is not documented.
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
