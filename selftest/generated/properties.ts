import fc from 'fast-check';
import type { Answer } from '../../support/client/answer.ts';
import {
  batchBody,
  createStream,
  deleteStream,
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
  putRecord,
  putRecords,
  recordBody,
} from '../../support/client/requests.ts';
import { shardOf } from '../../support/observe/shards.ts';
import {
  anyKey,
  anyText,
  isLegalName,
  isVerbatim,
  jsonValue,
  legalKey,
  shardCount,
  shardsAskedFor,
  streamName,
} from './arbitraries.ts';
import type { Fixture } from './fixture.ts';
import { Broken, expectRefusal, expectSame, expectSuccess, kindOf } from './kinds.ts';
import { sequences } from './model.ts';

/** A statement that holds for every call of a kind. */
export interface Property {
  readonly name: string;
  readonly statement: string;
  /** How many of its runs count as one run of the command. */
  readonly share: number;
  /** @param onFailure receives each failure, finally that of the smallest counterexample. */
  of(fixture: Fixture, onFailure: (error: unknown) => void): fc.IAsyncProperty<unknown>;
}

export function property<T>(
  name: string,
  statement: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T, fixture: Fixture) => Promise<void>,
  share = 1,
): Property {
  return {
    name,
    statement,
    share,
    of: (fixture, onFailure) =>
      fc.asyncProperty(arbitrary, async (value) => {
        fixture.client.answers.length = 0;
        try {
          await holds(value, fixture);
        } catch (error) {
          onFailure(error);
          throw error;
        }
      }) as fc.IAsyncProperty<unknown>,
  };
}

const SHARDS = 2;

/** Creates a stream for one try. */
function withStream(fixture: Fixture, attempt: (stream: string) => Promise<void>): Promise<void> {
  const stream = fixture.name();
  return fixture.alone([stream], async () => {
    await fixture.create(stream, SHARDS);
    await attempt(stream);
  });
}

export const PROPERTIES: readonly Property[] = [
  property(
    'data',
    'any JSON value put as Data is stored as its JSON text, at the place in the answer, and read back unchanged',
    fc.record({ data: jsonValue, key: legalKey }),
    ({ data, key }, fixture) =>
      withStream(fixture, async (stream) => {
        const answer = await fixture.client.send(putRecord(stream, recordBody(JSON.stringify(data), key)));
        expectSuccess(answer);
        const stored = await fixture.stored(stream);
        expectSame('the number of records', stored.length, 1);
        const [record] = stored;
        if (record === undefined) return;
        const { shardId, sequenceNumber } = record;
        expectSame(
          'the place',
          [answer.field('ShardId'), answer.field('SequenceNumber')],
          [shardId, sequenceNumber],
        );
        expectSame('the shard', shardId, shardOf(key, await fixture.shards(stream)));
        expectSame('the partition key', record.partitionKey, key);
        expectJson(record.data.toString('utf8'), data);
        const read = await readThrough(fixture, stream, shardId);
        expectSame('the records read', read, [[key, record.data.toString('base64')]]);
      }),
  ),
  property(
    'batch',
    'a batch of 1 to 500 records is stored record by record, in order; any other batch is refused',
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.array(fc.record({ data: anyText(20), partitionKey: legalKey }), { maxLength: 12 }),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(499, 500, 501, 502)
          .map((length) => Array.from({ length }, (_, at) => ({ data: '', partitionKey: `${at}` }))),
      },
    ),
    (records, fixture) =>
      withStream(fixture, async (stream) => {
        const answer = await fixture.client.send(putRecords(stream, batchBody(records)));
        const stored = await fixture.stored(stream);
        if (records.length === 0 || records.length > 500) {
          expectRefusal(answer, 'ValidationException');
          expectSame('the number of records', stored.length, 0);
          return;
        }
        expectSuccess(answer);
        expectSame('FailedRecordCount', answer.field('FailedRecordCount'), 0);
        const places = answer.field('Records') as { ShardId: string; SequenceNumber: string }[];
        expectSame('the number of places', places.length, records.length);
        const byNumber = new Map(stored.map((record) => [record.sequenceNumber, record]));
        expectSame('the number of records', [stored.length, byNumber.size], [records.length, records.length]);
        const found = places.map(({ ShardId, SequenceNumber }) => {
          const record = byNumber.get(SequenceNumber);
          return record && [record.data.toString('utf8'), record.partitionKey, record.shardId === ShardId];
        });
        expectSame(
          'the batch',
          found,
          records.map(({ data, partitionKey }) => [data, partitionKey, true]),
        );
      }),
  ),
  property(
    'stream-name',
    'a stream can be created, described, listed and deleted under any legal name, and under no other',
    streamName,
    (name, fixture) =>
      isVerbatim(name)
        ? fixture.alone([name], () =>
            isLegalName(name) ? liveAndDie(name, fixture) : refuseName(name, fixture),
          )
        : altered(name, fixture),
  ),
  property(
    'partition-key',
    'a record is stored under any legal partition key, in the shard of its MD5, and under no other key',
    anyKey,
    (key, fixture) =>
      withStream(fixture, async (stream) => {
        const answer = await fixture.client.send(putRecord(stream, recordBody('"data"', key)));
        const stored = await fixture.stored(stream);
        const kind = kindOf(answer);
        // Text that breaks the JSON may also change it (INJ-1): then another record is stored, but never two.
        if (!isVerbatim(key)) {
          expectSame('the number of records', stored.length, kind === 'success' ? 1 : 0);
        } else if (key === '' || key.length > 256) {
          expectRefusal(answer, 'ValidationException');
          expectSame('the number of records', stored.length, 0);
        } else {
          expectSuccess(answer);
          expectSame(
            'what is stored',
            stored.map((record) => [record.partitionKey, record.shardId, record.data.toString('utf8')]),
            [[key, shardOf(key, await fixture.shards(stream)), '"data"']],
          );
        }
      }),
  ),
  property(
    'shard-count',
    'a stream gets the requested number of shards, by default 5; what is not a number creates no stream',
    shardCount,
    (count, fixture) => {
      const stream = fixture.name();
      return fixture.alone([stream], async () => {
        const body = JSON.stringify(count === undefined ? {} : { ShardCount: count });
        const answer = await fixture.client.send(createStream(stream, body));
        const wanted = shardsAskedFor(count);
        if (wanted !== undefined && Number.isInteger(wanted) && wanted >= 1 && wanted <= 100_000) {
          expectSuccess(answer);
          expectSame('the body', answer.text, '');
          expectSame('the number of shards', (await fixture.shards(stream)).length, wanted);
        } else {
          expectRefusal(answer);
          if ((await fixture.streams()).includes(stream))
            throw new Broken(`the stream ${stream} was created`);
        }
      });
    },
  ),
  sequences,
];

/** A name that has to be escaped in JSON may break it, or become another name (INJ-1). */
async function altered(name: string, fixture: Fixture): Promise<void> {
  const own: string[] = [];
  const before = await fixture.streams();
  await fixture.alone(own, async () => {
    for (const request of [createStream(name, '{"ShardCount": 1}'), describeStream(name)])
      kindOf(await fixture.client.send(request));
    own.push(...(await fixture.streams()).filter((stream) => !before.includes(stream)));
  });
}

async function liveAndDie(name: string, fixture: Fixture): Promise<void> {
  const send = (request: Parameters<typeof fixture.client.send>[0]) => fixture.client.send(request);
  const created = await send(createStream(name, '{"ShardCount": 1}'));
  expectSuccess(created);
  expectSame('the body', created.text, '');
  expectSame('Kinesis has the stream', (await fixture.streams()).includes(name), true);
  const described = await send(describeStream(name));
  expectSuccess(described);
  expectSame('the name', described.field('StreamDescription.StreamName'), name);
  const listed = await send(listStreams());
  expectSame('the list', listed.field('StreamNames'), await fixture.streams());
  const deleted = await send(deleteStream(name));
  expectSuccess(deleted);
  expectSame('Kinesis has the stream', (await fixture.streams()).includes(name), false);
  expectRefusal(await send(describeStream(name)), 'ResourceNotFoundException');
}

async function refuseName(name: string, fixture: Fixture): Promise<void> {
  const calls = [
    createStream(name, '{"ShardCount": 1}'),
    putRecord(name, recordBody('1', 'k')),
    putRecords(name, batchBody([{ data: 'd', partitionKey: 'k' }])),
    getShardIterator(name, 'shardId-000000000000'),
    deleteStream(name),
  ];
  for (const request of calls) expectRefusal(await fixture.client.send(request));
  expectSame('Kinesis has the stream', (await fixture.streams()).includes(name), false);
}

/** The partition keys and base64 data that a client reads from the start of a shard. */
async function readThrough(fixture: Fixture, stream: string, shardId: string): Promise<[unknown, unknown][]> {
  const iterator = await fixture.client.send(getShardIterator(stream, shardId));
  expectSuccess(iterator);
  const page: Answer = await fixture.client.send(getRecords(stream, String(iterator.field('ShardIterator'))));
  expectSuccess(page);
  return ((page.field('Records') ?? []) as { PartitionKey: unknown; Data: unknown }[]).map(
    ({ PartitionKey, Data }) => [PartitionKey, Data],
  );
}

/** Compares a text byte for byte (PUT-6), anything else by its value: white space and escapes are free there. */
function expectJson(text: string, data: unknown): void {
  if (typeof data === 'string') {
    expectSame('the stored text', text, JSON.stringify(data));
    return;
  }
  try {
    expectSame('the stored value', JSON.parse(text), data);
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken(`the stored text is not JSON: ${text}`);
  }
}
