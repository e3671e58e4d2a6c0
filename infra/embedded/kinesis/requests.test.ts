import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize } from './deserialize.ts';
import { KinesisError } from './errors.ts';
import { type ActionName, REQUESTS } from './shapes.ts';
import { validate } from './validate.ts';

/** The error's type and text for a refused request; undefined for an accepted one. */
function refusal(action: ActionName, input: unknown): string[] | undefined {
  try {
    validate(deserialize(input, REQUESTS[action]), REQUESTS[action]);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof KinesisError);
    return Object.values(error.body);
  }
}

const record = { PartitionKey: 'k', Data: 'aGk=' };
const put = { StreamName: 's', ...record };
const iterator = { StreamName: 's', ShardId: 'shardId-0', ShardIteratorType: 'TRIM_HORIZON' };
const LIST = 'Start of list found where not expected';
const MAP = 'Start of structure or map found where not expected.';
const BIG_NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';

// docs/facts/kinesis.md#errors
test('a value of the wrong JSON type is a SerializationException', async (t) => {
  const rows: [ActionName, unknown, string][] = [
    ['CreateStream', { ShardCount: '5' }, 'class java.lang.String can not be converted to an Integer'],
    ['CreateStream', { ShardCount: true }, 'class java.lang.Boolean can not be converted to an Integer'],
    ['CreateStream', { ShardCount: 1.5 }, `${BIG_NUMBER} can not be converted to an Integer`],
    ['CreateStream', { ShardCount: {} }, MAP],
    ['CreateStream', { ShardCount: [] }, LIST],
    ['CreateStream', { StreamName: 5 }, `${BIG_NUMBER} can not be converted to an String`],
    ['CreateStream', { StreamName: false }, 'class java.lang.Boolean can not be converted to an String'],
    ['CreateStream', { StreamModeDetails: 'ON_DEMAND' }, 'Expected null'],
    ['CreateStream', { Tags: 'a' }, 'Expected map or null'],
    ['DeleteStream', { EnforceConsumerDeletion: 'yes' }, "'YES' can not be converted to an Boolean"],
    ['PutRecord', { Data: 5 }, `${BIG_NUMBER} can not be converted to a Blob`],
    [
      'PutRecord',
      { Data: '23456' },
      "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    ['PutRecord', { Data: '=+/=' }, "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
    [
      'PutRecord',
      { Data: '+/+=' },
      "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
    ['PutRecords', { Records: 'x' }, 'Expected list or null'],
    ['PutRecords', { Records: {} }, MAP],
    ['PutRecords', { Records: ['x'] }, 'Expected null'],
    ['PutRecords', { Records: [[]] }, LIST],
    [
      'GetShardIterator',
      { Timestamp: 'now' },
      'class java.lang.String can not be converted to milliseconds since epoch',
    ],
    ['GetRecords', { ShardIterator: [] }, LIST],
    ['ListStreams', [], LIST],
  ];
  for (const [action, input, text] of rows) {
    await t.test(`${action} ${JSON.stringify(input)}`, () => {
      assert.deepEqual(refusal(action, input), ['SerializationException', text]);
    });
  }
});

test('a body that is not an object is a SerializationException without a text', () => {
  assert.deepEqual(refusal('ListStreams', 'text'), ['SerializationException']);
  assert.deepEqual(refusal('ListStreams', null), ['SerializationException']);
});

test('the key of the text is Message for a SerializationException, and message for others', () => {
  assert.throws(
    () => deserialize([], {}),
    (error: KinesisError) => Object.hasOwn(error.body, 'Message'),
  );
  assert.throws(
    () => validate({}, REQUESTS.GetRecords),
    (error: KinesisError) => Object.hasOwn(error.body, 'message'),
  );
});

// docs/facts/kinesis.md#shapes, docs/facts/kinesis.md#errors
test('a violated constraint is a ValidationException', async (t) => {
  const long = 'a'.repeat(129);
  const member = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310';
  const rows: [ActionName, object, string, string][] = [
    ['CreateStream', {}, 'null', "'streamName'|Member must not be null"],
    [
      'CreateStream',
      { StreamName: 'a b' },
      "'a b'",
      "'streamName'|Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    [
      'CreateStream',
      { StreamName: long },
      `'${long}'`,
      "'streamName'|Member must have length less than or equal to 128",
    ],
    [
      'CreateStream',
      { StreamName: 's', ShardCount: 0 },
      "'0'",
      "'shardCount'|Member must have value greater than or equal to 1",
    ],
    [
      'CreateStream',
      { StreamName: 's', ShardCount: -1 },
      "'-1'",
      "'shardCount'|Member must have value greater than or equal to 1",
    ],
    [
      'CreateStream',
      { StreamName: 's', ShardCount: 100_001 },
      "'100001'",
      "'shardCount'|Member must have value less than or equal to 100000",
    ],
    ['DescribeStream', {}, 'null', "'streamName'|Member must not be null"],
    [
      'PutRecord',
      { ...put, PartitionKey: '' },
      "''",
      "'partitionKey'|Member must have length greater than or equal to 1",
    ],
    [
      'PutRecord',
      { ...put, PartitionKey: 'k'.repeat(257) },
      `'${'k'.repeat(257)}'`,
      "'partitionKey'|Member must have length less than or equal to 256",
    ],
    ['PutRecord', { ...put, PartitionKey: null }, 'null', "'partitionKey'|Member must not be null"],
    ['PutRecord', { ...put, Data: undefined }, 'null', "'data'|Member must not be null"],
    [
      'PutRecord',
      { ...put, ExplicitHashKey: '01' },
      "'01'",
      "'explicitHashKey'|Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    ],
    ['PutRecords', { StreamName: 's' }, 'null', "'records'|Member must not be null"],
    [
      'PutRecords',
      { StreamName: 's', Records: [] },
      "'[]'",
      "'records'|Member must have length greater than or equal to 1",
    ],
    [
      'PutRecords',
      { StreamName: 's', Records: Array(501).fill(record) },
      `'[${Array(501).fill(member).join(', ')}]'`,
      "'records'|Member must have length less than or equal to 500",
    ],
    [
      'PutRecords',
      { StreamName: 's', Records: [record, { Data: '' }] },
      'null',
      "'records.2.member.partitionKey'|Member must not be null",
    ],
    ['GetShardIterator', { ...iterator, ShardId: undefined }, 'null', "'shardId'|Member must not be null"],
    [
      'GetShardIterator',
      { ...iterator, ShardIteratorType: 'OLDEST' },
      "'OLDEST'",
      "'shardIteratorType'|Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]",
    ],
    ['GetRecords', {}, 'null', "'shardIterator'|Member must not be null"],
    [
      'GetRecords',
      { ShardIterator: 'x', Limit: 10_001 },
      "'10001'",
      "'limit'|Member must have value less than or equal to 10000",
    ],
    [
      'GetRecords',
      { ShardIterator: 'x'.repeat(513) },
      `'${'x'.repeat(513)}'`,
      "'shardIterator'|Member must have length less than or equal to 512",
    ],
    ['ListStreams', { Limit: 0 }, "'0'", "'limit'|Member must have value greater than or equal to 1"],
  ];
  for (const [action, input, value, rest] of rows) {
    const [path, constraint] = rest.split(/\|(.*)/s);
    await t.test(`${action} ${path}: ${constraint}`, () => {
      assert.deepEqual(refusal(action, input), [
        'ValidationException',
        `1 validation error detected: Value ${value} at ${path} failed to satisfy constraint: ${constraint}`,
      ]);
    });
  }
});

test('several violated constraints are counted and listed, at most ten', () => {
  const [, two] = refusal('CreateStream', { StreamName: '' }) ?? [];
  assert.match(
    two ?? '',
    /^2 validation errors detected: Value '' at 'streamName' .+; Value '' at 'streamName' /,
  );
  const records = Array(20).fill({ PartitionKey: '', Data: '' });
  const [, ten] = refusal('PutRecords', { StreamName: 's', Records: records }) ?? [];
  assert.match(ten ?? '', /^10 validation errors detected: /);
});

test('requests that AWS accepts are not refused', () => {
  const fine: [ActionName, object][] = [
    ['ListStreams', {}],
    ['ListStreams', { Limit: 10_000, Unknown: 1 }],
    ['CreateStream', { StreamName: 'a'.repeat(128) }],
    ['CreateStream', { StreamName: 'A.b_c-1', ShardCount: 100_000 }],
    ['DescribeStream', { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }],
    ['PutRecord', { ...put, Data: Buffer.alloc(1_048_576).toString('base64') }],
    ['PutRecord', { ...put, Data: '', PartitionKey: 'k'.repeat(256) }],
    ['PutRecords', { StreamName: 's', Records: Array(500).fill(record) }],
    ['GetShardIterator', { ...iterator, ShardId: 'shard-000000000004', StartingSequenceNumber: null }],
  ];
  for (const [action, input] of fine) assert.equal(refusal(action, input), undefined);
});
