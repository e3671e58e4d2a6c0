import * as gateway from '@aws-sdk/client-api-gateway';
import { type Attack, arnOf, document, type Fixture, tags } from './fixture.ts';

/** Attacks on API Gateway other than on APIs of others. */
export function aroundApis({ runner, ownApi, ownResource }: Fixture): Attack[] {
  const send = runner.apiGateway.send.bind(runner.apiGateway) as (command: unknown) => Promise<unknown>;
  const restApiId = ownApi;
  const role = arnOf('other-user');
  const lookalike = arnOf('kpc-0123abcd-admin');
  const method = { restApiId, resourceId: ownResource, httpMethod: 'GET' };
  const integration = (credentials: string) => ({
    ...method,
    type: 'AWS' as const,
    integrationHttpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
    credentials,
  });
  const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
  return [
    ['an API without the tag', () => send(new gateway.CreateRestApiCommand({ name: 'mine' }))],
    [
      "an API with others' tags too",
      () => send(new gateway.CreateRestApiCommand({ name: 'mine', tags: { ...tags, owner: 'other-user' } })),
    ],
    ['an API by import', () => send(new gateway.ImportRestApiCommand({ body: document() }))],
    [
      'its own API renamed',
      () =>
        send(
          new gateway.UpdateRestApiCommand({
            restApiId,
            patchOperations: [{ op: 'replace', path: '/name', value: 'other' }],
          }),
        ),
    ],
    ['its own API with new tags', () => send(new gateway.TagResourceCommand({ resourceArn, tags }))],
    [
      'the tag taken off its own API',
      () => send(new gateway.UntagResourceCommand({ resourceArn, tagKeys: Object.keys(tags) })),
    ],
    [
      "another user's role in an integration",
      () => send(new gateway.PutIntegrationCommand(integration(role))),
    ],
    [
      "another user's role with the suite's name in an integration",
      () => send(new gateway.PutIntegrationCommand(integration(lookalike))),
    ],
    [
      "another user's role in a definition",
      () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body: document(role) })),
    ],
    [
      "another user's role in an authorizer",
      () =>
        send(
          new gateway.CreateAuthorizerCommand({
            restApiId,
            name: 'a',
            type: 'TOKEN',
            authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations',
            identitySource: 'method.request.header.A',
            authorizerCredentials: role,
          }),
        ),
    ],
    ['the settings of the account read', () => send(new gateway.GetAccountCommand({}))],
    ['an API key', () => send(new gateway.CreateApiKeyCommand({ name: 'k', tags }))],
    ['API keys listed', () => send(new gateway.GetApiKeysCommand({ includeValues: true }))],
    ['a usage plan', () => send(new gateway.CreateUsagePlanCommand({ name: 'p', tags }))],
  ];
}
