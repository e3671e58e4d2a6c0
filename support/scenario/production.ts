import type { StreamDescription } from '@aws-sdk/client-kinesis';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import type { Answer } from '../client/answer.ts';
import type { IntendedRecord, Intent } from '../client/by-interface.ts';
import { expect } from '../expect/expect.ts';
import { iteratorAt, readOn, type StoredRecord, store } from '../observe/records.ts';
import type { ProxyWorld, StreamReference } from '../world.ts';
import { Consumer, startOf } from './consumer.ts';
import { answered, type Change } from './offered.ts';

/** Records put after an iterator that starts after all existing ones. */
const COUNT_OF_LATER = 10;
/** Gives the scenario a stream, if clients of the API can choose it, and skips the existing records of others. */
export async function takesStream(world: ProxyWorld): Promise<void> {
  if (world.offered.choosesStream || readsServed(world)) await takesAny(world);
  await world.offered.fixed.settle();
}

/** The same, with a stream of five shards. */
export async function takesFive(world: ProxyWorld): Promise<void> {
  if (readsServed(world)) await takesAny(world);
  else if (world.offered.choosesStream)
    await world.streams.take('the stream', await world.worker.pool.shared('Five', 5));
  await world.offered.fixed.settle();
}

/** Gives the scenario a stream that it may fill or overload: a new one, where the API can reach it. */
export async function takesOwnStream(world: ProxyWorld): Promise<void> {
  const { offered, worker, streams } = world;
  if (readsServed(world)) await takesAny(world);
  else await streams.own('the stream', await worker.pool.fresh());
  await offered.fixed.settle();
}

/** Whether the API can use no stream but those that its roles name: its clients choose one, or just have an iterator. */
function readsServed({ offered, deployment }: ProxyWorld): boolean {
  return (
    deployment.servedStreams !== undefined && (offered.choosesStream || offered.fixed.names.length === 0)
  );
}

async function takesAny(world: ProxyWorld): Promise<void> {
  const [served] = world.deployment.servedStreams ?? [];
  if (served !== undefined) {
    await world.streams.take('the stream', await world.worker.pool.named(served));
    return;
  }
  try {
    await world.streams.take('the stream', await world.worker.pool.any());
  } catch (error) {
    // The answers about a given stream are judged, even if its content cannot be read.
    if (!(error instanceof NotObservable) || world.worker.seesKinesis || givenStream(world) === undefined)
      throw error;
  }
}

function givenStream({ deployment }: ProxyWorld): string | undefined {
  return deployment.limits?.stream;
}

/** The name of a stream that does not exist. */
const NO_STREAM = 'none';

/** Calls an action correctly, on the scenario's stream. */
export async function callsAction(
  world: ProxyWorld,
  action: string,
  intent: Intent = {},
  change?: Change,
): Promise<void> {
  for (const call of world.offered.calls(action)) {
    // Each method that deletes needs a stream of its own.
    const last = deletedIn(world).at(-1);
    if (last !== undefined && last === streamOf(world))
      await world.streams.own('the stream', await world.worker.pool.fresh());
    await world.offered.make(call, { ...(await subjectsOf(world, action)), ...intent }, change);
  }
  world.lastAnswers = world.offered.attempts.map(({ answer }) => answer);
}

/** The streams that the API said it deleted, in order. */
export function deletedIn({ offered: { attempts } }: ProxyWorld): string[] {
  return attempts.flatMap(({ call, intent, answer }) =>
    call.action === 'DeleteStream' && answer.succeeded ? (intent.stream ?? []) : [],
  );
}

/** The input of a correct call: the scenario's stream and its content. */
export async function subjectsOf(world: ProxyWorld, action: string): Promise<Intent> {
  if (action === 'ListStreams') return {};
  if (action === 'CreateStream') return { stream: world.streams.nameOf('a new stream'), shardCount: '1' };
  const stream = streamOf(world);
  if (action === 'GetRecords') return { stream, iterator: await someIterator(world) };
  return { stream, shardId: FIRST_SHARD, records: SOME_RECORDS };
}

/** A valid iterator, at the oldest record. */
export async function someIterator(world: ProxyWorld): Promise<string> {
  return iteratorAt(world.worker.clients.kinesis, await readableStream(world), FIRST_SHARD);
}

/** A stream for iterators. The role of an API whose clients cannot choose one may allow no other than its own. */
async function readableStream(world: ProxyWorld): Promise<string> {
  const { offered, streams, deployment, worker } = world;
  const [fixed] = offered.fixed.names;
  const isOwn = deployment.target.kind !== 'url' && !offered.choosesStream;
  if (fixed !== undefined && isOwn) return fixed;
  if (streams.has('the stream')) return streams.nameOf('the stream');
  return fixed ?? deployment.servedStreams?.[0] ?? (await worker.pool.any()).name;
}

export function streamOf(world: ProxyWorld): string {
  if (world.streams.has('the stream')) return world.streams.nameOf('the stream');
  const given = givenStream(world);
  if (given !== undefined && !world.worker.seesKinesis) return given;
  return world.offered.choosesStream ? world.streams.nameOf('the unknown stream') : NO_STREAM;
}

export const FIRST_SHARD = 'shardId-000000000000';
export const SOME_RECORDS: readonly IntendedRecord[] = [
  { data: 'some data', partitionKey: 'some key' },
  { data: 'some other data', partitionKey: 'some key' },
];

/** The streams that the scenario's calls created, once they are active. */
export async function becomeActive({ offered, streams, worker }: ProxyWorld): Promise<StreamDescription[]> {
  const found: StreamDescription[] = [];
  const last = streams.nameOf('the stream');
  // Each method that creates streams was given a name of its own.
  for (const { intent } of offered.attempts)
    if (intent.stream !== undefined && intent.stream !== last)
      found.push(await worker.streams.active(intent.stream));
  return [...found, (await streams.known('the stream')).description];
}

/** Puts records directly into the stream, and into the fixed ones. */
export async function fill(
  world: ProxyWorld,
  reference: StreamReference,
  count: number,
  text = 'record',
): Promise<void> {
  for (const name of [world.streams.nameOf(reference), ...world.offered.fixed.names])
    for (let index = 0; index < count; index += 1)
      await store(world.worker.clients.kinesis, name, {
        // JSON, since a proxy that only accepts JSON may print it into its answer unescaped.
        data: JSON.stringify({ [text]: index }),
        // A key may have any character, and is read unchanged.
        partitionKey: index % 5 === 0 ? `a "quoted" key ${index}` : `key ${index}`,
      });
}

/** Members of the records in the answers; empty where the answers lack them. */
export interface Told {
  readonly PartitionKey: readonly unknown[];
  readonly SequenceNumber: readonly unknown[];
}

/** What was read from the first shard of a stream with the proxy's iterators. */
export interface Reading {
  readonly stream: string;
  readonly data: readonly string[];
  /** What the answers show of each record besides its data, if anything. */
  readonly told?: Told;
  /** How many records the shard had before the first iterator, if that starts after them; otherwise 0. */
  readonly before?: number;
  /** How many records the shard had at the end, if it gets more for later readings. */
  readonly until?: number;
  /** Whether the last answer had a next iterator. */
  readonly goesOn?: boolean;
  /** The answer to the last call, if that was refused. */
  readonly refusal?: Answer | undefined;
  /** The first page that is not JSON. */
  readonly unreadable?: Answer | undefined;
}

/** Reads the first shard of the stream, or of the proxy's fixed stream, to its end. */
export async function readsToTheEnd(world: ProxyWorld): Promise<void> {
  const { offered } = world;
  for (const give of offered.calls('GetShardIterator')) {
    assertReadsOwn(world, give);
    for (const read of offered.calls('GetRecords'))
      world.shardReadings.push(await readsShard(world, give, read));
  }
}

/** Other clients write to a deployed API's fixed stream, so the run must not read all of it. */
export function assertReadsOwn({ deployment }: ProxyWorld, call: Call): void {
  if (deployment.target.kind === 'url' && !isClients(call.stream))
    throw new NotObservable(
      `${nameOfCall(call)} reads a fixed stream, and the run cannot have a separate one`,
    );
}

async function readsShard(world: ProxyWorld, give: Call, read: Call): Promise<Reading> {
  const stream = world.streams.nameOf('the stream');
  const consumer = new Consumer(world, give, read, { stream, shardId: FIRST_SHARD });
  await consumer.start();
  const isFromStart = startOf(give) !== 'LATEST';
  if (isFromStart) await consumer.readOn();
  // At the end of an open shard a page has no records, and an iterator all the same.
  await consumer.page();
  const before = isFromStart ? 0 : (await inFirstShard(world, consumer.stream)).length;
  await readsFurther(world, consumer, before);
  const { data, told, goesOn, refusal, unreadable } = consumer;
  const until = (await inFirstShard(world, consumer.stream)).length;
  return { stream: consumer.stream, data, told, before, until, goesOn, refusal, unreadable };
}

/** The page at the end of an open shard is not the last: its iterator reads later records. */
async function readsFurther(world: ProxyWorld, consumer: Consumer, before: number): Promise<void> {
  if (!consumer.goesOn) return;
  await fill(world, 'the stream', COUNT_OF_LATER, 'later record');
  const after = (await inFirstShard(world, consumer.stream)).length - before;
  await consumer.readUntil(after);
}

/** Asserts that each answer had an iterator, as an open shard has no end. */
export function hasIterators({ shardReadings }: ProxyWorld): void {
  for (const { stream, goesOn, refusal, unreadable } of shardReadings) {
    if (!goesOn && refusal) expect(refusal).to.succeed();
    if (!goesOn) assertReadable(unreadable);
    if (!goesOn) expect.fail(`expected an iterator to read ${stream} on with, and its last page has none`);
  }
}

async function inFirstShard({ worker }: ProxyWorld, stream: string): Promise<StoredRecord[]> {
  const { kinesis } = worker.clients;
  const { records } = await readOn(kinesis, await iteratorAt(kinesis, stream, FIRST_SHARD), FIRST_SHARD);
  return records;
}

/** Asserts that each page was JSON: of another, no record is read, which says nothing of what the stream holds. */
export function assertReadable(unreadable: Answer | undefined): void {
  if (unreadable !== undefined)
    expect.fail(`expected the answer to GetRecords to be JSON, and it is not: ${unreadable}`);
}

export async function hasReadEverything(world: ProxyWorld): Promise<void> {
  for (const { stream, data, told, before = 0, until, refusal, unreadable } of world.shardReadings) {
    const held = (await inFirstShard(world, stream)).slice(before, until);
    if (data.length < held.length) assertReadable(unreadable);
    if (refusal && data.length < held.length) expect(refusal).to.succeed();
    expect(data, `what was read of ${stream}`).to.hold(held.map((record) => record.data.toString('utf8')));
    // Answers may leave these out, but must not show another record's.
    for (const [member, of] of [
      ['PartitionKey', ({ partitionKey }: StoredRecord) => partitionKey],
      ['SequenceNumber', ({ sequenceNumber }: StoredRecord) => sequenceNumber],
    ] as const)
      if (told !== undefined && told[member].length > 0)
        expect(told[member].map(String), `the ${member} of each record of ${stream}`).to.hold(held.map(of));
  }
}

/** Asserts that the members of a description agree with Kinesis, whichever the answer has. */
export async function tellsWhatKinesisTells(world: ProxyWorld): Promise<void> {
  for (const attempt of world.offered.attempts) {
    const { stream } = attempt.told;
    if (stream === '') throw new NotObservable('the interface does not say which stream is described');
    const inKinesis = await world.worker.streams.describe(stream);
    const shards = (inKinesis?.Shards ?? []).map(({ ShardId }) => ShardId);
    const told = (member: string) => answered(attempt, `StreamDescription/${member}`);
    const members = ['StreamName', 'StreamARN', 'StreamStatus', 'RetentionPeriodHours'] as const;
    const known = members.filter((member) => told(member).length > 0);
    expect(known, `members of a description in ${attempt.answer}`).to.not.deep.equal([]);
    for (const member of known) expect(told(member), member).to.deep.equal([inKinesis?.[member]]);
    const ids = told('Shards/*/ShardId');
    if (ids.length > 0) expect(ids, 'the shards').to.deep.equal(shards);
  }
}
