import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  CreateRestApiCommand,
  DeleteGatewayResponseCommand,
  type GatewayResponseType,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  PutGatewayResponseCommand,
  UpdateGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
let restApiId: string;
before(async () => {
  served = await serve();
});
after(() => served.close());
beforeEach(async () => {
  restApiId = (await served.client.send(new CreateRestApiCommand({ name: 'responses' }))).id ?? '';
});

const template = { 'application/json': '{"message":$context.error.messageString}' };
const get = async (responseType: GatewayResponseType) => {
  const { $metadata: _, ...response } = await served.client.send(
    new GetGatewayResponseCommand({ restApiId, responseType }),
  );
  return response;
};

test('every type has a default', async () => {
  const { items } = await served.client.send(new GetGatewayResponsesCommand({ restApiId }));
  assert.equal(items?.length, 21);
  assert.ok(items?.every((item) => item.defaultResponse));
  assert.deepEqual(await get('MISSING_AUTHENTICATION_TOKEN'), {
    responseType: 'MISSING_AUTHENTICATION_TOKEN',
    statusCode: '403',
    responseParameters: {},
    responseTemplates: template,
    defaultResponse: true,
  });
  assert.equal((await get('DEFAULT_4XX')).statusCode, undefined);
});

test('a customised response is stored and deleted', async () => {
  const responseType = 'THROTTLED';
  const responseParameters = { 'gatewayresponse.header.x': "'y'" };
  await served.client.send(new PutGatewayResponseCommand({ restApiId, responseType, responseParameters }));
  assert.deepEqual(await get(responseType), {
    responseType,
    statusCode: '429',
    responseParameters,
    responseTemplates: template,
    defaultResponse: false,
  });
  await served.client.send(new DeleteGatewayResponseCommand({ restApiId, responseType }));
  assert.equal((await get(responseType)).defaultResponse, true);
  await assert.rejects(served.client.send(new DeleteGatewayResponseCommand({ restApiId, responseType })), {
    name: 'NotFoundException',
    message: 'Gateway response type not defined on api',
  });
});

test("a family's fallback applies to its members that are not customised", async () => {
  const put = (responseType: GatewayResponseType, statusCode?: string) =>
    served.client.send(new PutGatewayResponseCommand({ restApiId, responseType, statusCode }));
  await put('DEFAULT_5XX', '599');
  await put('AUTHORIZER_FAILURE');
  assert.equal((await get('INTEGRATION_TIMEOUT')).statusCode, '599');
  assert.equal((await get('INTEGRATION_TIMEOUT')).defaultResponse, true);
  assert.equal((await get('AUTHORIZER_FAILURE')).statusCode, '500');
  assert.equal((await get('ACCESS_DENIED')).statusCode, '403');
});

test('patching customises a response; invalid patches are refused', async () => {
  const patch = (op: 'add' | 'replace', path: string, value?: string) =>
    served.client.send(
      new UpdateGatewayResponseCommand({
        restApiId,
        responseType: 'DEFAULT_4XX',
        patchOperations: [{ op, path, value }],
      }),
    );
  const patched = await patch('replace', '/statusCode', '444');
  assert.equal(patched.defaultResponse, false);
  assert.equal((await get('DEFAULT_4XX')).statusCode, '444');
  const refusals: [Parameters<typeof patch>, string][] = [
    [['add', '/statusCode', '444'], 'Invalid patch path /statusCode'],
    [['add', '/wrongPath', 'x'], 'Invalid patch path /wrongPath'],
    [['replace', '/responseParameters/gatewayresponse.header.X', "'x'"], 'Invalid parameter name specified'],
    [['replace', '/responseTemplates/application~1json'], 'Invalid null or empty value in responseTemplates'],
  ];
  for (const [input, message] of refusals) await assert.rejects(patch(...input), { message });
  await assert.rejects(get('FAKE_RESPONSE_TYPE' as GatewayResponseType), {
    name: 'ValidationException',
    message: /^1 validation error detected: Value 'FAKE_RESPONSE_TYPE' at 'responseType' failed /,
  });
});
