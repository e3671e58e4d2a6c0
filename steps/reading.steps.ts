import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { recordsOf } from '../support/client/answer.ts';
import { batchOf, getRecords, getShardIterator } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { iteratorAt, readOn } from '../support/observe/records.ts';
import { shardId } from '../support/observe/shards.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

Given('a stream that holds the records:', async function (this: ProxyWorld, table: DataTable) {
  await this.streams.take(
    'the stream',
    await this.worker.pool.holding('History', 5, batchOf(table.hashes())),
  );
});

Given('another stream that holds the records:', async function (this: ProxyWorld, table: DataTable) {
  await this.streams.take(
    'the other stream',
    await this.worker.pool.holding('Foreign', 1, batchOf(table.hashes())),
  );
});

Given('an iterator at the start of shard {int}', async function (this: ProxyWorld, shard: number) {
  this.reading.iterator = await startOf(this, shard);
});

Given(
  'the client also puts an iterator of shard {int} in the {place}',
  async function (this: ProxyWorld, shard: number, place: string) {
    const iterator = await startOf(this, shard);
    if (place === 'body') this.adds({ body: { ShardIterator: iterator, 'Shard-Iterator': iterator } });
    else this.adds({ query: [['Shard-Iterator', iterator]] });
  },
);

When('the client asks for an iterator of shard {string}', async function (this: ProxyWorld, shard: string) {
  const answer = await this.calls(getShardIterator(this.streams.nameOf('the stream'), shard));
  this.reading.iterator = answer.field('ShardIterator') as string | undefined;
});

When('the client asks for an iterator without naming a shard', async function (this: ProxyWorld) {
  await this.calls(getShardIterator(this.streams.nameOf('the stream')));
});

When(
  'the client asks for an iterator of {stream}',
  async function (this: ProxyWorld, stream: StreamReference) {
    await this.callsFor(this.streams.nameOf(stream), (name) => getShardIterator(name, shardId(0)));
  },
);

When('the client (has )read(s) with the iterator', async function (this: ProxyWorld) {
  await this.reading.once(this.streams.nameOf('the stream'));
});

When('the client reads with the iterator {string}', async function (this: ProxyWorld, iterator: string) {
  await this.calls(getRecords(this.streams.nameOf('the stream'), iterator));
});

When(
  'the client reads with the iterator in the header {string}',
  async function (this: ProxyWorld, header: string) {
    await this.calls(getRecords(this.streams.nameOf('the stream'), this.reading.iterator, header));
  },
);

When('the client reads without an iterator', async function (this: ProxyWorld) {
  await this.calls(getRecords(this.streams.nameOf('the stream')));
});

When('the client reads on until it has caught up', async function (this: ProxyWorld) {
  await this.reading.toEnd(this.streams.nameOf('the stream'));
});

When(
  'the client reads on under {stream} until it has caught up',
  async function (this: ProxyWorld, stream: StreamReference) {
    await this.reading.toEnd(this.streams.nameOf(stream));
  },
);

Then('Kinesis reads exactly {string} with it', async function (this: ProxyWorld, texts: string) {
  expect(this.client.answer).to.succeed();
  this.reading.assertOwnRecords();
  const { records } = await readOn(this.worker.clients.kinesis, String(this.reading.iterator), 'the shard');
  expect(
    records.map(({ data }) => data.toString('utf8')),
    'the shard from the iterator on',
  ).to.hold(listed(texts));
});

Then('it has read exactly {string}', function (this: ProxyWorld, texts: string) {
  assertRead(this, listed(texts));
});

Then('it has read no records', function (this: ProxyWorld) {
  assertRead(this, []);
});

Then('it has read the same records as before', function (this: ProxyWorld) {
  const { now, before } = this.reading.answers;
  if (before.flatMap(recordsOf).length === 0) this.reading.assertOwnRecords();
  expect(before.flatMap(recordsOf), 'the records of the first reading').to.not.be.empty;
  expect(now.flatMap(recordsOf), 'the second reading').to.hold(before.flatMap(recordsOf));
});

Then('it is {int} milliseconds behind', function (this: ProxyWorld, delay: number) {
  expect(this.client.answer).to.have.field('MillisBehindLatest', delay);
});

Then('the chain of iterators goes on', function (this: ProxyWorld) {
  for (const answer of this.reading.answers.now)
    expect(answer).to.have.fieldOfKind('NextShardIterator', 'a filled text');
});

Then('each record agrees with Kinesis in:', async function (this: ProxyWorld, table: DataTable) {
  const { records } = await readOn(this.worker.clients.kinesis, String(this.reading.iterator), 'the shard');
  const expected = records.map((record) => ({
    SequenceNumber: record.sequenceNumber,
    PartitionKey: record.partitionKey,
    Data: record.data.toString('base64'),
    ApproximateArrivalTimestamp: record.arrivedAt,
  }));
  const answered = this.reading.records.map((record) => ({
    ...record,
    ApproximateArrivalTimestamp: Math.round(Number(record.ApproximateArrivalTimestamp) * 1000),
  }));
  expect(answered, 'the records read').to.have.length(expected.length);
  for (const { field = '' } of table.hashes())
    expect(valuesOf(answered, field), `${field} of the records read`).to.deep.equal(
      valuesOf(expected, field),
    );
});

function startOf(world: ProxyWorld, shard: number): Promise<string> {
  return iteratorAt(world.worker.clients.kinesis, world.streams.nameOf('the stream'), shardId(shard));
}

function assertRead({ client, reading }: ProxyWorld, texts: readonly string[]): void {
  expect(client.answer).to.succeed();
  for (const answer of reading.answers.now) expect(answer).to.have.fieldOfKind('Records', 'a list');
  reading.assertOwnRecords();
  const read = reading.records.map(({ Data }) => Buffer.from(String(Data), 'base64').toString('utf8'));
  expect(read, 'what was read').to.hold(texts);
}

/** `"first, third"` as a list. */
function listed(texts: string): string[] {
  return texts.split(', ');
}

function valuesOf(records: readonly object[], field: string): unknown[] {
  return records.map((record) => (record as Record<string, unknown>)[field]);
}
