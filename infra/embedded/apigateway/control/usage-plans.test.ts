import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetTagsCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlansCommand,
  type PatchOperation,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
let apiId: string;
before(async () => {
  served = await serve();
  const { id = '', rootResourceId } = await served.client.send(new CreateRestApiCommand({ name: 'planned' }));
  const at = { restApiId: id, resourceId: rootResourceId, httpMethod: 'GET' };
  await served.client.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await served.client.send(new PutIntegrationCommand({ ...at, type: 'MOCK' }));
  await served.client.send(new CreateDeploymentCommand({ restApiId: id, stageName: 'test' }));
  apiId = id;
});
after(() => served.close());

const create = async (input: Partial<CreateUsagePlanCommand['input']> = {}) =>
  (await served.client.send(new CreateUsagePlanCommand({ name: 'plan', ...input }))).id ?? '';
const update = (usagePlanId: string, ...patchOperations: PatchOperation[]) =>
  served.client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));

test("a plan accepts Terraform's patches", async () => {
  const id = await create();
  const stage = `${apiId}:test`;
  const filled = await update(
    id,
    { op: 'replace', path: '/name', value: 'renamed' },
    { op: 'replace', path: '/description', value: 'for all' },
    { op: 'add', path: '/productCode', value: 'P1' },
    { op: 'add', path: '/apiStages', value: stage },
    { op: 'replace', path: `/apiStages/${stage}/throttle/~1streams/GET/rateLimit`, value: '5' },
    { op: 'replace', path: `/apiStages/${stage}/throttle/~1streams/GET/burstLimit`, value: '6' },
    { op: 'add', path: '/throttle/rateLimit', value: '0.5' },
    { op: 'add', path: '/quota/limit', value: '10' },
    { op: 'add', path: '/quota/offset', value: '2' },
    { op: 'add', path: '/quota/period', value: 'WEEK' },
  );
  assert.deepEqual(
    [filled.name, filled.description, filled.productCode, filled.throttle, filled.quota],
    ['renamed', 'for all', 'P1', { rateLimit: 0.5 }, { limit: 10, offset: 2, period: 'WEEK' }],
  );
  assert.deepEqual(filled.apiStages, [
    { apiId, stage: 'test', throttle: { '/streams/GET': { rateLimit: 5, burstLimit: 6 } } },
  ]);
  const emptied = await update(
    id,
    { op: 'remove', path: '/throttle' },
    { op: 'remove', path: '/quota' },
    { op: 'remove', path: `/apiStages/${stage}/throttle/~1streams/GET` },
    { op: 'remove', path: '/description' },
  );
  assert.deepEqual([emptied.throttle, emptied.quota, emptied.description], [undefined, undefined, undefined]);
  assert.deepEqual(emptied.apiStages, [{ apiId, stage: 'test' }]);
  assert.deepEqual((await update(id, { op: 'remove', path: '/apiStages', value: stage })).apiStages, []);
});

test('a refused patch leaves a plan unchanged', async () => {
  const id = await create({ quota: { limit: 1, period: 'DAY' } });
  for (const operation of [
    { op: 'replace', path: '/name', value: '' },
    { op: 'replace', path: '/colour', value: 'blue' },
    { op: 'replace', path: '/quota/period', value: 'YEAR' },
    { op: 'replace', path: '/throttle/rateLimit', value: 'much' },
    { op: 'replace', path: '/throttle/other', value: '1' },
    { op: 'replace', path: `/apiStages/${apiId}:none/throttle/~1/GET/rateLimit`, value: '1' },
  ] as const) {
    const both = update(id, { op: 'replace', path: '/description', value: 'lost' }, operation);
    await assert.rejects(both, { name: 'BadRequestException' });
  }
  const { items = [] } = await served.client.send(new GetUsagePlansCommand({}));
  const plan = items.find((item) => item.id === id);
  assert.deepEqual([plan?.description, plan?.quota], [undefined, { limit: 1, offset: 0, period: 'DAY' }]);
  await assert.rejects(create({ quota: { period: 'YEAR' as 'DAY' } }), { name: 'ValidationException' });
});

test('a key is found in its plan, and a plan by its key', async () => {
  const [usagePlanId, other] = [await create(), await create()];
  const { id: keyId } = await served.client.send(new CreateApiKeyCommand({ name: 'k' }));
  await served.client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const found = await served.client.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId }));
  assert.deepEqual([found.id, found.name, found.type], [keyId, 'k', 'API_KEY']);
  await assert.rejects(served.client.send(new GetUsagePlanKeyCommand({ usagePlanId: other, keyId })), {
    name: 'NotFoundException',
    message: 'Invalid Usage Plan Key identifier specified',
  });
  const { items } = await served.client.send(new GetUsagePlansCommand({ keyId }));
  assert.deepEqual(
    items?.map((plan) => plan.id),
    [usagePlanId],
  );
});

test('keys and plans are tagged by their ARNs', async () => {
  const { id } = await served.client.send(new CreateApiKeyCommand({ name: 'k', tags: { a: '1' } }));
  for (const resourceArn of [
    `arn:aws:apigateway:eu-west-1::/apikeys/${id}`,
    `arn:aws:apigateway:eu-west-1::/usageplans/${await create({ tags: { a: '1' } })}`,
  ]) {
    await served.client.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
    await served.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    assert.deepEqual((await served.client.send(new GetTagsCommand({ resourceArn }))).tags, { b: '2' });
  }
  const unknown = 'arn:aws:apigateway:eu-west-1::/apikeys/nowhere';
  await assert.rejects(served.client.send(new GetTagsCommand({ resourceArn: unknown })), {
    name: 'NotFoundException',
  });
});
