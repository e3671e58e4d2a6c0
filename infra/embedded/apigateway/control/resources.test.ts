import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteResourceCommand,
  GetResourceCommand,
  GetResourcesCommand,
  PutMethodCommand,
  UpdateResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
before(async () => {
  served = await serve();
});
after(() => served.close());

async function newApi() {
  const { id: restApiId = '', rootResourceId = '' } = await served.client.send(
    new CreateRestApiCommand({ name: 'resources' }),
  );
  const add = (parentId: string | undefined, pathPart: string) =>
    served.client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
  const list = async (options: { embed?: string[]; limit?: number; position?: string } = {}) =>
    served.client.send(new GetResourcesCommand({ restApiId, ...options }));
  const update = (resourceId: string | undefined, op: 'replace' | 'add', path: string, value: string) =>
    served.client.send(
      new UpdateResourceCommand({ restApiId, resourceId, patchOperations: [{ op, path, value }] }),
    );
  return { restApiId, root: rootResourceId, add, list, update };
}

test('resources form a tree; deleting one deletes its children', async () => {
  const { restApiId, root, add, list } = await newApi();
  const streams = await add(root, 'streams');
  assert.equal(streams.$metadata.httpStatusCode, 201);
  assert.match(streams.id ?? '', /^[a-z0-9]{6}$/);
  const stream = await add(streams.id, '{stream-name}');
  await add(stream.id, 'records');
  const { items } = await list();
  assert.deepEqual(
    items?.map(({ path, pathPart }) => [path, pathPart]),
    [
      ['/', undefined],
      ['/streams', 'streams'],
      ['/streams/{stream-name}', '{stream-name}'],
      ['/streams/{stream-name}/records', 'records'],
    ],
  );
  const deletion = await served.client.send(new DeleteResourceCommand({ restApiId, resourceId: streams.id }));
  assert.equal(deletion.$metadata.httpStatusCode, 202);
  assert.deepEqual((await list()).items, [{ id: root, path: '/' }]);
  await assert.rejects(served.client.send(new GetResourceCommand({ restApiId, resourceId: stream.id })), {
    name: 'NotFoundException',
    message: 'Invalid Resource identifier specified',
  });
});

test('resources are listed in pages, with only the names of their methods unless embedded', async () => {
  const { restApiId, root, add, list } = await newApi();
  for (const part of ['a', 'b', 'c']) await add(root, part);
  await served.client.send(
    new PutMethodCommand({ restApiId, resourceId: root, httpMethod: 'GET', authorizationType: 'NONE' }),
  );
  const first = await list({ limit: 3 });
  const second = await list({ limit: 3, position: first.position });
  assert.deepEqual(
    [...(first.items ?? []), ...(second.items ?? [])].map((resource) => resource.path),
    ['/', '/a', '/b', '/c'],
  );
  assert.deepEqual(first.items?.[0]?.resourceMethods, { GET: {} });
  const embedded = await list({ embed: ['methods'] });
  assert.equal(embedded.items?.[0]?.resourceMethods?.GET?.authorizationType, 'NONE');
});

test('invalid new resources are refused', async () => {
  const { root, add } = await newApi();
  await add(root, 'pets');
  const proxy = await add(root, '{proxy+}');
  await assert.rejects(add(root, 'pets'), {
    name: 'ConflictException',
    message: 'Another resource with the same parent already has this name: pets',
  });
  await assert.rejects(add(root, '{id}'), {
    name: 'BadRequestException',
    message: 'A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed',
  });
  await assert.rejects(add(proxy.id, 'x'), {
    message: 'Cannot create a child of a resource with a greedy path variable: {proxy+}',
  });
  await assert.rejects(add('nothere', 'x'), { message: 'Invalid Resource identifier specified' });
  await assert.rejects(add(root, 'a b'), { name: 'BadRequestException' });
});

test('moving and renaming a resource renames the paths below it', async () => {
  const { root, add, list, update } = await newApi();
  const pets = await add(root, 'pets');
  const dogs = await add(pets.id, 'dogs');
  await add(dogs.id, 'old');
  await update(pets.id, 'replace', '/pathPart', 'animals');
  const moved = await update(dogs.id, 'replace', '/parentId', root);
  assert.equal(moved.path, '/dogs');
  assert.deepEqual(
    (await list()).items?.map((resource) => resource.path),
    ['/', '/animals', '/dogs', '/dogs/old'],
  );
});

test('invalid moves of a resource are refused', async () => {
  const { root, add, update } = await newApi();
  const pets = await add(root, 'pets');
  const child = await add(pets.id, 'child');
  const refusals: [() => Promise<unknown>, string][] = [
    [() => update(pets.id, 'replace', '/parentId', child.id ?? ''), 'Resources cannot be cyclical.'],
    [() => update(root, 'replace', '/pathPart', 'x'), 'Root resource cannot update its pathPart.'],
    [
      () => update(pets.id, 'replace', '/invalid', 'x'),
      "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    ],
    [
      () => update(pets.id, 'add', '/pathPart', 'x'),
      "Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations",
    ],
  ];
  for (const [refusal, message] of refusals) {
    await assert.rejects(refusal(), { name: 'BadRequestException', message });
  }
});
