import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callBehind, noteIterator, quotaKeys, shardKey } from './calls.ts';

const request = (method: string, path: string, more: object = {}) => ({
  method,
  path,
  query: [],
  headers: {},
  ...more,
});

test('each of the eight calls counts as its action of Kinesis', () => {
  noteIterator('an iterator', shardKey('a b', 'shardId-000000000004'));
  const rows: [ReturnType<typeof request>, object | undefined][] = [
    [request('GET', '/streams'), { action: 'ListStreams' }],
    [request('GET', '/streams/'), { action: 'ListStreams' }],
    [request('POST', '/streams/a'), { action: 'CreateStream' }],
    [request('GET', '/streams/a'), { action: 'DescribeStream' }],
    [request('DELETE', '/streams/a'), { action: 'DeleteStream' }],
    [request('PUT', '/streams/a/record'), { action: 'PutRecord' }],
    [
      request('GET', '/streams/a%20b/sharditerator', { query: [['shard-id', 'shard-000000000004']] }),
      { action: 'GetShardIterator', shard: 'a b/4' },
    ],
    [
      request('GET', '/streams/other/records', { headers: { 'Shard-Iterator': 'an iterator' } }),
      { action: 'GetRecords', shard: 'a b/4' },
    ],
    [
      request('GET', '/streams/a', { headers: { 'X-HTTP-Method-Override': 'POST' } }),
      { action: 'CreateStream' },
    ],
    [request('PATCH', '/streams/a'), undefined],
    [request('GET', '/elsewhere'), undefined],
    [request('GET', '/streams/%E0%A4%A'), { action: 'DescribeStream' }],
  ];
  for (const [sent, expected] of rows)
    assert.deepEqual(callBehind(sent), expected, `${sent.method} ${sent.path}`);
});

test('every operation of API Gateway counts against its own quota and the common one', () => {
  assert.deepEqual(quotaKeys({ action: 'DeleteRestApi' }), ['DeleteRestApi', 'every API Gateway operation']);
  assert.deepEqual(quotaKeys({ action: 'GetStage' }, true), ['every API Gateway operation']);
  assert.deepEqual(quotaKeys({ action: 'ListStreams' }), ['ListStreams']);
  assert.deepEqual(quotaKeys({ action: 'GetRecords', shard: 'a/0' }), ['GetRecords of a/0']);
  assert.deepEqual(quotaKeys({ action: 'PutRecord' }), []);
});
