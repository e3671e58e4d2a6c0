import { type DataTable, Then, When } from '@cucumber/cucumber';
import { type BatchRecord, batchOf, putRecord, recordBody } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { isIncreasing } from '../support/observe/records.ts';
import type { JsonText } from '../support/parameter-types.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

When(
  'the client puts {json} under the partition key {string}',
  async function (this: ProxyWorld, data: JsonText, key: string) {
    await this.calls(putRecord(this.streams.nameOf('the stream'), recordBody(data.text, key)));
  },
);

When(
  'the client puts data of {int} bytes under a partition key of {int} character(s)',
  async function (this: ProxyWorld, bytes: number, length: number) {
    this.dataPut = `"${'x'.repeat(bytes - 2)}"`;
    await this.calls(
      putRecord(this.streams.nameOf('the stream'), recordBody(this.dataPut, 'k'.repeat(length))),
    );
  },
);

When(
  'the client puts a record into {stream} with {body}',
  async function (this: ProxyWorld, stream: StreamReference, body?: string) {
    await this.callsFor(this.streams.nameOf(stream), (name) => putRecord(name, body));
  },
);

When('the client puts a record into a stream that is still being created', async function (this: ProxyWorld) {
  await this.states.putsWhileCreating(recordBody('"too early"', 'k'));
});

When('the client puts these records one by one:', async function (this: ProxyWorld, table: DataTable) {
  const name = this.streams.nameOf('the stream');
  await this.callsEach(
    batchOf(table.hashes()).map(({ data, partitionKey }) => putRecord(name, recordBody(data, partitionKey))),
  );
});

Then('the answer names the shard {string}', function (this: ProxyWorld, shard: string) {
  expect(this.client.answer).to.have.field('ShardId', shard);
});

Then(
  'Kinesis holds the JSON text {json} where the answer says',
  async function (this: ProxyWorld, data: JsonText) {
    expect(this.client.answer).to.succeed();
    const record = await this.recordAnswered();
    expect(parsed(record?.data.toString('utf8')), `the data stored, ${record?.data}`).to.deep.equal(
      data.value,
    );
  },
);

Then(
  'Kinesis holds data of {int} bytes where the answer says',
  async function (this: ProxyWorld, bytes: number) {
    const record = await this.recordAnswered();
    expect(record?.data.length, 'the bytes stored').to.equal(bytes);
    if (!record?.data.equals(Buffer.from(this.dataPut)))
      expect.fail(`expected the ${bytes} bytes that were put, and Kinesis holds others`);
  },
);

Then(
  'the stream holds exactly one new record, the JSON text {json}',
  async function (this: ProxyWorld, data: JsonText) {
    expect(this.client.answer).to.succeed();
    const records = await this.streams.newRecords('the stream', 1);
    expect(
      records.map((record) => parsed(record.data.toString('utf8'))),
      'the data of the new records',
    ).to.deep.equal([data.value]);
  },
);

Then(
  'it is at the place that the answer names, under the partition key {string}',
  async function (this: ProxyWorld, key: string) {
    const [record] = await this.streams.newRecords('the stream', 1);
    expect(this.client.answer).to.have.field('ShardId', record?.shardId ?? 'that of a new record');
    expect(this.client.answer).to.have.field(
      'SequenceNumber',
      record?.sequenceNumber ?? 'that of a new record',
    );
    expect(record?.partitionKey, 'the partition key').to.equal(key);
  },
);

Then('the record is stored under exactly that partition key, or refused', async function (this: ProxyWorld) {
  const { answer } = this.client;
  const { PartitionKey: given } = JSON.parse(answer.exchange.request.body ?? '{}') as {
    PartitionKey?: string;
  };
  if (answer.succeeded) {
    const records = await this.streams.newRecords('the stream', 1);
    const keys = records.map(({ partitionKey }) => partitionKey);
    expect(keys, 'the partition keys of the records stored').to.deep.equal([given]);
    return;
  }
  expect(await this.streams.unwantedRecords('the stream'), 'records stored all the same').to.deep.equal([]);
  if (answer.errorType === 'SerializationException')
    this.reportWeakness(`the partition key ${JSON.stringify(given)} breaks the request to Kinesis`);
});

Then('their sequence numbers increase', function (this: ProxyWorld) {
  const numbers = this.lastAnswers.map((answer) => String(answer.field('SequenceNumber')));
  if (!isIncreasing(numbers))
    expect.fail(`expected sequence numbers that increase, and they are ${numbers.join(', ')}`);
});

Then(
  'the stream holds exactly these new records, in order:',
  async function (this: ProxyWorld, table: DataTable) {
    const expected = batchOf(table.hashes());
    expect(await newRecords(this, expected.length), 'the stream').to.hold(expected);
  },
);

// Across shards records have no order.
Then('the stream holds exactly these new records:', async function (this: ProxyWorld, table: DataTable) {
  const expected = batchOf(table.hashes());
  const stored = await newRecords(this, expected.length);
  expect(stored.sort(byData), 'the stream').to.hold(expected.sort(byData));
});

Then('nothing is stored in {stream}', async function (this: ProxyWorld, stream: StreamReference) {
  const records = await this.streams.unwantedRecords(stream);
  expect(
    records.map(({ data }) => data.toString('utf8')),
    stream,
  ).to.hold([]);
});

/** The new records of the stream, shard by shard in order. */
async function newRecords(world: ProxyWorld, atLeast: number): Promise<BatchRecord[]> {
  const records = await world.streams.newRecords('the stream', atLeast);
  return records.map(({ data, partitionKey }) => ({ data: data.toString('utf8'), partitionKey }));
}

function byData(a: BatchRecord, b: BatchRecord): number {
  return a.data < b.data ? -1 : 1;
}

/** The value of a JSON text; text that is not JSON differs from every value. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return new SyntaxError(`not JSON: ${text}`);
  }
}
