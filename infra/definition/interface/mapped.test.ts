import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../definition.ts';
import { RequestMapper } from './mapped.ts';

const BASE = 'http://127.0.0.1:1/_aws/execute-api/abc/test';
const mapper = new RequestMapper(loadDefinition('tutorial'), {
  region: 'us-east-1',
  stackName: 'kpc-x',
  baseUrls: [BASE],
});
const map = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  mapper.map({ method, url: `${BASE}${path}`, headers, ...(body !== undefined && { body }) });

test('a request is mapped by the template of its method', () => {
  const mapped = map('PUT', '/streams/a%20b/record', '{"Data":"some data","PartitionKey":"k"}');
  assert.equal(mapped?.action, 'PutRecord');
  assert.equal(mapped?.broken, undefined);
  assert.deepEqual(JSON.parse(mapped?.body ?? ''), {
    StreamName: 'a b',
    Data: Buffer.from('"some data"').toString('base64'),
    PartitionKey: 'k',
  });
  const read = map('GET', '/streams/s/sharditerator?shard-id=shardId-000000000004');
  assert.equal(JSON.parse(read?.body ?? '').ShardId, 'shardId-000000000004');
  const records = map('GET', '/streams/s/records', undefined, { 'Shard-Iterator': 'abc' });
  assert.deepEqual(JSON.parse(records?.body ?? ''), { ShardIterator: 'abc' });
});

test('a mapped request that is not JSON is shown and reported as broken', () => {
  const mapped = map('PUT', '/streams/s/record', '{"Data":"x","PartitionKey":"a\\"b"}');
  assert.match(mapped?.broken ?? '', /not a JSON object/);
  assert.match(mapped?.body ?? '', /"PartitionKey": "a"b"/);
});

test('a call that reaches no Kinesis method is not mapped', () => {
  assert.equal(map('PATCH', '/streams'), undefined);
  assert.equal(map('GET', '/nowhere'), undefined);
  assert.equal(mapper.map({ method: 'GET', url: 'http://other/streams', headers: {} }), undefined);
  assert.equal(map('PUT', '/streams/s/record', `{"Data":"${'x'.repeat(20_000)}"}`), undefined);
  assert.match(
    map('PUT', '/streams/s/record', '<a/>', { 'Content-Type': 'application/xml' })?.broken ?? '',
    /./,
  );
});
