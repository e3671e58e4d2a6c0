import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HASH_SPACE, shardId } from './shards.ts';
import type { Stream } from './streams.ts';
import { shardOf, Throughput } from './throughput.ts';

/** Five shards as facts 4.4 divides them. */
function stream(mode: Stream['mode'] = 'PROVISIONED'): Stream {
  const width = HASH_SPACE / 5n;
  const shards = [0, 1, 2, 3, 4].map((index) => ({
    ShardId: shardId(index),
    HashKeyRange: {
      StartingHashKey: String(width * BigInt(index)),
      EndingHashKey: String(index === 4 ? HASH_SPACE - 1n : width * BigInt(index + 1) - 1n),
    },
    SequenceNumberRange: { StartingSequenceNumber: '1' },
  }));
  return { mode, shards } as unknown as Stream;
}

test('facts 4.4 CALC: partition keys and their shards', () => {
  const five = stream();
  const expected = { 'some key': 4, a: 0, b: 2, '1': 3, test: 0, pk: 0, 'partition-key': 2, 'key-1': 0 };
  for (const [PartitionKey, index] of Object.entries(expected))
    assert.equal(shardOf(five, { PartitionKey })?.ShardId, shardId(index), PartitionKey);
});

test('facts 4.2: a shard takes 1,000 records a second, and then again', () => {
  let now = 0;
  const throughput = new Throughput(() => now);
  const five = stream();
  const put = (PartitionKey: string) => throughput.take(five, { PartitionKey }, 1);
  for (let count = 0; count < 1000; count += 1) assert.ok(put('some key'));
  assert.equal(put('some key'), false);
  assert.ok(put('a'), 'another shard has a limit of its own');
  now = 1000;
  assert.ok(put('some key'));
});

test('facts 4.2: a shard takes 1 MiB a second', () => {
  const throughput = new Throughput(() => 0);
  const five = stream();
  assert.ok(throughput.take(five, { PartitionKey: 'a' }, 1_048_576));
  assert.equal(throughput.take(five, { PartitionKey: 'a' }, 1), false);
});

test('an on-demand stream has no such limit', () => {
  const throughput = new Throughput(() => 0);
  const five = stream('ON_DEMAND');
  assert.ok(throughput.take(five, { PartitionKey: 'a' }, 2_000_000));
  assert.ok(throughput.take(five, { PartitionKey: 'a' }, 1));
});
