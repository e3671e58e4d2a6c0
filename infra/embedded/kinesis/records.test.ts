import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  ACCOUNT,
  active,
  CREATE_MILLIS,
  describe,
  fine,
  gone,
  type Json,
  pass,
  refused,
} from './testing/kinesis.ts';

// docs/facts/kinesis.md#shards
test("five shards have the tutorial's ranges, and keys go to their shards", async () => {
  await active('five', 5);
  const { Shards } = await describe('five');
  assert.deepEqual(
    Shards.map((shard) => shard.HashKeyRange.EndingHashKey),
    [
      '68056473384187692692674921486353642290',
      '136112946768375385385349842972707284581',
      '204169420152563078078024764459060926872',
      '272225893536750770770699685945414569163',
      '340282366920938463463374607431768211455',
    ],
  );
  const keys = { 'some key': 4, a: 0, b: 2, '1': 3, test: 0, pk: 0, 'partition-key': 2, 'key-1': 0 };
  const { Records } = await fine<{ Records: { ShardId: string; SequenceNumber: string }[] }>('PutRecords', {
    StreamName: 'five',
    Records: Object.keys(keys).map((PartitionKey) => ({ PartitionKey, Data: '' })),
  });
  assert.deepEqual(
    Records.map((record) => record.ShardId),
    Object.values(keys).map((index) => `shardId-00000000000${index}`),
  );
  for (const { SequenceNumber } of Records) assert.match(SequenceNumber, /^\d{56}$/);
  await gone('five');
});

test('records are in the shard whose described range contains their hash', async () => {
  await active('four', 4);
  const { Shards } = await describe('four');
  const hash = (key: string) => BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
  const edges = Shards.flatMap(({ HashKeyRange }) => [
    HashKeyRange.StartingHashKey,
    HashKeyRange.EndingHashKey,
  ]);
  const records: { PartitionKey: string; Data: string; ExplicitHashKey?: string }[] = [
    ...edges.map((ExplicitHashKey) => ({ PartitionKey: 'k', Data: '', ExplicitHashKey })),
    ...Array.from({ length: 40 }, (_, index) => ({ PartitionKey: `key ${index}`, Data: '' })),
  ];
  const { Records } = await fine<{ Records: { ShardId: string }[] }>('PutRecords', {
    StreamName: 'four',
    Records: records,
  });
  for (const [index, { ShardId }] of Records.entries()) {
    const range = Shards.find((shard) => shard.ShardId === ShardId)?.HashKeyRange;
    const record = records[index];
    const key =
      record?.ExplicitHashKey === undefined
        ? hash(record?.PartitionKey ?? '')
        : BigInt(record.ExplicitHashKey);
    assert.ok(range && BigInt(range.StartingHashKey) <= key && key <= BigInt(range.EndingHashKey));
  }
  await refused(
    'PutRecord',
    { StreamName: 'four', PartitionKey: 'k', Data: '', ExplicitHashKey: (2n ** 128n).toString() },
    'InvalidArgumentException',
    /^Invalid ExplicitHashKey\. ExplicitHashKey must be in the range: \[0, 2\^128-1\]\. Specified value was 34/,
  );
  await gone('four');
});

// docs/facts/kinesis.md#records
test("answers to puts and reads have AWS's keys only", async () => {
  await active('keys', 1);
  const one = await fine('PutRecord', { StreamName: 'keys', PartitionKey: 'a', Data: 'aGk=' });
  assert.deepEqual(Object.keys(one), ['SequenceNumber', 'ShardId']);
  const many = await fine('PutRecords', {
    StreamName: 'keys',
    Records: Array(10).fill({ PartitionKey: 'é', Data: 'eW8=' }),
  });
  assert.equal(many.FailedRecordCount, 0);
  const sequence = (many.Records as { SequenceNumber: string }[]).map((record) =>
    BigInt(record.SequenceNumber),
  );
  assert.deepEqual(
    sequence,
    sequence.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.deepEqual(Object.keys((many.Records as object[])[0] ?? {}), ['SequenceNumber', 'ShardId']);

  const { ShardIterator } = await fine('GetShardIterator', {
    StreamName: 'keys',
    ShardId: 'shard-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const read = await fine<{ Records: Json[]; NextShardIterator: string }>('GetRecords', {
    ShardIterator,
    Limit: 1,
  });
  assert.deepEqual(Object.keys(read), ['MillisBehindLatest', 'NextShardIterator', 'Records']);
  assert.deepEqual(Object.keys(read.Records[0] ?? {}), [
    'ApproximateArrivalTimestamp',
    'Data',
    'PartitionKey',
    'SequenceNumber',
  ]);
  assert.equal(read.Records[0]?.SequenceNumber, one.SequenceNumber);
  assert.deepEqual((await fine('GetRecords', { ShardIterator, Limit: 1 })).Records, read.Records);
  assert.deepEqual(
    (await fine('GetRecords', { ShardIterator: `"${ShardIterator}"`, Limit: 1 })).Records,
    read.Records,
  );
  const rest = await fine<{ Records: Json[] }>('GetRecords', { ShardIterator: read.NextShardIterator });
  assert.equal(rest.Records.length, 10);
  const { ShardIterator: latest } = await fine('GetShardIterator', {
    StreamName: 'keys',
    ShardId: '0',
    ShardIteratorType: 'LATEST',
  });
  assert.deepEqual((await fine('GetRecords', { ShardIterator: latest })).Records, []);
  await gone('keys');
});

// docs/facts/kinesis.md#errors
test('iterators and shards that do not exist', async () => {
  await active('iter', 1);
  const place = { StreamName: 'iter', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  const absent = (stream: string) =>
    `Shard shardId-000000000005 in stream ${stream} under account ${ACCOUNT} does not exist`;
  await refused(
    'GetShardIterator',
    { ...place, ShardId: 'x-5' },
    'ResourceNotFoundException',
    absent('iter'),
  );
  await refused(
    'GetShardIterator',
    { ...place, StreamName: 'nope', ShardId: 'shardId-5' },
    'ResourceNotFoundException',
    absent('nope'),
  );
  await refused(
    'GetShardIterator',
    { ...place, ShardId: 'ABKLFD8' },
    'ResourceNotFoundException',
    `Could not find shard ABKLFD8 in stream iter under account ${ACCOUNT}.`,
  );
  await refused(
    'GetRecords',
    { ShardIterator: 'garbage' },
    'InvalidArgumentException',
    'Invalid ShardIterator.',
  );
  await refused(
    'GetShardIterator',
    { ...place, ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
    'InvalidArgumentException',
    /Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber\.$/,
  );
  await refused(
    'GetShardIterator',
    { ...place, StartingSequenceNumber: '5' },
    'InvalidArgumentException',
    /Request specified TRIM_HORIZON and also a StartingSequenceNumber\.$/,
  );
  const { ShardIterator } = await fine('GetShardIterator', place);
  pass(299_999);
  await fine('GetRecords', { ShardIterator });
  pass(1);
  await refused(
    'GetRecords',
    { ShardIterator },
    'ExpiredIteratorException',
    /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4} while right now it is \w{3} \w{3} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4} which is further in the future than the tolerated delay of 300000 milliseconds\.$/,
  );
  await gone('iter');
});

test('shards split and merge, and a closed shard ends its iterator chain', async () => {
  await active('re', 2);
  const before = await describe('re');
  const { ShardIterator } = await fine('GetShardIterator', {
    StreamName: 're',
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  await fine('SplitShard', { StreamName: 're', ShardToSplit: 'shardId-0', NewStartingHashKey: '1000' });
  await refused(
    'SplitShard',
    { StreamName: 're', ShardToSplit: '0', NewStartingHashKey: '9' },
    'ResourceInUseException',
  );
  assert.equal((await describe('re')).StreamStatus, 'UPDATING');
  pass(CREATE_MILLIS);
  const { Shards } = await describe('re');
  assert.deepEqual(
    Shards.slice(2).map((shard) => shard.HashKeyRange),
    [
      { StartingHashKey: '0', EndingHashKey: '999' },
      { StartingHashKey: '1000', EndingHashKey: before.Shards[0]?.HashKeyRange.EndingHashKey },
    ],
  );
  const end = await fine<{ ChildShards: { ShardId: string }[] }>('GetRecords', { ShardIterator });
  assert.equal(Object.hasOwn(end, 'NextShardIterator'), false);
  assert.deepEqual(
    end.ChildShards.map((child) => child.ShardId),
    ['shardId-000000000002', 'shardId-000000000003'],
  );
  await fine('MergeShards', { StreamName: 're', ShardToMerge: '3', AdjacentShardToMerge: '1' });
  pass(CREATE_MILLIS);
  const open = await fine<{ Shards: { ShardId: string }[] }>('ListShards', {
    StreamName: 're',
    ShardFilter: { Type: 'AT_LATEST' },
  });
  assert.deepEqual(
    open.Shards.map((shard) => shard.ShardId),
    ['shardId-000000000002', 'shardId-000000000004'],
  );
  await gone('re');
});

test('a sequence number for ordering must be one that some shard can have issued by now (KL)', async () => {
  await active('order', 1);
  const put = (hex: string) => ({
    StreamName: 'order',
    PartitionKey: 'k',
    Data: '',
    SequenceNumberForOrdering: BigInt(`0x${hex}`).toString(),
  });
  for (const taken of [
    '20000000000000000000000000000000000000000000002',
    '20000000000000000000000000000000000000000000001',
  ])
    await fine('PutRecord', put(taken));
  for (const wrong of [
    '20000000000000000000000000000000000000000000004',
    '30000000000000000000000000000000000000000000001',
    '20000000000800000000000000000000000000000000002',
    '200000000000000000000000000000ffffffff000000002',
    '13bb2cc3d80000000000000000000000',
  ])
    await refused(
      'PutRecord',
      put(wrong),
      'InvalidArgumentException',
      /^ExclusiveMinimumSequenceNumber \d+ used in PutRecord on stream order under account \d+ is invalid\.$/,
    );
  await gone('order');
});

test('an invalid shard id is refused before the stream is looked up (KL)', async () => {
  const text = (id: string) => `Could not find shard ${id} in stream nope under account ${ACCOUNT}.`;
  const split = { StreamName: 'nope', NewStartingHashKey: '9' };
  await refused('SplitShard', { ...split, ShardToSplit: 'x' }, 'ResourceNotFoundException', text('x'));
  const merge = { StreamName: 'nope', ShardToMerge: '0', AdjacentShardToMerge: 'y' };
  await refused('MergeShards', merge, 'ResourceNotFoundException', text('y'));
});
