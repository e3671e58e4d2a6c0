import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  ImportRestApiCommand,
  type PatchOperation,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';

/** docs/facts/gateway.md#errors, ministack#1746: how the limits of a stage and of a usage plan affect calls. */

let now = Date.UTC(2026, 8, 15, 12);
let aws: EmbeddedAws;
let gateway: APIGatewayClient;
let restApiId: string;
before(async () => {
  aws = await startEmbeddedAws({ now: () => now });
  gateway = new APIGatewayClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: aws,
    maxAttempts: 1,
  });
  const method = (security: object[]) => ({
    security,
    responses: { 200: { description: '' } },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      responses: { default: { statusCode: '200' } },
    },
  });
  const definition = {
    swagger: '2.0',
    info: { title: 'limited', version: '1' },
    securityDefinitions: { key: { type: 'apiKey', name: 'x-api-key', in: 'header' } },
    paths: { '/open': { get: method([]), put: method([]) }, '/keyed': { get: method([{ key: [] }]) } },
  };
  const body = Buffer.from(JSON.stringify(definition));
  restApiId = (await gateway.send(new ImportRestApiCommand({ body }))).id ?? '';
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
});
after(async () => {
  gateway.destroy();
  await aws.stop();
});

async function call(method: string, path: string, headers: Record<string, string> = {}) {
  const stage = aws.executeApiUrl.replace('{restApiId}/{stage}', `${restApiId}/live`);
  const response = await fetch(`${stage}${path}`, { method, headers });
  return [response.status, response.headers.get('x-amzn-errortype'), await response.text()];
}

const SERVED = [200, null, ''];
const THROTTLED = [429, 'TooManyRequestsException', '{"message":"Too Many Requests"}'];
const USED_UP = [429, 'LimitExceededException', '{"message":"Limit Exceeded"}'];

function limit(method: string, rate: number, burst: number): Promise<unknown> {
  const patchOperations: PatchOperation[] = [
    { op: 'replace', path: `/${method}/throttling/rateLimit`, value: String(rate) },
    { op: 'replace', path: `/${method}/throttling/burstLimit`, value: String(burst) },
  ];
  return gateway.send(new UpdateStageCommand({ restApiId, stageName: 'live', patchOperations }));
}

async function keyOf(plan: object): Promise<Record<string, string>> {
  const { id: keyId = '', value = '' } = await gateway.send(new CreateApiKeyCommand({ enabled: true }));
  const apiStages = [{ apiId: restApiId, stage: 'live' }];
  const { id: usagePlanId } = await gateway.send(
    new CreateUsagePlanCommand({ name: 'p', apiStages, ...plan }),
  );
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return { 'x-api-key': value };
}

test('a stage whose throttle is 0/0 refuses every call; a method may have its own', async () => {
  assert.deepEqual(await call('GET', '/open'), SERVED);
  await limit('*/*', 0, 0);
  assert.deepEqual(await call('GET', '/open'), THROTTLED);
  await limit('~1open/GET', 10, 1);
  assert.deepEqual(await call('PUT', '/open'), THROTTLED);
  now += 100;
  assert.deepEqual(await call('GET', '/open'), SERVED);
  assert.deepEqual(await call('GET', '/open'), THROTTLED);
  now += 100;
  assert.deepEqual(await call('GET', '/open'), SERVED);
  await limit('*/*', 10_000, 5_000);
});

test('a quota of one a day: the second call is Limit Exceeded until the next day', async () => {
  const headers = await keyOf({ quota: { limit: 1, period: 'DAY' } });
  assert.deepEqual(await call('GET', '/keyed', headers), SERVED);
  assert.deepEqual(await call('GET', '/keyed', headers), USED_UP);
  now += 86_400_000;
  assert.deepEqual(await call('GET', '/keyed', headers), SERVED);
});

test('a plan throttles its keys, and single methods of a stage', async () => {
  const headers = await keyOf({ throttle: { rateLimit: 1, burstLimit: 1 } });
  assert.deepEqual(await call('GET', '/keyed', headers), SERVED);
  assert.deepEqual(await call('GET', '/keyed', headers), THROTTLED);
  const throttle = { '/keyed/GET': { rateLimit: 0, burstLimit: 0 } };
  const other = await keyOf({ apiStages: [{ apiId: restApiId, stage: 'live', throttle }] });
  assert.deepEqual(await call('GET', '/keyed', other), THROTTLED);
});
