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
  type ProxyRequest,
  putRecord,
  putRecords,
  recordBody,
} from '../../support/client/requests.ts';
import { shardId, shardOf } from '../../support/observe/shards.ts';
import { anyText, legalKey } from './arbitraries.ts';
import type { Fixture } from './fixture.ts';
import { expectRefusal, expectSame, expectSuccess } from './kinds.ts';
import type { Property } from './properties.ts';

/** A stream as the model has it: for each shard its records, oldest first. */
type Shards = { readonly key: string; readonly text: string }[][];

/** What a client knows that saw every answer. */
interface Model {
  readonly streams: Map<string, Shards>;
  /** The client's iterators, each with the records that it has yet to read. */
  readonly iterators: { readonly shards: Shards; readonly shard: number; readonly from: number }[];
}

/** The proxy and its iterators, in the order of the model's. */
interface Real {
  readonly fixture: Fixture;
  readonly prefix: string;
  readonly iterators: string[];
}

type Command = fc.AsyncCommand<Model, Real>;

/** One of the eight calls. @param judge compares the answer with the model, and updates the model. */
function command(
  text: string,
  request: (real: Real) => ProxyRequest,
  judge: (answer: Answer, model: Model, real: Real) => void,
  check: (model: Model) => boolean = () => true,
): Command {
  return {
    check,
    run: async (model, real) => judge(await real.fixture.client.send(request(real)), model, real),
    toString: () => text,
  };
}

/** Judges a call for a stream: it has to be refused where the model has no such stream. */
function onStream(
  text: string,
  name: string,
  request: (full: string) => ProxyRequest,
  judge: (answer: Answer, shards: Shards, model: Model, real: Real) => void,
): Command {
  return command(
    text,
    ({ prefix }) => request(prefix + name),
    (answer, model, real) => {
      const shards = model.streams.get(name);
      if (shards === undefined) expectRefusal(answer, 'ResourceNotFoundException');
      else judge(answer, shards, model, real);
    },
  );
}

const create = (name: string, count: number | undefined): Command =>
  command(
    `create ${name}${count === undefined ? '' : ` with ${count} shards`}`,
    ({ prefix }) => createStream(prefix + name, count === undefined ? undefined : `{"ShardCount": ${count}}`),
    (answer, { streams }) => {
      if (streams.has(name)) return expectRefusal(answer, 'ResourceInUseException');
      expectSuccess(answer);
      expectSame('the body', answer.text, '');
      streams.set(
        name,
        Array.from({ length: count ?? 5 }, () => []),
      );
    },
  );

const remove = (name: string): Command =>
  onStream(`delete ${name}`, name, deleteStream, (answer, _shards, { streams }) => {
    expectSuccess(answer);
    expectSame('the body', answer.text, '');
    streams.delete(name);
  });

const describe = (name: string): Command =>
  onStream(`describe ${name}`, name, describeStream, (answer, shards, _model, { prefix }) => {
    expectSuccess(answer);
    const { StreamName, StreamStatus, Shards } = answer.field('StreamDescription') as {
      StreamName: string;
      StreamStatus: string;
      Shards: { ShardId: string }[];
    };
    expectSame(
      'the description',
      [StreamName, StreamStatus, Shards.map(({ ShardId }) => ShardId)],
      [prefix + name, 'ACTIVE', shards.map((_, index) => shardId(index))],
    );
  });

const list = (): Command =>
  command('list', listStreams, (answer, { streams }, { prefix }) => {
    expectSuccess(answer);
    const names = (answer.field('StreamNames') ?? []) as string[];
    const own = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    expectSame('the list', own, [...streams.keys()].sort());
  });

const put = (name: string, key: string, data: unknown): Command =>
  onStream(
    `put ${JSON.stringify(data)} under ${JSON.stringify(key)} into ${name}`,
    name,
    (full) => putRecord(full, recordBody(JSON.stringify(data), key)),
    (answer, shards) => {
      expectSuccess(answer);
      expectSame('the shard', answer.field('ShardId'), add(shards, key, JSON.stringify(data)));
    },
  );

const putMany = (name: string, records: readonly { data: string; partitionKey: string }[]): Command =>
  onStream(
    `put ${JSON.stringify(records)} into ${name}`,
    name,
    (full) => putRecords(full, batchBody(records)),
    (answer, shards) => {
      expectSuccess(answer);
      const places = (answer.field('Records') ?? []) as { ShardId: string }[];
      expectSame(
        'the shards',
        places.map(({ ShardId }) => ShardId),
        records.map(({ data, partitionKey }) => add(shards, partitionKey, data)),
      );
    },
  );

const iterator = (name: string, shard: number): Command =>
  onStream(
    `get an iterator of shard ${shard} of ${name}`,
    name,
    (full) => getShardIterator(full, shardId(shard)),
    (answer, shards, model, real) => {
      if (shards[shard] === undefined) return expectRefusal(answer, 'ResourceNotFoundException');
      expectSuccess(answer);
      model.iterators.push({ shards, shard, from: 0 });
      real.iterators.push(String(answer.field('ShardIterator')));
    },
  );

const read = (choice: number): Command =>
  command(
    `get records with iterator ${choice}`,
    ({ iterators, prefix }) => getRecords(`${prefix}any`, iterators[choice % iterators.length]),
    (answer, model, real) => {
      const { shards, shard, from } = model.iterators[choice % model.iterators.length] ?? {
        shards: [],
        shard: 0,
        from: 0,
      };
      if (![...model.streams.values()].includes(shards)) return expectRefusal(answer);
      expectSuccess(answer);
      const held = shards[shard] ?? [];
      const got = (answer.field('Records') ?? []) as { PartitionKey: string; Data: string }[];
      expectSame(
        'the records read',
        got.map(({ PartitionKey, Data }) => [PartitionKey, Buffer.from(Data, 'base64').toString('utf8')]),
        held.slice(from).map(({ key, text }) => [key, text]),
      );
      model.iterators.push({ shards, shard, from: held.length });
      real.iterators.push(String(answer.field('NextShardIterator')));
    },
    ({ iterators }) => iterators.length > 0,
  );

/** Adds a record to the shard that its key belongs to. @returns the shard's id. */
function add(shards: Shards, key: string, text: string): string {
  // docs/facts/kinesis.md#shards: equal ranges, the last one up to the maximum.
  const part = 2n ** 128n / BigInt(shards.length);
  const ranges = shards.map((_, index) => ({
    id: shardId(index),
    first: part * BigInt(index),
    last: index === shards.length - 1 ? 2n ** 128n - 1n : part * BigInt(index + 1) - 1n,
  }));
  const id = shardOf(key, ranges);
  shards[ranges.findIndex((range) => range.id === id)]?.push({ key, text });
  return id;
}

const name = fc.constantFrom('a', 'b');
const data = fc.oneof(anyText(8), fc.integer(), fc.boolean(), fc.constant(null));
const record = fc.record({ data: anyText(8), partitionKey: legalKey });

const commands = fc.commands(
  [
    fc.tuple(name, fc.constantFrom(undefined, 1, 2, 3)).map((args) => create(...args)),
    fc.tuple(name, fc.constantFrom(undefined, 1, 2, 3)).map((args) => create(...args)),
    name.map(remove),
    name.map(describe),
    fc.constant(list()),
    fc.tuple(name, legalKey, data).map((args) => put(...args)),
    fc.tuple(name, legalKey, data).map((args) => put(...args)),
    fc.tuple(name, fc.array(record, { minLength: 1, maxLength: 4 })).map((args) => putMany(...args)),
    fc.tuple(name, fc.nat(3)).map((args) => iterator(...args)),
    fc.nat(9).map(read),
    fc.nat(9).map(read),
  ],
  { maxCommands: 30, size: '+1' },
);

/** Random sequences of the eight calls: each answer, and finally Kinesis itself, is compared with the model. */
export const sequences: Property = {
  name: 'sequences',
  statement: 'for any sequence of the eight calls, the answers and the state of Kinesis match a simple model',
  share: 0.5,
  of: (fixture, onFailure) =>
    fc.asyncProperty(commands, async (chosen) => {
      fixture.client.answers.length = 0;
      const prefix = `${fixture.name()}-`;
      const model: Model = { streams: new Map(), iterators: [] };
      try {
        await fixture.alone([`${prefix}a`, `${prefix}b`], async () => {
          await fc.asyncModelRun(
            () => ({ model, real: { fixture, prefix, iterators: [] as string[] } }),
            chosen,
          );
          for (const [own, shards] of model.streams) await expectHeld(fixture, prefix + own, shards);
          expectSame(
            'the streams in Kinesis',
            (await fixture.streams()).filter((stream) => stream.startsWith(prefix)),
            [...model.streams.keys()].sort().map((own) => prefix + own),
          );
        });
      } catch (error) {
        onFailure(error);
        throw error;
      }
    }) as fc.IAsyncProperty<unknown>,
};

async function expectHeld(fixture: Fixture, stream: string, shards: Shards): Promise<void> {
  const ids = (await fixture.shards(stream)).map(({ id }) => id);
  expectSame(
    `the shards of ${stream}`,
    ids,
    shards.map((_, index) => shardId(index)),
  );
  expectSame(
    `the records of ${stream} in Kinesis`,
    (await fixture.stored(stream)).map((stored) => [
      stored.shardId,
      stored.partitionKey,
      stored.data.toString('utf8'),
    ]),
    shards.flatMap((records, index) => records.map(({ key, text }) => [shardId(index), key, text])),
  );
}
