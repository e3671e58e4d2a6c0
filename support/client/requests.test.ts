import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  batchBody,
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
  NO_ADDITIONS,
  putRecord,
  recordBody,
  target,
  withAdditions,
} from './requests.ts';

describe('requests', () => {
  it('encode names in the path and values in the query string', () => {
    assert.equal(describeStream('a b/ü').path, '/streams/a%20b%2F%C3%BC');
    assert.equal(target(getShardIterator('s', 'a&b')), '/streams/s/sharditerator?shard-id=a%26b');
    assert.equal(target(getShardIterator('s')), '/streams/s/sharditerator');
  });

  it('keep the case of the iterator’s header', () => {
    assert.deepEqual(getRecords('s', 'i').headers, { 'Shard-Iterator': 'i' });
    assert.deepEqual(getRecords('s').headers, {});
  });

  it('put data as unchanged JSON text, and partition keys as strings', () => {
    assert.equal(recordBody('[1, "é"]', 'a"b'), '{"Data": [1, "é"], "PartitionKey": "a\\"b"}');
    assert.equal(
      batchBody([{ data: 'd', partitionKey: 'k' }]),
      '{"records":[{"data":"d","partition-key":"k"}]}',
    );
  });
});

describe('withAdditions', () => {
  it('has a media type only with a body', () => {
    assert.deepEqual(withAdditions(listStreams(), NO_ADDITIONS).headers, {});
    assert.deepEqual(withAdditions(putRecord('s', '{}'), NO_ADDITIONS).headers, {
      'Content-Type': 'application/json',
    });
    assert.deepEqual(withAdditions(putRecord('s', '{}'), { ...NO_ADDITIONS, mediaType: null }).headers, {});
  });

  it('leaves a body that is not JSON unchanged, and adds members to an object', () => {
    assert.equal(withAdditions(putRecord('s', '{"Data"'), NO_ADDITIONS).body, '{"Data"');
    const adding = { ...NO_ADDITIONS, query: [['Limit', '1']] as const, body: { Limit: 1 } };
    const sent = withAdditions(listStreams(), adding);
    assert.equal(sent.body, '{"Limit":1}');
    assert.equal(target(sent), '/streams?Limit=1');
  });
});
