import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Authorize } from '../iam/types.ts';
import {
  ACCOUNT,
  active,
  ask,
  CREATE_MILLIS,
  DELETE_MILLIS,
  describe,
  fine,
  gone,
  type Json,
  kinesis,
  now,
  pass,
  refused,
} from './testing/kinesis.ts';

// docs/facts/kinesis.md#streams, docs/facts/kinesis.md#errors
test('a stream is CREATING, then ACTIVE, then DELETING, then gone', async () => {
  const missing = `Stream life under account ${ACCOUNT} not found.`;
  const record = { StreamName: 'life', PartitionKey: 'a', Data: '' };
  const created = await kinesis.call({
    action: 'CreateStream',
    headers: [],
    body: Buffer.from('{"StreamName":"life","ShardCount":2}'),
  });
  assert.deepEqual([created.status, created.body], [200, '']);
  assert.deepEqual(
    created.headers.map(([name]) => name),
    ['x-amzn-RequestId', 'x-amz-id-2', 'Content-Type'],
  );
  const creating = await describe('life');
  assert.deepEqual([creating.StreamStatus, creating.Shards], ['CREATING', []]);
  await refused('PutRecord', record, 'ResourceNotFoundException', missing);
  await refused(
    'PutRecords',
    { StreamName: 'life', Records: [record] },
    'ResourceNotFoundException',
    missing,
  );
  await refused(
    'CreateStream',
    { StreamName: 'life', ShardCount: 1 },
    'ResourceInUseException',
    `Stream life under account ${ACCOUNT} already exists.`,
  );
  pass(CREATE_MILLIS);
  assert.deepEqual(await fine('DescribeStream', { StreamName: 'life' }), {
    StreamDescription: {
      EncryptionType: 'NONE',
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      RetentionPeriodHours: 24,
      StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/life`,
      StreamCreationTimestamp: Math.floor((now() - CREATE_MILLIS) / 1000),
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamName: 'life',
      StreamStatus: 'ACTIVE',
      HasMoreShards: false,
      Shards: (await describe('life')).Shards,
    },
  });
  await fine('PutRecord', record);
  await fine('DeleteStream', { StreamName: 'life' });
  await fine('DeleteStream', { StreamName: 'life' });
  assert.equal((await describe('life')).StreamStatus, 'DELETING');
  await refused('PutRecord', record, 'ResourceNotFoundException', missing);
  pass(DELETE_MILLIS);
  await refused('DescribeStream', { StreamName: 'life' }, 'ResourceNotFoundException', missing);
  await refused('DeleteStream', { StreamName: 'life' }, 'ResourceNotFoundException', missing);
});

test('a stream may be deleted while it is CREATING', async () => {
  await fine('CreateStream', { StreamName: 'short', ShardCount: 1 });
  await gone('short');
  await refused('DescribeStream', { StreamName: 'short' }, 'ResourceNotFoundException');
});

test('a name can be reused, and the new stream is empty', async () => {
  await active('again', 1);
  await fine('PutRecord', { StreamName: 'again', PartitionKey: 'a', Data: 'aGk=' });
  const place = { StreamName: 'again', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  const old = await fine('GetShardIterator', place);
  await gone('again');
  await active('again', 1);
  const { ShardIterator } = await fine('GetShardIterator', place);
  assert.deepEqual((await fine('GetRecords', { ShardIterator })).Records, []);
  // kinesalite test/getRecords.js: an iterator of the deleted stream reads its successor from the beginning.
  assert.deepEqual((await fine('GetRecords', old)).Records, []);
  await gone('again');
});

test('at most five streams are CREATING', async () => {
  const names = ['c1', 'c2', 'c3', 'c4', 'c5'];
  for (const StreamName of names) await fine('CreateStream', { StreamName, ShardCount: 1 });
  await refused('CreateStream', { StreamName: 'c6', ShardCount: 1 }, 'LimitExceededException');
  pass(CREATE_MILLIS);
  await active('c6', 1);
  for (const StreamName of [...names, 'c6']) await fine('DeleteStream', { StreamName });
  pass(DELETE_MILLIS);
});

// docs/facts/kinesis.md#streams
test('without a ShardCount a stream is on-demand with four shards', async () => {
  await fine('CreateStream', { StreamName: 'od' });
  pass(CREATE_MILLIS);
  const { Shards, StreamModeDetails } = await describe('od');
  assert.deepEqual([Shards.length, StreamModeDetails.StreamMode], [4, 'ON_DEMAND']);
  await gone('od');
});

// docs/facts/kinesis.md#streams
test('a list has at most 100 names, in name order, and further pages', async () => {
  const names = Array.from({ length: 103 }, (_, index) => `list-${String(index).padStart(3, '0')}`);
  for (const StreamName of names.toReversed()) {
    await fine('CreateStream', { StreamName, ShardCount: 1 });
    pass(CREATE_MILLIS);
  }
  const first = await fine('ListStreams', { Limit: 10_000 });
  assert.deepEqual([first.StreamNames, first.HasMoreStreams], [names.slice(0, 100), true]);
  const second = await fine('ListStreams', { NextToken: first.NextToken });
  assert.deepEqual([second.StreamNames, second.HasMoreStreams], [names.slice(100), false]);
  const unknown = await fine('ListStreams', { ExclusiveStartStreamName: 'list-001x', Limit: 2 });
  assert.deepEqual(unknown.StreamNames, ['list-002', 'list-003']);
  for (const StreamName of names) await fine('DeleteStream', { StreamName });
  pass(DELETE_MILLIS);
  assert.deepEqual(await fine('ListStreams', {}), {
    HasMoreStreams: false,
    StreamNames: [],
    StreamSummaries: [],
  });
});

test('a description has at most 100 shards', async () => {
  await active('wide', 120);
  const first = await describe('wide');
  assert.deepEqual([first.Shards.length, first.HasMoreShards], [100, true]);
  const second = await describe('wide', { ExclusiveStartShardId: first.Shards.at(-1)?.ShardId });
  assert.deepEqual([second.Shards.length, second.HasMoreShards], [20, false]);
  assert.equal((await describe('wide', { Limit: 3 })).Shards.length, 3);
  assert.equal((await fine<{ Shards: [] }>('ListShards', { StreamName: 'wide' })).Shards.length, 120);
  await gone('wide');
});

test('retention, mode and tags', async () => {
  await active('props', 1);
  await fine('IncreaseStreamRetentionPeriod', { StreamName: 'props', RetentionPeriodHours: 48 });
  await refused(
    'IncreaseStreamRetentionPeriod',
    { StreamName: 'props', RetentionPeriodHours: 24 },
    'InvalidArgumentException',
    /can not be shorter than existing retention period \(48 hours\)/,
  );
  await fine('AddTagsToStream', { StreamName: 'props', Tags: { b: '2', a: '1' } });
  await fine('RemoveTagsFromStream', { StreamName: 'props', TagKeys: ['b'] });
  assert.deepEqual(await fine('ListTagsForStream', { StreamName: 'props' }), {
    HasMoreTags: false,
    Tags: [{ Key: 'a', Value: '1' }],
  });
  const StreamARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/props`;
  await fine('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const { StreamDescriptionSummary: summary } = await fine<{ StreamDescriptionSummary: Json }>(
    'DescribeStreamSummary',
    { StreamARN },
  );
  assert.deepEqual(
    [summary.RetentionPeriodHours, summary.StreamModeDetails, summary.OpenShardCount, summary.ConsumerCount],
    [48, { StreamMode: 'ON_DEMAND' }, 1, 0],
  );
  await refused(
    'DescribeStream',
    { StreamARN: StreamARN.replace(ACCOUNT, '111111111111') },
    'ResourceNotFoundException',
    'Stream props under account 111111111111 not found.',
  );
  await gone('props');
});

// docs/facts/kinesis.md#errors
test('a caller without permission learns nothing else', async () => {
  const asked: string[] = [];
  const deny: Authorize = (action, resource) => {
    asked.push(`${action} ${resource}`);
    return { allowed: false, reason: 'implicit-deny' };
  };
  const { status, body } = await ask('PutRecord', { StreamName: 'nope', PartitionKey: 'a', Data: '' }, deny);
  assert.deepEqual(
    [status, body],
    [
      400,
      {
        __type: 'AccessDeniedException',
        Message:
          'User: arn:aws:sts::000000000000:assumed-role/r/s is not authorized to perform: kinesis:PutRecord on ' +
          `resource: arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/nope because no identity-based policy allows the ` +
          'kinesis:PutRecord action',
      },
    ],
  );
  await ask('ListStreams', {}, deny);
  assert.deepEqual(asked, [
    `kinesis:PutRecord arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/nope`,
    'kinesis:ListStreams *',
  ]);
});

test('an unknown operation or an invalid body', async () => {
  await refused('Bogus', {}, 'UnknownOperationException');
  await refused('ListStreams', 'not JSON', 'SerializationException');
  await refused('ListStreams', '', 'SerializationException');
});
