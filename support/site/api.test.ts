import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApi, withParents } from './api.ts';

const callOf = (name: string, action: string) =>
  readApi(name)
    .resources.flatMap(({ methods }) => methods)
    .find((method) => method.action === action)?.call;

test('intermediate resources are listed, in the order of the tree', () => {
  assert.deepEqual(withParents(['/b/{c}/d', '/a']), ['/', '/a', '/b', '/b/{c}', '/b/{c}/d']);
  assert.deepEqual(withParents(['/']), ['/']);
});

test("the tutorial's API has eight calls at its resources", () => {
  const { resources } = readApi('tutorial');
  assert.deepEqual(
    resources.map(({ part, depth, methods }) => [
      part,
      depth,
      methods.map(({ verb, action }) => `${verb} ${action}`),
    ]),
    [
      ['/', 0, []],
      ['/streams', 1, ['GET ListStreams']],
      ['/{stream-name}', 2, ['GET DescribeStream', 'POST CreateStream', 'DELETE DeleteStream']],
      ['/record', 3, ['PUT PutRecord']],
      ['/records', 3, ['PUT PutRecords', 'GET GetRecords']],
      ['/sharditerator', 3, ['GET GetShardIterator']],
    ],
  );
});

test('a request is shown before and after its template', () => {
  const call = callOf('tutorial', 'PutRecord');
  assert.match(
    call?.request ?? '',
    /^PUT \/streams\/orders\/record\nContent-Type: application\/json\n\n\{\n {2}"Data": "some data"/,
  );
  assert.deepEqual(JSON.parse(call?.mapped ?? ''), {
    StreamName: 'orders',
    // The JSON text of a string keeps its quotes: PUT-3.
    Data: Buffer.from('"some data"').toString('base64'),
    PartitionKey: 'some key',
  });
  assert.match(call?.template ?? '', /\$util\.base64Encode/);
});

test('errors are listed with the status that the client gets', () => {
  const [[status] = []] = callOf('tutorial', 'PutRecord')?.statuses ?? [];
  assert.equal(status, '200');
  const hardened = new Map(callOf('hardened', 'PutRecord')?.statuses);
  assert.deepEqual(hardened.get('404'), ['ResourceNotFoundException']);
});

test('a method that the gateway answers itself has no action', () => {
  const methods = readApi('hardened').resources.flatMap((resource) => resource.methods);
  assert.ok(methods.some(({ verb, action }) => verb === 'OPTIONS' && action === undefined));
  assert.equal(methods.filter(({ action }) => action).length, 8);
});
