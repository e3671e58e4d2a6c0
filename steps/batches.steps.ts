import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type DataTable, Then, When } from '@cucumber/cucumber';
import { announced } from '../support/client/answer.ts';
import { type BatchRecord, batchOf, putRecords } from '../support/client/requests.ts';
import { isIncreasing } from '../support/observe/records.ts';
import { openShards, shardOf, toRange } from '../support/observe/shards.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

When('the client puts the records:', async function (this: ProxyWorld, table: DataTable) {
  await this.putsBatch(batchOf(table.hashes()));
});

When(
  'the client puts {int} records of several partition keys',
  async function (this: ProxyWorld, count: number) {
    await this.putsBatch(numbered(count));
  },
);

When(
  'the client puts records into {stream} with {body}',
  async function (this: ProxyWorld, stream: StreamReference, body?: string) {
    await this.callsFor(this.streams.nameOf(stream), (name) => putRecords(name, body));
  },
);

When(
  'the client puts batches of {int} records until Kinesis takes one only in part',
  async function (this: ProxyWorld, count: number) {
    // Heavy as well as many, so that one batch is too much by itself for a shard's 1 MB a second (facts 4.2).
    await this.putsTooMuch(numbered(count, 4_000));
  },
);

Then('the answer counts no failed record', function (this: ProxyWorld) {
  const { answer } = this.client;
  assert.equal(answer.status, 200, String(answer));
  assert.equal(answer.field('FailedRecordCount'), 0, String(answer));
});

Then(
  'it names a place for each record, in the shard of its partition key',
  async function (this: ProxyWorld) {
    const { description } = await this.streams.known('the stream');
    const ranges = openShards(description.Shards).map(toRange);
    const places = this.places();
    for (const { SequenceNumber } of places) assert.match(String(SequenceNumber), /^\d{56}$/);
    assert.deepEqual(
      places.map(({ ShardId }) => ShardId),
      this.batch.map(({ partitionKey }) => shardOf(partitionKey, ranges)),
    );
  },
);

Then(
  'all of them are stored once, each at the place that the answer names',
  async function (this: ProxyWorld) {
    const places = this.places();
    const alone = new Set(
      this.client.answers.map((answer) => answer.field('SequenceNumber')).filter(Boolean),
    );
    const records = await this.streams.newRecords('the stream', this.batch.length + alone.size);
    const stored = records
      .filter(({ sequenceNumber }) => !alone.has(sequenceNumber))
      .map((record) => [
        record.sequenceNumber,
        record.shardId,
        record.partitionKey,
        record.data.toString('utf8'),
      ]);
    const expected = this.batch.map(({ partitionKey, data }, i) => [
      places[i]?.SequenceNumber,
      places[i]?.ShardId,
      partitionKey,
      data,
    ]);
    assertSame(stored.sort(), expected.sort());
  },
);

Then('the answer counts the failed records and tells at their places why', function (this: ProxyWorld) {
  const { answer } = this.client;
  assert.equal(answer.status, 200, String(answer));
  const places = this.places();
  const failed = places.filter(({ ErrorCode }) => ErrorCode);
  assert.equal(answer.field('FailedRecordCount'), failed.length);
  for (const place of failed) {
    assert.match(String(place.ErrorCode), /^(ProvisionedThroughputExceededException|InternalFailure)$/);
    assert.ok(place.ErrorMessage && !place.SequenceNumber, JSON.stringify(place));
  }
});

Then(
  'the records that did not fail, and no others, are stored at their places',
  async function (this: ProxyWorld) {
    const accepted = this.places().flatMap(({ SequenceNumber, ErrorCode }, i) =>
      ErrorCode ? [] : [[SequenceNumber, this.batch[i]?.data]],
    );
    const all = new Set(this.client.answers.flatMap(announced));
    const records = await this.streams.newRecords('the stream', all.size);
    assertSame([...new Set(records.map(({ sequenceNumber }) => sequenceNumber))].sort(), [...all].sort());
    const numbers = new Set(accepted.map(([number]) => number));
    const stored = records.map(({ sequenceNumber, data }) => [sequenceNumber, data.toString('utf8')]);
    assertSame(stored.filter(([number]) => numbers.has(number)).sort(), accepted.sort());
  },
);

Then(
  'records of the same partition key are in one shard, with increasing sequence numbers',
  function (this: ProxyWorld) {
    const places = this.places();
    for (const key of new Set(this.batch.map(({ partitionKey }) => partitionKey))) {
      const same = places.filter((_, i) => this.batch[i]?.partitionKey === key);
      assert.equal(new Set(same.map(({ ShardId }) => ShardId)).size, 1, `the shards of ${key}`);
      const numbers = same.map(({ SequenceNumber }) => String(SequenceNumber));
      assert.ok(isIncreasing(numbers), numbers.join(', '));
    }
  },
);

/** @param length of each record's data, at least. */
function numbered(count: number, length = 0): BatchRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    data: `record ${i} `.padEnd(length, 'x').trim(),
    partitionKey: `key-${i % 7}`,
  }));
}

/** Tells the first difference only: to compare two lists of hundreds line by line takes assert seconds. */
function assertSame(stored: readonly unknown[], expected: readonly unknown[]): void {
  const longest = stored.length > expected.length ? stored : expected;
  const at = longest.findIndex((_, i) => !isDeepStrictEqual(stored[i], expected[i]));
  if (at >= 0)
    assert.fail(
      `${stored.length} records are stored, ${expected.length} were to be; the first that differs is ` +
        `${JSON.stringify(stored[at])} instead of ${JSON.stringify(expected[at])}`,
    );
}
