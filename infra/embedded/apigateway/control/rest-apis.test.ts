import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetAccountCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
before(async () => {
  served = await serve();
});
after(() => served.close());

const create = (name: string) => served.client.send(new CreateRestApiCommand({ name }));

test('a new API is EDGE, without tags until it is read, and has a root resource', async () => {
  const { $metadata, ...api } = await create('one');
  assert.equal($metadata.httpStatusCode, 201);
  assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(api, {
    id: api.id,
    name: 'one',
    createdDate: new Date('2026-01-02T03:04:05Z'),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    disableExecuteApiEndpoint: false,
    apiStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_0',
    rootResourceId: api.rootResourceId,
  });
  const { $metadata: _, ...read } = await served.client.send(new GetRestApiCommand({ restApiId: api.id }));
  assert.deepEqual(read, { ...api, tags: {} });
});

test('an API is listed page by page until it is deleted', async () => {
  const own = await serve();
  const names = ['a', 'b', 'c'];
  for (const name of names) await own.client.send(new CreateRestApiCommand({ name }));
  const first = await own.client.send(new GetRestApisCommand({ limit: 2 }));
  assert.equal(first.items?.length, 2);
  const second = await own.client.send(new GetRestApisCommand({ limit: 2, position: first.position }));
  assert.equal(second.position, undefined);
  const all = [...(first.items ?? []), ...(second.items ?? [])];
  assert.deepEqual(
    all.map((api) => api.name),
    names,
  );
  const gone = all[0]?.id;
  const { $metadata } = await own.client.send(new DeleteRestApiCommand({ restApiId: gone }));
  assert.equal($metadata.httpStatusCode, 202);
  await assert.rejects(own.client.send(new GetRestApiCommand({ restApiId: gone })), {
    name: 'NotFoundException',
    message: `Invalid API identifier specified 123456789012:${gone}`,
  });
  await own.close();
});

test('invalid new APIs are refused', async () => {
  const cases: [ConstructorParameters<typeof CreateRestApiCommand>[0], string][] = [
    [{ name: 'x', description: '' }, 'Description cannot be an empty string'],
    [
      { name: 'x', minimumCompressionSize: -1 },
      'Invalid minimum compression size, must be between 0 and 10485760',
    ],
    [
      { name: 'x', endpointConfiguration: { types: [] } },
      'REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.',
    ],
    [
      { name: 'x', endpointConfiguration: { types: ['EDGE', 'REGIONAL'] } },
      'Cannot create an api with multiple Endpoint Types.',
    ],
    [
      { name: 'x', endpointConfiguration: { types: ['PRIVATE'], ipAddressType: 'ipv4' } },
      'Only dualstack ipAddressType is supported for Private APIs.',
    ],
  ];
  for (const [input, message] of cases) {
    await assert.rejects(served.client.send(new CreateRestApiCommand(input)), {
      name: 'BadRequestException',
      message,
    });
  }
});

test('name, description and binary media types are patched, the latter like keys', async () => {
  const { id: restApiId } = await create('patched');
  const patch = (...patchOperations: NonNullable<UpdateRestApiCommand['input']['patchOperations']>) =>
    served.client.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
  await patch(
    { op: 'replace', path: '/name', value: 'renamed' },
    { op: 'replace', path: '/description', value: 'new' },
    { op: 'add', path: '/binaryMediaTypes/image~1png' },
    { op: 'add', path: '/binaryMediaTypes/image~1jpeg' },
  );
  const second = await patch({ op: 'replace', path: '/binaryMediaTypes/image~1png', value: 'image/gif' });
  assert.equal(second.name, 'renamed');
  assert.equal(second.description, 'new');
  assert.deepEqual(second.binaryMediaTypes, ['image/jpeg', 'image/gif']);
  const third = await patch(
    { op: 'remove', path: '/binaryMediaTypes/image~1gif' },
    { op: 'remove', path: '/description' },
    { op: 'replace', path: '/endpointConfiguration/types/EDGE', value: 'REGIONAL' },
  );
  assert.deepEqual(third.binaryMediaTypes, ['image/jpeg']);
  assert.equal(third.description, undefined);
  assert.deepEqual(third.endpointConfiguration?.types, ['REGIONAL']);
  await assert.rejects(patch({ op: 'add', path: '/binaryMediaTypes', value: 'x' }), {
    message: 'Invalid patch path /binaryMediaTypes',
  });
  await assert.rejects(patch({ op: 'add', path: '/minimumCompressionSize', value: '10' }), {
    message: 'Invalid patch operation specified. Must be one of: [replace]',
  });
});

test('a refused patch changes nothing', async () => {
  const { id: restApiId } = await create('steady');
  const patchOperations = [
    { op: 'replace', path: '/name', value: 'other' },
    { op: 'replace', path: '/nonsense', value: 'x' },
  ] as const;
  await assert.rejects(
    served.client.send(new UpdateRestApiCommand({ restApiId, patchOperations: [...patchOperations] })),
    { message: 'Invalid patch path /nonsense' },
  );
  const read = await served.client.send(new GetRestApiCommand({ restApiId }));
  assert.equal(read.name, 'steady');
});

test('tags are added, read and removed by ARN', async () => {
  const { id } = await create('tagged');
  const resourceArn = `arn:aws:apigateway:eu-west-1::/restapis/${id}`;
  const { $metadata } = await served.client.send(
    new TagResourceCommand({ resourceArn, tags: { owner: 'a', run: 'b' } }),
  );
  assert.equal($metadata.httpStatusCode, 204);
  await served.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner'] }));
  assert.deepEqual((await served.client.send(new GetTagsCommand({ resourceArn }))).tags, { run: 'b' });
  const api = await served.client.send(new GetRestApiCommand({ restApiId: id }));
  assert.deepEqual(api.tags, { run: 'b' });
  const unknown = 'arn:aws:apigateway:eu-west-1::/restapis/nothere';
  await assert.rejects(served.client.send(new GetTagsCommand({ resourceArn: unknown })), {
    name: 'NotFoundException',
  });
});

test('the account has a throttle', async () => {
  const account = await served.client.send(new GetAccountCommand({}));
  assert.deepEqual(account.throttleSettings, { burstLimit: 5000, rateLimit: 10000 });
});

test('errors carry their type in a header and their message in the body', async () => {
  const answer = await fetch(`${served.endpoint}/restapis/nothere`);
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get('x-amzn-errortype'), 'NotFoundException');
  assert.deepEqual(await answer.json(), {
    message: 'Invalid API identifier specified 123456789012:nothere',
  });
});

test('an unsupported operation is reported as such; other paths are left to other services', async () => {
  const documentation = await fetch(`${served.endpoint}/restapis/x/documentation/parts`);
  assert.equal(documentation.status, 501);
  const request = {
    method: 'GET',
    target: '/prod/streams',
    headers: [],
    body: Buffer.alloc(0),
    sourceIp: '',
  };
  assert.equal(await served.control.handle(request), undefined);
});
