import { expect } from 'chai';
import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isClients, recordsIn } from '../../infra/definition/interface/offers.ts';
import type { Call, Input, Place } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import type { IntendedRecord, Intent } from '../client/by-interface.ts';
import { iteratorAt, readOn, store } from '../observe/records.ts';
import type { ProxyWorld, StreamReference } from '../world.ts';
import { answered, type Change } from './offered.ts';

/** Requests a step makes of a chain of pages at most. */
const MAX_PAGES = 100;
/** What Kinesis takes in one call (facts 4.1). */
export const MAX_BATCH = 500;

/** Gives the scenario a stream, where clients of the API choose any, and looks past what others hold. */
export async function takesStream(world: ProxyWorld): Promise<void> {
  if (world.offered.choosesStream) await takesAny(world);
  await world.offered.settle();
}

async function takesAny(world: ProxyWorld): Promise<void> {
  try {
    await world.streams.take('the stream', await world.worker.pool.any());
  } catch (error) {
    // The answers about a stream that the run was given are judged, also where nobody can look into it.
    if (!(error instanceof NotObservable) || world.worker.seesKinesis || givenStream(world) === undefined)
      throw error;
  }
}

function givenStream({ deployment }: ProxyWorld): string | undefined {
  return deployment.limits?.stream;
}

/** A stream's name that no call of the API takes. */
const NO_STREAM = 'none';

/** Calls an action as a good client does, on the scenario's stream. */
export async function callsAction(
  world: ProxyWorld,
  action: string,
  intent: Intent = {},
  change?: Change,
): Promise<void> {
  for (const call of world.offered.calls(action))
    await world.offered.make(call, { ...(await subjectsOf(world, action)), ...intent }, change);
  world.round = world.offered.attempts.map(({ answer }) => answer);
}

async function subjectsOf(world: ProxyWorld, action: string): Promise<Intent> {
  if (action === 'ListStreams') return {};
  if (action === 'CreateStream') return { stream: world.streams.nameOf('a new stream'), shardCount: '1' };
  const stream = streamOf(world);
  if (action === 'GetRecords')
    return {
      stream,
      iterator: await iteratorAt(world.worker.clients.kinesis, await readableStream(world), FIRST_SHARD),
    };
  return { stream, shardId: FIRST_SHARD, records: SOME_RECORDS };
}

/** A stream that iterators can be of, also where clients choose none. */
async function readableStream(world: ProxyWorld): Promise<string> {
  if (world.streams.has('the stream')) return world.streams.nameOf('the stream');
  const [fixed] = world.offered.fixedStreams();
  return fixed ?? (await world.worker.pool.any()).name;
}

function streamOf(world: ProxyWorld): string {
  if (world.streams.has('the stream')) return world.streams.nameOf('the stream');
  const given = givenStream(world);
  if (given !== undefined && !world.worker.seesKinesis) return given;
  return world.offered.choosesStream ? world.streams.nameOf('the unknown stream') : NO_STREAM;
}

const FIRST_SHARD = 'shardId-000000000000';
const SOME_RECORDS: readonly IntendedRecord[] = [
  { data: 'some data', partitionKey: 'some key' },
  { data: 'some other data', partitionKey: 'some key' },
];

/** Puts texts by an action: one record a call, or all in one batch. */
export async function putsTexts(
  world: ProxyWorld,
  action: string,
  records: readonly IntendedRecord[],
): Promise<void> {
  for (const call of world.offered.calls(action)) {
    const sendable = records.filter((record) => maySend(call, record));
    const stream = streamOf(world);
    if (action === 'PutRecords')
      for (const batch of batchesOf(call, sendable))
        for (let at = 0; at < batch.length; at += MAX_BATCH)
          await world.offered.make(call, { stream, records: batch.slice(at, at + MAX_BATCH) });
    else for (const record of sendable) await world.offered.make(call, { stream, ...record });
  }
  world.round = world.offered.attempts.map(({ answer }) => answer);
}

/** Records that go in one call each: a value that the call has once for all of its records has to be theirs in common. */
function batchesOf(call: Call, records: readonly IntendedRecord[]): IntendedRecord[][] {
  const isShared = (place: Place | undefined) =>
    place !== undefined && inputsIn(place).some((input) => input.from !== 'element' && isClients(input));
  const [places = {}] = recordsIn(call);
  const common = ({ data, partitionKey }: IntendedRecord) =>
    JSON.stringify([isShared(places.data) && data, isShared(places.partitionKey) && partitionKey]);
  return [...Map.groupBy(records, common).values()];
}

/** A header holds visible ASCII (RFC 9110), and a place in the path cannot be empty. */
function maySend(call: Call, { data, partitionKey }: IntendedRecord): boolean {
  const fits = (place: Place | undefined, value: string) =>
    (place === undefined ? [] : inputsIn(place)).every(
      ({ from }: Input) =>
        (from !== 'header' || /^[!-~](?:[ -~]*[!-~])?$/.test(value)) && (from !== 'path' || value !== ''),
    );
  return recordsIn(call).every(
    (places) => fits(places.data, data) && fits(places.partitionKey, partitionKey),
  );
}

/** Fills the stream directly, past the proxy, and those that clients cannot choose. */
export async function fill(world: ProxyWorld, reference: StreamReference, count: number): Promise<void> {
  for (const name of [world.streams.nameOf(reference), ...world.offered.fixedStreams()])
    for (let index = 0; index < count; index += 1)
      await store(world.worker.clients.kinesis, name, {
        data: `record ${index}`,
        partitionKey: `key ${index}`,
      });
}

/** What was read by a proxy's own iterators of the first shard of a stream. */
export interface Reading {
  readonly stream: string;
  readonly data: readonly string[];
}

/** Reads the first shard of the stream, or of the one that the proxy reads whatever a client asks, to its end. */
export async function readsToTheEnd(world: ProxyWorld): Promise<void> {
  const { offered } = world;
  for (const give of offered.calls('GetShardIterator')) {
    if (world.deployment.target.kind === 'url' && !isClients(give.stream))
      throw new NotObservable(
        `${give.method} ${give.path} reads a stream that no client chooses, and the run cannot have one to itself`,
      );
    if (give.iteratorType && 'fixed' in give.iteratorType && give.iteratorType.fixed !== 'TRIM_HORIZON')
      throw new NotObservable(
        `${give.method} ${give.path} gives iterators that are ${give.iteratorType.fixed} only, and a shard cannot be read from its first record`,
      );
    for (const read of offered.calls('GetRecords'))
      world.shardReadings.push(await readsShard(world, give, read));
  }
}

async function readsShard({ offered, streams }: ProxyWorld, give: Call, read: Call): Promise<Reading> {
  const stream = streams.nameOf('the stream');
  const first = await offered.make(give, { stream, shardId: FIRST_SHARD });
  const data: string[] = [];
  let [iterator] = answered(first, 'ShardIterator');
  for (let page = 0; typeof iterator === 'string'; page += 1) {
    if (page === MAX_PAGES) throw new NotObservable(`${MAX_PAGES} pages do not reach the end of the shard`);
    const attempt = await offered.make(read, { stream, iterator });
    const records = answered(attempt, 'Records/*/Data');
    data.push(...records.map((text) => Buffer.from(String(text), 'base64').toString('utf8')));
    const [behind] = answered(attempt, 'MillisBehindLatest');
    [iterator] = answered(attempt, 'NextShardIterator');
    // What does not say how far it is has to come to an empty page.
    if (!attempt.answer.succeeded || behind === 0 || (behind === undefined && records.length === 0)) break;
  }
  return { stream: first.told.stream, data };
}

export async function hasReadEverything({ worker, shardReadings }: ProxyWorld): Promise<void> {
  for (const { stream, data } of shardReadings) {
    const iterator = await iteratorAt(worker.clients.kinesis, stream, FIRST_SHARD);
    const { records } = await readOn(worker.clients.kinesis, iterator, FIRST_SHARD);
    expect(data, `the data that was read of ${stream}`).to.deep.equal(
      records.map((record) => record.data.toString('utf8')),
    );
  }
}

/** Then what a description tells of the stream is what Kinesis tells: whichever members the answer has. */
export async function tellsWhatKinesisTells(world: ProxyWorld): Promise<void> {
  const inKinesis = await world.worker.streams.describe(world.streams.nameOf('the stream'));
  const shards = (inKinesis?.Shards ?? []).map(({ ShardId }) => ShardId);
  for (const attempt of world.offered.attempts) {
    const told = (member: string) => answered(attempt, `StreamDescription/${member}`);
    const members = ['StreamName', 'StreamARN', 'StreamStatus', 'RetentionPeriodHours'] as const;
    const known = members.filter((member) => told(member).length > 0);
    expect(known, `members of a description in ${attempt.answer}`).to.not.deep.equal([]);
    for (const member of known) expect(told(member), member).to.deep.equal([inKinesis?.[member]]);
    const ids = told('Shards/*/ShardId');
    if (ids.length > 0) expect(ids, 'the shards').to.deep.equal(shards);
  }
}

/** Lists by the proxy, page by page as far as it lets a client. */
export async function listsToTheEnd(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('ListStreams')) {
    let intent: Intent = {};
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const attempt = await world.offered.make(call, intent);
      const names = answered(attempt, 'StreamNames').flat().map(String);
      world.read.push(...names);
      const [token] = answered(attempt, 'NextToken');
      const last = names.at(-1);
      const [isMore] = answered(attempt, 'HasMoreStreams');
      if (isMore === false || last === undefined) break;
      if (isClients(call.nextToken) && typeof token === 'string') intent = { nextToken: token };
      else if (isClients(call.exclusiveStartStreamName)) intent = { exclusiveStartStreamName: last };
      else break;
    }
  }
}
