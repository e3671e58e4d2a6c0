import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { inputsIn } from '../../infra/definition/interface/members.ts';
import { hasFeature, isClients, recordsIn } from '../../infra/definition/interface/offers.ts';
import type { Call, Input, Place } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import type { IntendedRecord, Intent, ToldRecord } from '../client/by-interface.ts';
import { iteratorAt, readOn, type StoredRecord, store } from '../observe/records.ts';
import type { ProxyWorld, StreamReference } from '../world.ts';
import { ofTheRun } from './foreign-records.ts';
import { type Attempt, answered, type Change } from './offered.ts';

/** Requests a step makes of a chain of pages at most. */
const MAX_PAGES = 100;
/** What Kinesis takes in one call (facts 4.1). */
const MAX_BATCH = 500;
/** Characters of data that a failure shows. */
const MAX_SHOWN = 200;

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
    return { stream, iterator: await iteratorAt(world.worker.clients.kinesis, stream, FIRST_SHARD) };
  return { stream, shardId: FIRST_SHARD, records: SOME_RECORDS };
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

/** What the client's calls were to store, by stream, as the interface says. */
function toldByStream(attempts: readonly Attempt[]): Map<string, ToldRecord[]> {
  const told = new Map<string, ToldRecord[]>();
  for (const attempt of attempts)
    told.set(attempt.told.stream, [...(told.get(attempt.told.stream) ?? []), ...attempt.told.records]);
  return told;
}

/** Everything that came into the scenario's streams, and those that clients cannot choose. */
async function newRecords(
  world: ProxyWorld,
  atLeast: ReadonlyMap<string, number>,
): Promise<Map<string, StoredRecord[]>> {
  const found = new Map<string, StoredRecord[]>();
  if (world.streams.has('the stream')) {
    const name = world.streams.nameOf('the stream');
    found.set(name, await world.streams.newRecords('the stream', atLeast.get(name) ?? 0));
  }
  for (const name of world.offered.fixedStreams())
    if (!found.has(name)) {
      const records = await world.offered.newRecords(name, atLeast.get(name) ?? 0);
      const isForeign = await world.offered.isForeign(name);
      found.set(name, isForeign ? ofTheRun(name, records, world.offered.attempts) : records);
    }
  const unseen = [...atLeast.keys()].find((name) => !found.has(name));
  if (unseen !== undefined && !world.worker.seesKinesis)
    throw new NotObservable(`nobody can look into ${unseen} without AWS credentials of its account`);
  return found;
}

/** Then Kinesis holds exactly what the client put: each record once, under its key, in order within a key. */
export async function holdsWhatWasPut(world: ProxyWorld): Promise<void> {
  const told = toldByStream(world.offered.attempts);
  const stored = await newRecords(world, new Map([...told].map(([name, records]) => [name, records.length])));
  for (const [name, expected] of told) {
    const held = stored.get(name) ?? [];
    const shown = ({ data, partitionKey }: { data: string; partitionKey: string | undefined }) =>
      partitionKey === undefined ? { data: short(data) } : { data: short(data), partitionKey };
    const given = new Set(expected.map(({ partitionKey }) => partitionKey));
    // Where the gateway makes keys up, any that no client gave is one of those.
    const isMadeUp = (key: string) => given.has(undefined) && !given.has(key);
    const actual = held.map(({ data, partitionKey }) => ({
      data: data.toString('utf8'),
      partitionKey: isMadeUp(partitionKey) ? undefined : partitionKey,
    }));
    expect(byKey(actual.map(shown)), `the records in ${name}`).to.deep.equal(byKey(expected.map(shown)));
  }
  for (const [name, records] of stored)
    if (!told.has(name)) expect(records, `records in ${name}, which no call was about`).to.deep.equal([]);
}

/** Long data by its beginning and its hash, so that a difference can be read. */
function short(data: string): string {
  if (data.length <= MAX_SHOWN) return data;
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 12);
  return `${data.slice(0, 20)}… (${data.length} characters, ${hash})`;
}

/** Grouped by key, since shards have no order between them; without keys by their data. */
function byKey<T extends { data: string; partitionKey?: string | undefined }>(
  records: readonly T[],
): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { data, partitionKey } of records) {
    const key = JSON.stringify(partitionKey ?? null);
    groups[key] = [...(groups[key] ?? []), data];
  }
  for (const [key, list] of Object.entries(groups)) if (key === 'null') list.sort();
  return Object.fromEntries(Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Then Kinesis holds nothing new, and has no stream that was not there. */
export async function holdsNothingNew(world: ProxyWorld): Promise<void> {
  if (world.streams.isKnown('the stream')) {
    const records = await world.streams.unwantedRecords('the stream');
    expect(
      records.map(({ data }) => data.toString('utf8')),
      'records stored all the same',
    ).to.deep.equal([]);
  }
  for (const name of world.offered.fixedStreams()) {
    const found = await world.offered.newRecords(name, 0);
    const records = (await world.offered.isForeign(name))
      ? ofTheRun(name, found, world.offered.attempts)
      : found;
    expect(
      records.map(({ data }) => data.toString('utf8')),
      `records stored in ${name} all the same`,
    ).to.deep.equal([]);
  }
  expect(await world.streams.strangers(), 'streams made all the same').to.deep.equal([]);
}

/** Then each record is stored under exactly the key given, or refused. */
export async function storedAsGivenOrRefused(world: ProxyWorld): Promise<void> {
  const { attempts } = world.offered;
  const accepted = attempts.filter(({ answer }) => answer.succeeded);
  const told = toldByStream(accepted);
  const stored = await newRecords(world, new Map([...told].map(([name, records]) => [name, records.length])));
  for (const [name, records] of stored) {
    const keys = records.map(({ partitionKey }) => partitionKey).sort();
    const expected = (told.get(name) ?? []).map(({ partitionKey }) => partitionKey ?? '').sort();
    expect(keys, `the partition keys in ${name}`).to.deep.equal(expected);
  }
}

/** Then no shard of five, dividing the hash keys evenly, would hold more than half of the records. */
export async function isSpread(world: ProxyWorld): Promise<void> {
  const told = toldByStream(world.offered.attempts);
  const stored = await newRecords(world, new Map([...told].map(([name, records]) => [name, records.length])));
  for (const [name, expected] of told) {
    const records = stored.get(name) ?? [];
    expect(records.length, `the records in ${name}`).to.equal(expected.length);
    const shards = Map.groupBy(records, ({ partitionKey }) => fifthOf(partitionKey));
    const most = Math.max(...[...shards.values()].map(({ length }) => length));
    expect(most, `records in one shard of five, of ${expected.length}`).to.be.at.most(expected.length / 2);
  }
}

/** The fifth of the hash keys that a partition key is in: Kinesis takes its MD5 (facts 4.2). */
function fifthOf(partitionKey: string): number {
  return Math.floor((createHash('md5').update(partitionKey).digest().readUInt32BE(0) / 2 ** 32) * 5);
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

const ACCOUNT = /\b\d{12}\b/;
const TYPE = /^[A-Za-z][\w.#-]*$/;

/** An error's type has a member of its own: one word, not a sentence. */
export function hasType({ answer }: Attempt): boolean {
  const words = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return TYPE.test(value) && value.length > 2;
    if (typeof value !== 'object' || value === null || depth === 0) return false;
    return Object.values(value).some((member) => words(member, depth - 1));
  };
  return typeof answer.json === 'object' && words(answer.json, 2);
}

/** @returns what an error tells that is nobody's business; empty where it tells nothing. */
export function givesAway({ answer }: Attempt, roleNames: readonly string[]): string[] {
  return [
    ...(ACCOUNT.test(answer.text) ? ['an account id'] : []),
    ...(/arn:aws[\w-]*:/.test(answer.text) ? ['an ARN'] : []),
    ...roleNames.filter((name) => answer.text.includes(name)).map((name) => `the role ${name}`),
    ...(/\$input|\$util|#set\(/.test(answer.text) ? ['text of a template'] : []),
  ];
}

/** So heavy that 500 of them are beyond what five shards take in a second (facts 4.2: 1 MB each), and fit in a call. */
const HEAVY = 'heavy '.repeat(1_500);
/** How often to try to be faster than a stream is. */
const MAX_BATCHES = 6;
/** Heavy records put at once: twice what a shard takes in a second. */
const AT_ONCE = 32;
const HEAVY_RECORD = 'heavy '.repeat(10_667);
/** Where the gateway gives the keys, records spread: at once more than five shards take in two seconds. */
const HEAVIER_RECORD = 'heavy '.repeat(66_667);

/** Others write to the stream that a deployed API names, and would be throttled with the run. */
function assertMayOverload(world: ProxyWorld, { method, path, stream }: Call): void {
  if (world.deployment.target.kind === 'url' && !isClients(stream))
    throw new NotObservable(`${method} ${path} has a stream of others', which a run does not overload`);
}

/** Puts batch upon batch until Kinesis holds less of one than was put. */
export async function putsHeavyBatches(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecords')) {
    assertMayOverload(world, call);
    const stream = world.streams.nameOf('the stream');
    const records = Array.from({ length: MAX_BATCH }, () => ({ data: HEAVY, partitionKey: 'some key' }));
    let stored = 0;
    for (let batches = 1; ; batches += 1) {
      const attempt = await world.offered.make(call, { stream, records });
      const all = await storedIn(world, attempt.told.stream);
      if (all > stored && all - stored < records.length) break;
      stored = all;
      if (batches === MAX_BATCHES)
        throw new NotObservable(
          `Kinesis took ${MAX_BATCHES} batches of ${MAX_BATCH} records, each whole or not at all`,
        );
    }
  }
  exhausts(world);
}

/** Tells the worker of streams that other scenarios write to, and that take no more for a second. */
function exhausts({ streams, offered, worker }: ProxyWorld): void {
  const own = streams.nameOf('the stream');
  for (const { told } of offered.attempts) if (told.stream !== own) worker.exhausted(told.stream);
}

async function storedIn(world: ProxyWorld, name: string): Promise<number> {
  const isOwn = name === world.streams.nameOf('the stream');
  const records = isOwn
    ? await world.streams.newRecords('the stream', 0)
    : await world.offered.newRecords(name, 0);
  return records.length;
}

/** @returns whether an answer says of some records of a batch, and not of others, that they failed. */
export function tellsWhichFailed({ answer }: Attempt): boolean {
  const lists: unknown[][] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) lists.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(answer.json);
  return lists.some((list) => {
    const isPositions = list.length > 0 && list.every((item) => Number.isInteger(item));
    const shapes = new Set(list.map((item) => shapeOf(item)));
    return isPositions || (list.length === MAX_BATCH && shapes.size > 1);
  });
}

/** The members of an object that are not empty. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== '')
    .map(([name]) => name)
    .sort()
    .join(' ');
}

/** Puts records at once until Kinesis refuses one for its rate. */
export async function putsHeavyRecords(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecord')) {
    assertMayOverload(world, call);
    const stream = world.streams.nameOf('the stream');
    const data = hasFeature(call, 'generated-key') ? HEAVIER_RECORD : HEAVY_RECORD;
    const record = { stream, data, partitionKey: 'some key' };
    for (let rounds = 1; ; rounds += 1) {
      const attempts = await Promise.all(
        Array.from({ length: AT_ONCE }, () => world.offered.make(call, record)),
      );
      const told = attempts[0]?.told.stream ?? '';
      const accepted = world.offered.attempts.filter(
        (attempt) => attempt.call === call && isAccepted(attempt),
      );
      const made = world.offered.attempts.filter((attempt) => attempt.call === call);
      if (accepted.length < made.length || (await storedIn(world, told)) < made.length) break;
      if (rounds === MAX_BATCHES)
        throw new NotObservable(`Kinesis took ${rounds * AT_ONCE} records of 64 kB at once`);
    }
  }
  exhausts(world);
}

/** By its status alone, which is all that a client may need to look at. */
export function isAccepted({ call, answer }: Attempt): boolean {
  return answer.status === call.success;
}
