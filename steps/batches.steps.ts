import { type DataTable, Then, When } from '@cucumber/cucumber';
import { announced } from '../support/client/answer.ts';
import { type BatchRecord, batchOf, putRecords } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { isIncreasing } from '../support/observe/records.ts';
import { openShards, shardOf, toRange } from '../support/observe/shards.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

When('the client puts the records:', async function (this: ProxyWorld, table: DataTable) {
  await this.batch.puts(batchOf(table.hashes()));
});

When(
  'the client puts {int} records of several partition keys',
  async function (this: ProxyWorld, count: number) {
    await this.batch.puts(numbered(count));
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
    // Large as well as many, so that one batch alone exceeds a shard's 1 MB per second
    // (docs/facts/kinesis.md#limits).
    await this.batch.putsTooMuch(numbered(count, 4_000));
  },
);

Then('the answer counts no failed record', function (this: ProxyWorld) {
  const { answer } = this.client;
  expect(answer).to.have.status(200);
  expect(answer).to.have.field('FailedRecordCount', 0);
});

Then(
  'it names a place for each record, in the shard of its partition key',
  async function (this: ProxyWorld) {
    const { description } = await this.streams.known('the stream');
    const ranges = openShards(description.Shards).map(toRange);
    const places = this.batch.places();
    for (const { SequenceNumber } of places) expect(SequenceNumber, 'a sequence number').to.match(/^\d{56}$/);
    expect(
      places.map(({ ShardId }) => ShardId),
      'the shards of the places',
    ).to.deep.equal(this.batch.records.map(({ partitionKey }) => shardOf(partitionKey, ranges)));
  },
);

Then(
  'all of them are stored once, each at the place that the answer names',
  async function (this: ProxyWorld) {
    const places = this.batch.places();
    const alone = new Set(
      this.client.answers.map((answer) => answer.field('SequenceNumber')).filter(Boolean),
    );
    const records = await this.streams.newRecords('the stream', this.batch.records.length + alone.size);
    const stored = records
      .filter(({ sequenceNumber }) => !alone.has(sequenceNumber))
      .map((record) => [
        record.sequenceNumber,
        record.shardId,
        record.partitionKey,
        record.data.toString('utf8'),
      ]);
    const expected = this.batch.records.map(({ partitionKey, data }, i) => [
      places[i]?.SequenceNumber,
      places[i]?.ShardId,
      partitionKey,
      data,
    ]);
    expect(stored.sort(), 'the stream').to.hold(expected.sort());
  },
);

Then('the answer counts the failed records and tells at their places why', function (this: ProxyWorld) {
  const { answer } = this.client;
  expect(answer).to.have.status(200);
  const places = this.batch.places();
  const failed = places.filter(({ ErrorCode }) => ErrorCode);
  expect(answer).to.have.field('FailedRecordCount', failed.length);
  for (const place of failed) {
    expect(place.ErrorCode).to.match(/^(ProvisionedThroughputExceededException|InternalFailure)$/);
    expect(place, 'the place of a failed record').to.have.property('ErrorMessage').that.is.not.empty;
    expect(place.SequenceNumber ?? undefined, 'the number of a failed record').to.equal(undefined);
  }
});

Then(
  'the records that did not fail, and no others, are stored at their places',
  async function (this: ProxyWorld) {
    const accepted = this.batch
      .places()
      .flatMap(({ SequenceNumber, ErrorCode }, i) =>
        ErrorCode ? [] : [[SequenceNumber, this.batch.records[i]?.data]],
      );
    const all = new Set(this.client.answers.flatMap(announced));
    const records = await this.streams.newRecords('the stream', all.size);
    const held = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
    expect([...held].sort(), 'the stream').to.hold([...all].sort());
    const numbers = new Set(accepted.map(([number]) => number));
    const stored = records.map(({ sequenceNumber, data }) => [sequenceNumber, data.toString('utf8')]);
    expect(stored.filter(([number]) => numbers.has(number)).sort(), 'the stream').to.hold(accepted.sort());
  },
);

Then(
  'records of the same partition key are in one shard, with increasing sequence numbers',
  function (this: ProxyWorld) {
    const places = this.batch.places();
    for (const key of new Set(this.batch.records.map(({ partitionKey }) => partitionKey))) {
      const same = places.filter((_, i) => this.batch.records[i]?.partitionKey === key);
      const shards = new Set(same.map(({ ShardId }) => ShardId));
      expect(shards, `the shards of the partition key ${key}`).to.have.property('size', 1);
      const numbers = same.map(({ SequenceNumber }) => String(SequenceNumber));
      if (!isIncreasing(numbers))
        expect.fail(`expected sequence numbers that increase, and those of ${key} are ${numbers.join(', ')}`);
    }
  },
);

/** @param length the minimum length of each record's data. */
function numbered(count: number, length = 0): BatchRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    data: `record ${i} `.padEnd(length, 'x').trim(),
    partitionKey: `key-${i % 7}`,
  }));
}
