import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from './limits.ts';
import { parseSequenceNumber } from './sequence-numbers.ts';
import { equalRanges, HASH_SPACE, type Shard, shardId, shardIndex } from './shard.ts';
import { Stream, type StreamMode } from './stream.ts';
import { Transition } from './transition.ts';

const HOUR = 3_600_000;
const START = 1_795_477_247_613;

/** Creates an ACTIVE stream, a clock that only the test moves, and a function that puts by hash. */
function setUp(shardCount: number, { mode = 'PROVISIONED' as StreamMode, maxStoredBytes = 2 ** 30 } = {}) {
  const clock = { now: START };
  const usage = new Usage(maxStoredBytes);
  const stream = new Stream({
    account: { id: '000000000000', region: 'us-east-1', partition: 'aws', now: () => clock.now },
    usage,
    name: 's',
    arn: 'arn',
    serial: 1,
    shardCount,
    mode,
    tags: {},
    creation: new Transition(START, { millis: 0, unseenMillis: 0 }),
  });
  const put = (hash: bigint, data = 'aGk=') => stream.put({ data, partitionKey: 'k', hash, bytes: 3 });
  return { clock, usage, stream, put };
}

const open = (stream: Stream) => stream.shards.filter(({ isOpen }) => isOpen);
const rangesOf = (shards: readonly Shard[]) =>
  shards.map(({ range }) => range).sort((a, b) => (a.start < b.start ? -1 : 1));

// docs/facts/kinesis.md#shards
test('a shard id may have any prefix before the hyphen', () => {
  for (const id of ['shardId-000000000004', 'shard-000000000004', 'x-4', '-4', '4'])
    assert.equal(shardIndex(id), 4);
  for (const id of ['shardId-', 'ABKLFD8', '2.14E4', '2147483648', 'x-y'])
    assert.equal(shardIndex(id), undefined);
  assert.equal(shardId(4), 'shardId-000000000004');
});

// docs/facts/kinesis.md#shards
test('the shards of a new stream divide the hash space: floor(2^128/n)*i', () => {
  for (const count of [1, 2, 3, 4, 5, 7, 8, 16, 1000]) {
    let start = 0n;
    for (const [index, range] of equalRanges(count).entries()) {
      assert.equal(range.start, (HASH_SPACE / BigInt(count)) * BigInt(index));
      assert.equal(range.start, start);
      start = range.end + 1n;
    }
    assert.equal(start, HASH_SPACE);
  }
});

test('each hash goes to the open shard whose range contains it, also at the edges', () => {
  for (const count of [1, 2, 5, 7]) {
    const { stream, put } = setUp(count);
    for (const { range, id } of stream.shards)
      for (const hash of [range.start, range.start + 1n, range.end]) assert.equal(put(hash).shard.id, id);
  }
});

// docs/facts/kinesis.md#sequence-numbers
test('sequence indices are consecutive across the shards of one stream', () => {
  const { put } = setUp(5);
  const indices = [0n, HASH_SPACE - 1n, HASH_SPACE / 2n, 0n].map(
    (hash) => parseSequenceNumber(put(hash).sequenceNumber ?? '0')?.index,
  );
  assert.deepEqual(indices, [1n, 2n, 3n, 4n]);
});

// docs/facts/kinesis.md#resharding
test('a split keeps the parent open while UPDATING, then closes it with an ending sequence number', () => {
  const { clock, stream, put } = setUp(1);
  const [parent] = stream.shards as [Shard];
  stream.split(parent, 2n, 500);
  assert.equal(stream.status, 'UPDATING');
  assert.deepEqual(
    stream.shards.map(({ id }) => id),
    [parent.id],
  );
  assert.equal(put(1n).shard, parent);
  clock.now += 500;
  assert.equal(stream.status, 'ACTIVE');
  const [, low, high] = stream.shards as [Shard, Shard, Shard];
  const range = parent.description.SequenceNumberRange;
  const end = parseSequenceNumber(range.EndingSequenceNumber ?? '0');
  const start = parseSequenceNumber(range.StartingSequenceNumber);
  assert.deepEqual(
    [end?.shardIndex, end?.shardCreated, end?.index],
    [0, start?.shardCreated, 0x7fff_ffff_ffff_ffffn],
  );
  for (const child of [low, high]) {
    assert.equal(child.description.ParentShardId, parent.id);
    const own = parseSequenceNumber(child.description.SequenceNumberRange.StartingSequenceNumber);
    assert.deepEqual([own?.index, own?.shardCreated], [0n, own?.time]);
    assert.equal((own?.time ?? 0) - (end?.time ?? 0), 1);
  }
  assert.deepEqual(rangesOf([low, high]), [
    { start: 0n, end: 1n },
    { start: 2n, end: HASH_SPACE - 1n },
  ]);
  assert.equal(put(1n).shard, low);
  assert.equal(put(2n).shard, high);
  assert.deepEqual(stream.childrenOf(parent), [low, high]);
});

test('a merge has two parents', () => {
  const { stream, usage } = setUp(2);
  const [first, second] = stream.shards as [Shard, Shard];
  stream.merge(first, second, 0);
  const merged = stream.shards[2] as Shard;
  assert.deepEqual(
    [merged.description.ParentShardId, merged.description.AdjacentParentShardId],
    [first.id, second.id],
  );
  assert.deepEqual(rangesOf(open(stream)), equalRanges(1));
  assert.equal(usage.openShards, 1);
});

test('whatever its number of shards, a rescaled stream divides the hash space into equal ranges', () => {
  for (const [from, to] of [
    [1, 2],
    [2, 3],
    [5, 3],
    [5, 7],
    [4, 2],
    [7, 14],
    [9, 5],
  ] as const) {
    const { stream, usage, put } = setUp(from);
    stream.rescale(to, 0);
    assert.deepEqual(rangesOf(open(stream)), equalRanges(to), `${from} to ${to}`);
    assert.deepEqual([stream.openShardCount, usage.openShards], [to, to]);
    for (const { parents, isOpen } of stream.shards) {
      assert.ok(parents.length <= 2);
      assert.ok(parents.every((parent) => !parent.isOpen) || !isOpen);
    }
    for (const { start, end } of equalRanges(to)) assert.equal(put(start).shard, put(end).shard);
  }
});

test('reading continues from any position, in order, and returns each record once', () => {
  const { stream, put } = setUp(2);
  for (let count = 0; count < 10; count += 1) put(count % 2 === 0 ? 0n : HASH_SPACE - 1n);
  const [shard] = stream.shards as [Shard];
  const first = shard.read(0, 3);
  assert.deepEqual([first.records.map(({ index }) => index), first.hasMore], [[1, 3, 5], true]);
  const rest = shard.read(6, 3);
  assert.deepEqual([rest.records.map(({ index }) => index), rest.hasMore], [[7, 9], false]);
  assert.deepEqual(shard.read(stream.newestPosition), { records: [], hasMore: false });
});

test('positions by time and by sequence number, of records and between them', () => {
  const { clock, stream, put } = setUp(1);
  const numbers = [0, 1, 2].map(() => {
    clock.now += 1000;
    return parseSequenceNumber(put(0n).sequenceNumber ?? '0');
  });
  const [shard] = stream.shards as [Shard];
  assert.equal(shard.positionAtTime(START, 9), 1);
  assert.equal(shard.positionAtTime(START + 1001, 9), 2);
  assert.equal(shard.positionAtTime(START + 3001, 9), 9);
  const second = numbers[1];
  assert.ok(second);
  assert.equal(shard.positionAt(second, false), 2);
  assert.equal(shard.positionAt(second, true), 3);
  assert.equal(shard.positionAt({ ...second, time: second.time + 1 }, false), 3);
  assert.equal(shard.positionAt({ ...second, time: second.time - 1 }, true), 2);
  assert.equal(shard.positionAt({ ...second, index: 7n }, true), 7);
});

test('one answer has at most 10 MiB, but at least one record', () => {
  const { stream, put } = setUp(1);
  (stream.shards[0] as Shard).throughput.unlimit();
  const large = 'A'.repeat((4 * 4 * 1_048_576) / 3 + 4 - (((4 * 4 * 1_048_576) / 3) % 4));
  for (let count = 0; count < 4; count += 1) put(0n, large);
  const { records, hasMore } = (stream.shards[0] as Shard).read(0);
  assert.deepEqual([records.length, hasMore], [2, true]);
});

test('records are kept for the retention period, then their memory is released', () => {
  const { clock, stream, usage, put } = setUp(1);
  put(0n);
  const held = usage.storedBytes;
  assert.ok(held > 0);
  clock.now += 12 * HOUR;
  put(0n);
  const shard = stream.shards[0] as Shard;
  clock.now += 12 * HOUR + 1;
  shard.expire(stream.trimHorizon);
  assert.deepEqual(
    shard.read(0).records.map(({ index }) => index),
    [2],
  );
  assert.equal(usage.storedBytes, held);
  stream.retentionHours = 48;
  clock.now += 24 * HOUR;
  shard.expire(stream.trimHorizon);
  assert.equal(shard.read(0).records.length, 1);
  stream.discard();
  assert.deepEqual([usage.storedBytes, usage.openShards], [0, 0]);
});

test('a closed shard is discarded with its last record', () => {
  const { clock, stream, usage, put } = setUp(1);
  put(0n);
  stream.split(stream.shards[0] as Shard, 5n, 0);
  assert.equal(stream.shards.length, 3);
  clock.now += 24 * HOUR;
  assert.equal(stream.shards.length, 3);
  clock.now += 1;
  assert.deepEqual(
    stream.shards.map(({ index }) => index),
    [1, 2],
  );
  assert.equal(usage.storedBytes, 0);
});

test('a shard accepts no records beyond the memory limit, until others are discarded', () => {
  const { clock, stream, put } = setUp(1, { maxStoredBytes: 1000 });
  let taken = 0;
  while (put(0n).sequenceNumber !== undefined) taken += 1;
  assert.ok(taken > 1 && taken < 10, String(taken));
  clock.now += 24 * HOUR + 1;
  assert.notEqual(put(0n).sequenceNumber, undefined);
  assert.equal((stream.shards[0] as Shard).read(0).records.at(-1)?.index, taken + 1);
});

// docs/facts/kinesis.md#limits
test('a shard is throttled in both capacity modes, unless it is unlimited', () => {
  const provisioned = setUp(2);
  const onDemand = setUp(2, { mode: 'ON_DEMAND' });
  for (let count = 0; count < 1000; count += 1) {
    assert.ok(provisioned.put(0n).sequenceNumber);
    assert.ok(onDemand.put(0n).sequenceNumber);
  }
  assert.equal(provisioned.put(0n).sequenceNumber, undefined);
  assert.ok(provisioned.put(HASH_SPACE - 1n).sequenceNumber, 'another shard has its own limit');
  assert.equal(onDemand.put(0n).sequenceNumber, undefined);
  (onDemand.stream.shards[0] as Shard).throughput.unlimit();
  assert.ok(onDemand.put(0n).sequenceNumber);
});

test('time does not run backwards within a shard', () => {
  const { clock, stream, put } = setUp(1);
  clock.now += 9000;
  put(0n);
  clock.now -= 5000;
  put(0n);
  assert.deepEqual(
    (stream.shards[0] as Shard).read(0).records.map(({ arrivedAt }) => arrivedAt),
    [START + 9000, START + 9000],
  );
});
