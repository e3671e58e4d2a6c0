import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asWritten, projectOnto } from './descriptions.ts';

const KNOWN = {
  StreamName: 's',
  StreamARN: 'arn',
  StreamStatus: 'ACTIVE' as const,
  HasMoreShards: false,
  RetentionPeriodHours: 24,
  StreamCreationTimestamp: new Date(1_763_852_425_900),
  EnhancedMonitoring: [],
  EncryptionType: undefined,
  Shards: [
    {
      ShardId: 'shardId-000000000000',
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: '9' },
      SequenceNumberRange: { StartingSequenceNumber: '1' },
    },
  ],
};
const WRITTEN = asWritten(KNOWN) as Record<string, unknown>;
const ANSWERED = { ...WRITTEN, StreamCreationTimestamp: 1_763_852_425.9 };

describe('descriptions', () => {
  it('agree if the answer has further members and nulls', () => {
    const answered = { Extra: 1, KeyId: null, ...ANSWERED };
    assert.deepEqual(projectOnto(answered, WRITTEN), WRITTEN);
  });

  for (const [what, change] of [
    ['a member is missing', { RetentionPeriodHours: undefined }],
    ['a member is null', { RetentionPeriodHours: null }],
    ['a member differs', { StreamStatus: 'CREATING' }],
    ['a shard is missing', { Shards: [] }],
    ['there is a further shard', { Shards: [...KNOWN.Shards, ...KNOWN.Shards] }],
    ['a shard lacks its range', { Shards: [{ ...KNOWN.Shards[0], HashKeyRange: undefined }] }],
    ['the time of creation differs', { StreamCreationTimestamp: 1_763_852_426 }],
  ] as const)
    it(`differ where ${what}`, () => {
      assert.notDeepEqual(projectOnto({ ...ANSWERED, ...change }, WRITTEN), WRITTEN);
    });
});
