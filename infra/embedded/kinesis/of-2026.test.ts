import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UNIMPLEMENTED } from './shapes.ts';
import {
  ACCOUNT,
  active,
  ask,
  CREATE_MILLIS,
  DELETE_MILLIS,
  fine,
  gone,
  type Json,
  pass,
  refused,
} from './testing/kinesis.ts';

const MEBIBYTE = 1_048_576;
const data = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64');
const arn = (name: string) => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`;
const summary = async (StreamName: string) =>
  (await fine<{ StreamDescriptionSummary: Json }>('DescribeStreamSummary', { StreamName }))
    .StreamDescriptionSummary;
const tooLong = (path: string, limit = MEBIBYTE) =>
  `1 validation error detected: Value at '${path}' failed to satisfy constraint: ` +
  `Member must have length less than or equal to ${limit}`;

async function readAll(StreamName: string): Promise<Json[]> {
  const { ShardIterator } = await fine('GetShardIterator', {
    StreamName,
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return (await fine<{ Records: Json[] }>('GetRecords', { ShardIterator })).Records;
}

// docs/facts/kinesis.md#record-size
test('amazon-kinesis-producer#680, moto#5249: the error for too large data does not repeat the value', async () => {
  await active('size', 1);
  const put = (bytes: number, PartitionKey: string) => ({
    StreamName: 'size',
    PartitionKey,
    Data: data(bytes),
  });
  await refused('PutRecord', put(MEBIBYTE + 1, 'k'), 'ValidationException', tooLong('data'));
  const { StreamName, ...record } = put(MEBIBYTE + 1, 'k');
  await refused(
    'PutRecords',
    { StreamName, Records: [{ PartitionKey: 'k', Data: '' }, record] },
    'ValidationException',
    tooLong('records.2.member.data'),
  );
  await refused(
    'PutRecord',
    put(10 * MEBIBYTE + 1, 'k'),
    'ValidationException',
    tooLong('data', 10 * MEBIBYTE),
  );
  // The service model: data and partition key together (docs/facts/kinesis.md#record-size).
  await refused('PutRecord', put(MEBIBYTE, 'k'), 'ValidationException', tooLong('data'));
  await refused('PutRecord', put(MEBIBYTE - 2, 'é€'), 'ValidationException', tooLong('data'));
  assert.equal((await readAll('size')).length, 0);
  await fine('PutRecord', put(MEBIBYTE - 1, 'k'));
  await gone('size');
});

// docs/facts/kinesis.md#record-size
test('a stream can be configured to accept records of up to 10 MiB', async () => {
  await fine('CreateStream', { StreamName: 'wide', ShardCount: 1, MaxRecordSizeInKiB: 2048 });
  pass(CREATE_MILLIS);
  const put = (bytes: number) => ({ StreamName: 'wide', PartitionKey: 'k', Data: data(bytes) });
  assert.equal((await summary('wide')).MaxRecordSizeInKiB, 2048);
  await fine('PutRecord', put(2 * MEBIBYTE - 1));
  await refused('PutRecord', put(2 * MEBIBYTE), 'ValidationException', tooLong('data', 2 * MEBIBYTE));
  await fine('UpdateMaxRecordSize', { StreamARN: arn('wide'), MaxRecordSizeInKiB: 3072 });
  assert.equal((await summary('wide')).StreamStatus, 'UPDATING');
  await refused(
    'UpdateMaxRecordSize',
    { StreamARN: arn('wide'), MaxRecordSizeInKiB: 1024 },
    'ResourceInUseException',
  );
  pass(CREATE_MILLIS);
  await fine('PutRecord', put(2 * MEBIBYTE));
  assert.equal((await readAll('wide')).length, 2);
  for (const size of [1023, 10_241])
    await refused(
      'UpdateMaxRecordSize',
      { StreamARN: arn('wide'), MaxRecordSizeInKiB: size },
      'ValidationException',
    );
  await gone('wide');
});

// docs/facts/kinesis.md#members-of-2026
test('only an on-demand stream spreads records itself, and then ignores their keys', async () => {
  await refused(
    'CreateStream',
    { StreamName: 'spread', ShardCount: 1, RecordDistributionStrategy: 'AUTO' },
    'InvalidArgumentException',
  );
  await refused('DescribeStream', { StreamName: 'spread' }, 'ResourceNotFoundException');
  await fine('CreateStream', { StreamName: 'spread', RecordDistributionStrategy: 'AUTO' });
  pass(CREATE_MILLIS);
  assert.equal((await summary('spread')).RecordDistributionStrategy, 'AUTO');
  const records = Array.from({ length: 60 }, (_, index) => ({
    Data: 'aGk=',
    ...(index % 2 === 0 && { PartitionKey: 'same', ExplicitHashKey: '0' }),
  }));
  const { Records } = await fine<{ Records: { ShardId: string }[] }>('PutRecords', {
    StreamName: 'spread',
    Records: records,
  });
  assert.ok(new Set(Records.map(({ ShardId }) => ShardId)).size > 1);
  await fine('PutRecord', { StreamName: 'spread', Data: '' });
  for (const record of await readAll('spread')) assert.equal(Object.hasOwn(record, 'PartitionKey'), false);
  await refused('PutRecord', { StreamName: 'spread', Data: '', PartitionKey: '' }, 'ValidationException');
  await fine('UpdateStreamRecordDistributionStrategy', {
    StreamARN: arn('spread'),
    RecordDistributionStrategy: 'USER_PARTITION_KEY',
  });
  await refused('PutRecord', { StreamName: 'spread', Data: '' }, 'ValidationException', /'partitionKey'/);
  await gone('spread');
});

// docs/facts/kinesis.md#members-of-2026
test('a dry run is refused after all other checks, and does nothing', async () => {
  await active('dry', 1);
  const record = { PartitionKey: 'k', Data: '' };
  const iterator = { StreamName: 'dry', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await fine('GetShardIterator', iterator);
  for (const [action, input] of [
    ['PutRecord', { StreamName: 'dry', ...record }],
    ['PutRecords', { StreamName: 'dry', Records: [record] }],
    ['GetShardIterator', iterator],
    ['GetRecords', { ShardIterator }],
  ] as const)
    await refused(action, { ...input, DryRun: true }, 'DryRunOperationException');
  await refused('PutRecord', { StreamName: 'absent', ...record, DryRun: true }, 'ResourceNotFoundException');
  await fine('PutRecord', { StreamName: 'dry', ...record, DryRun: false });
  assert.equal((await readAll('dry')).length, 1);
  await gone('dry');
});

test('encryption and monitoring are reported; nothing is encrypted or measured', async () => {
  await active('secret', 1);
  const key = { StreamName: 'secret', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  await fine('StartStreamEncryption', key);
  assert.equal((await summary('secret')).EncryptionType, 'NONE');
  pass(CREATE_MILLIS);
  const { EncryptionType, KeyId } = await summary('secret');
  assert.deepEqual([EncryptionType, KeyId], ['KMS', 'alias/aws/kinesis']);
  const put = await fine('PutRecord', { StreamName: 'secret', PartitionKey: 'k', Data: 'aGk=' });
  assert.equal(put.EncryptionType, 'KMS');
  assert.equal((await readAll('secret'))[0]?.EncryptionType, 'KMS');
  await fine('StopStreamEncryption', key);
  pass(CREATE_MILLIS);
  assert.equal((await summary('secret')).EncryptionType, 'NONE');

  const metrics = (names: string[]) => ({ StreamName: 'secret', ShardLevelMetrics: names });
  const enabled = await fine('EnableEnhancedMonitoring', metrics(['OutgoingBytes', 'IncomingBytes']));
  assert.deepEqual(
    [enabled.CurrentShardLevelMetrics, enabled.DesiredShardLevelMetrics],
    [[], ['IncomingBytes', 'OutgoingBytes']],
  );
  assert.equal((await fine('EnableEnhancedMonitoring', metrics(['ALL']))).StreamName, 'secret');
  await fine('DisableEnhancedMonitoring', metrics(['IncomingBytes']));
  const [{ ShardLevelMetrics }] = (await summary('secret')).EnhancedMonitoring as [
    { ShardLevelMetrics: string[] },
  ];
  assert.deepEqual([ShardLevelMetrics.length, ShardLevelMetrics[0]], [6, 'IncomingRecords']);
  await refused('EnableEnhancedMonitoring', metrics(['Everything']), 'ValidationException');
  await gone('secret');
});

test('consumers are registered, described, listed and deregistered', async () => {
  await active('fan', 1);
  const StreamARN = arn('fan');
  const { Consumer } = await fine<{ Consumer: Json }>('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'one',
    Tags: { a: '1' },
  });
  const ConsumerARN = String(Consumer.ConsumerARN);
  assert.match(ConsumerARN, /:stream\/fan\/consumer\/one:\d+$/);
  assert.equal(Consumer.ConsumerStatus, 'CREATING');
  pass(CREATE_MILLIS);
  for (const by of [{ ConsumerARN }, { StreamARN, ConsumerName: 'one' }]) {
    const { ConsumerDescription } = await fine<{ ConsumerDescription: Json }>('DescribeStreamConsumer', by);
    assert.deepEqual(
      [ConsumerDescription.ConsumerStatus, ConsumerDescription.StreamARN, ConsumerDescription.ConsumerARN],
      ['ACTIVE', StreamARN, ConsumerARN],
    );
  }
  await refused('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one' }, 'ResourceInUseException');
  await refused('DescribeStreamConsumer', { ConsumerARN, ConsumerName: 'two' }, 'ResourceNotFoundException');
  await refused('DescribeStreamConsumer', { ConsumerName: 'one' }, 'InvalidArgumentException');
  await fine('RegisterStreamConsumer', { StreamARN, ConsumerName: 'two' });
  const first = await fine<{ Consumers: Json[]; NextToken: string }>('ListStreamConsumers', {
    StreamARN,
    MaxResults: 1,
  });
  const second = await fine<{ Consumers: Json[]; NextToken?: string }>('ListStreamConsumers', {
    StreamARN,
    NextToken: first.NextToken,
  });
  assert.deepEqual(
    [...first.Consumers, ...second.Consumers].map(({ ConsumerName }) => ConsumerName),
    ['one', 'two'],
  );
  assert.equal(second.NextToken, undefined);
  assert.equal((await summary('fan')).ConsumerCount, 2);
  assert.deepEqual((await fine('ListTagsForResource', { ResourceARN: ConsumerARN })).Tags, [
    { Key: 'a', Value: '1' },
  ]);

  await refused('DeleteStream', { StreamName: 'fan' }, 'ResourceInUseException');
  await fine('DeregisterStreamConsumer', { ConsumerARN });
  pass(DELETE_MILLIS);
  await refused('DescribeStreamConsumer', { ConsumerARN }, 'ResourceNotFoundException');
  await fine('DeleteStream', { StreamName: 'fan', EnforceConsumerDeletion: true });
  pass(DELETE_MILLIS);
});

test('a stream can be tagged by its ARN and by its name', async () => {
  await active('tagged', 1);
  const ResourceARN = arn('tagged');
  await fine('TagResource', { ResourceARN, Tags: { b: '2', a: '1' } });
  await fine('UntagResource', { ResourceARN, TagKeys: ['b'] });
  const tags = [{ Key: 'a', Value: '1' }];
  assert.deepEqual((await fine('ListTagsForResource', { ResourceARN })).Tags, tags);
  assert.deepEqual((await fine('ListTagsForStream', { StreamName: 'tagged' })).Tags, tags);
  await refused('TagResource', { ResourceARN, Tags: { '!': '' } }, 'InvalidArgumentException');
  await refused(
    'ListTagsForResource',
    { ResourceARN: ResourceARN.replace(ACCOUNT, '111111111111') },
    'ResourceNotFoundException',
  );
  await gone('tagged');
});

test('an action that is not implemented is reported as such, not as an unknown operation', async () => {
  const { status, body } = await ask('SubscribeToShard', {});
  assert.equal(status, 501);
  assert.match(String(body.message), /does not implement SubscribeToShard; docs\/embedded\.md/);
  const page = readFileSync(new URL('../../../docs/embedded.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^- (\w+)$/gm)].map(([, action]) => action);
  assert.deepEqual(listed, [...UNIMPLEMENTED]);
});
