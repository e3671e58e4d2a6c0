import { createHash } from 'node:crypto';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import { recordsIn } from '../../infra/definition/interface/places.ts';
import type { Undetermined } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { type ExpectedRecord, isStoredAs } from '../client/expected-input.ts';
import { asText, matchesStored, readable } from '../client/gateway-values.ts';
import { expect } from '../expect/expect.ts';
import type { StoredRecord } from '../observe/records.ts';
import type { ProxyWorld } from '../world.ts';
import { isReadOutOf, putsOf } from './expected-puts.ts';
import { ofTheRun } from './foreign-records.ts';
import type { Attempt } from './offered.ts';
import { holdsSame, type Shown } from './same-records.ts';

/** The number of characters of data that a failure shows. */
const MAX_SHOWN = 200;
/** For more records than this, the difference in number is more useful than a list. */
const MAX_LISTED = 10;

/** The records that the client's calls should have stored, by stream, according to the interface. */
export function toldByStream(attempts: readonly Attempt[]): Map<string, ExpectedRecord[]> {
  const told = new Map<string, ExpectedRecord[]>();
  for (const attempt of attempts)
    told.set(attempt.told.stream, [...(told.get(attempt.told.stream) ?? []), ...attempt.told.records]);
  return told;
}

/**
 * All new records of the scenario's streams and of the fixed streams.
 * @param told what is waited for.
 */
export async function newRecords(
  world: ProxyWorld,
  told: ReadonlyMap<string, readonly ExpectedRecord[]>,
): Promise<Map<string, StoredRecord[]>> {
  const countOf = (name: string) => told.get(name)?.length ?? 0;
  const found = new Map<string, StoredRecord[]>();
  if (world.streams.has('the stream')) {
    const name = world.streams.nameOf('the stream');
    found.set(name, await world.streams.newRecords('the stream', countOf(name)));
  }
  for (const name of world.offered.fixed.names)
    if (!found.has(name)) found.set(name, await newRecordsIn(world, name, countOf(name)));
  const unseen = [...told.keys()].find((name) => !found.has(name));
  if (unseen !== undefined && !world.worker.seesKinesis)
    throw new NotObservable(`${unseen} cannot be read without AWS credentials of its account`);
  return found;
}

/** The new records of a fixed stream, without those of other clients. */
async function newRecordsIn({ offered }: ProxyWorld, name: string, atLeast: number): Promise<StoredRecord[]> {
  const records = await offered.fixed.newRecords(name, atLeast);
  return (await offered.fixed.isForeign(name)) ? ofTheRun(name, records, offered.attempts) : records;
}

/** Asserts that Kinesis holds exactly what the client put: each record once, under its key, in order within a key. */
export async function holdsWhatWasPut(world: ProxyWorld): Promise<void> {
  const told = toldByStream(world.offered.attempts);
  const stored = await newRecords(world, told);
  const unknown = world.offered.attempts.filter((attempt) => undeterminedData(attempt) !== undefined);
  const known = world.offered.attempts.filter((attempt) => !unknown.includes(attempt));
  assertAllThere(unknown, without([...stored.values()].flat(), known));
  unknown.forEach(assertDetermined);
  for (const [name, expected] of told) {
    const held = stored.get(name) ?? [];
    if (Math.max(held.length, expected.length) > MAX_LISTED) holdsAsMany(name, held, expected);
    const actual = held.map((record) => ({
      ...shown(asTold(record, expected)),
      storedUnder: record.partitionKey,
    }));
    holdsSame(name, actual, expected.map(shown));
  }
  for (const [name, records] of stored)
    if (!told.has(name)) expect(records, `${name}, which no call was about,`).to.hold([]);
}

/**
 * Replaces a stored record by the expected one if they match, since values that the gateway generates differ each
 * time.
 */
function asTold(stored: StoredRecord, told: readonly ExpectedRecord[]): ExpectedRecord {
  const text = stored.data.toString('utf8');
  // Most records match exactly. Finding these first avoids slow comparisons with hundreds of others.
  const exact = told.find(({ data, partitionKey }) => data === text && partitionKey === stored.partitionKey);
  if (exact !== undefined) return exact;
  const isData = (record: ExpectedRecord) => isStoredAs(record, text);
  const isKey = ({ partitionKey }: ExpectedRecord) =>
    partitionKey !== undefined && matchesStored(partitionKey, stored.partitionKey);
  // Where the gateway generates keys, every key that no client gave is one of those.
  const isMadeUp = !told.some(isKey) && told.some(({ partitionKey }) => partitionKey === undefined);
  const isWhole = (record: ExpectedRecord) =>
    isData(record) && (isMadeUp ? record.partitionKey === undefined : isKey(record));
  return (
    told.find(isWhole) ?? {
      data: told.find(isData)?.data ?? text,
      partitionKey: isMadeUp ? undefined : (told.find(isKey)?.partitionKey ?? stored.partitionKey),
    }
  );
}

function shown({ data, partitionKey }: ExpectedRecord): Shown {
  return partitionKey === undefined
    ? { data: short(data) }
    : { data: short(data), partitionKey: readable(partitionKey) };
}

/** What was stored in addition to some calls' known records: another method may store the same text unchanged. */
function without(stored: readonly StoredRecord[], known: readonly Attempt[]): readonly StoredRecord[] {
  const left = known.flatMap(({ told }) => told.records);
  return stored.filter(({ data }) => {
    const at = left.findIndex((record) => isStoredAs(record, data.toString('utf8')));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Even where the stored form of a text is unknown, it has to contain the text. */
function assertAllThere(unknown: readonly Attempt[], stored: readonly StoredRecord[]): void {
  const texts = stored.map(({ data }) => data.toString('utf8'));
  for (const { call, intended } of putsOf(unknown)) {
    const isSent = recordsIn(call).some(({ data }) => isClients(data));
    if (!isSent) continue;
    if (!texts.some((text) => isReadOutOf(text)(intended.data)))
      expect.fail(
        `expected ${JSON.stringify(short(intended.data))} to be readable in a stored record, and it is in none of ${texts.length}`,
      );
  }
}

function undeterminedData({ call }: Attempt): Undetermined | undefined {
  return call.undetermined.find(({ what, sometimes }) => !sometimes && /(?:^|\/)Data$/.test(what));
}

/** @throws NotObservable if the interface does not say what a call stores. */
function assertDetermined(attempt: Attempt): void {
  const { call } = attempt;
  const found = undeterminedData(attempt);
  if (found === undefined) return;
  throw new NotObservable(
    `what ${nameOfCall(call)} stores does not follow from its template: ${found.why}; describe it with --interface FILE`,
  );
}

/** Shows long data by its start and its hash, so that a difference is readable. */
export function short(told: string): string {
  const data = readable(told);
  if (data.length <= MAX_SHOWN) return data;
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 12);
  return `${data.slice(0, 20)}… (${data.length} characters, sha256 ${hash})`;
}

/** The data that changed calls stored, as far as it was accepted. */
export async function acceptedRecords(world: ProxyWorld): Promise<string[]> {
  const accepted = world.offered.attempts.filter((attempt) => attempt.answer.succeeded);
  // If an API answers errors as successes, it is unknown what a success stores.
  const sure = accepted.filter(({ call }) => call.errors === 'mapped');
  const stored = await newRecords(world, toldByStream(sure));
  return [...stored.values()].flat().map(({ data }) => data.toString('utf8'));
}

/** Asserts that Kinesis has no new records and no new streams. */
export async function holdsNothingNew(world: ProxyWorld): Promise<void> {
  const found: [string, readonly StoredRecord[]][] = [];
  if (world.streams.isKnown('the stream'))
    found.push([world.streams.nameOf('the stream'), await world.streams.unwantedRecords('the stream')]);
  for (const name of world.offered.fixed.names) found.push([name, await newRecordsIn(world, name, 0)]);
  for (const [name, [first, ...others]] of found)
    if (first !== undefined)
      expect.fail(
        `expected nothing to be stored in ${name}, but it has ${others.length + 1} new, such as ${short(first.data.toString('utf8'))}`,
      );
  const [stream] = await world.streams.unexpectedStreams();
  if (stream !== undefined) expect.fail(`expected no new stream, and there is ${stream}`);
}

/**
 * Asserts that no record is stored more often than clients put it. A record whose put was not answered may be missing.
 */
export async function holdsNothingTwice(world: ProxyWorld): Promise<void> {
  world.offered.attempts.forEach(assertDetermined);
  const told = toldByStream(world.offered.attempts);
  const stored = await newRecords(world, told);
  for (const [name, records] of stored) {
    const left = [...(told.get(name) ?? [])];
    const more = records
      .map(({ data }) => data.toString('utf8'))
      .filter((data) => {
        const at = left.findIndex((one) => isStoredAs(one, data));
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
    if (more.length > 0)
      expect.fail(
        `expected ${name} to hold each record once, and it holds ${more.length} more, such as ${short(more[0] ?? '')}`,
      );
  }
}

/** Asserts that each record is stored under exactly its key, or refused. */
export async function storedAsGivenOrRefused(world: ProxyWorld): Promise<void> {
  const accepted = world.offered.attempts.filter(({ answer }) => answer.succeeded);
  const told = toldByStream(accepted);
  const stored = await newRecords(world, told);
  const given = putsOf(accepted);
  for (const [name, records] of stored) {
    const expected = told.get(name) ?? [];
    const keys = records.map((record) => {
      const { partitionKey } = asTold(record, expected);
      // A calculated key has to contain at least what the client gave.
      const isHeld = ({ intended }: (typeof given)[number]) =>
        isReadOutOf(record.partitionKey)(intended.partitionKey);
      return partitionKey ?? given.find(isHeld)?.intended.partitionKey ?? record.partitionKey;
    });
    const wanted = given
      .filter(({ stream }) => stream === name)
      .map((put) => put.told.partitionKey ?? put.intended.partitionKey);
    expect(keys.map(readable).sort(), `the partition keys in ${name}`).to.deep.equal(
      wanted.map(readable).sort(),
    );
  }
}

/** Asserts that each key can be read from the stored key of its record, whatever else that contains. */
export async function keysCanBeRead(world: ProxyWorld): Promise<void> {
  const { attempts } = world.offered;
  const expected = toldByStream(attempts);
  const stored = await newRecords(world, expected);
  for (const { call, intended, told, stream } of putsOf(attempts)) {
    if (!recordsIn(call).some(({ partitionKey }) => isClients(partitionKey))) continue;
    // A key that cannot be predicted has to be among the stored ones, apart from those that other methods stored.
    const keys =
      told.partitionKey === undefined
        ? unpredicted(stored.get(stream) ?? [], expected.get(stream) ?? [])
        : [asText(told.partitionKey)];
    if (!keys.some((key) => isReadOutOf(key)(intended.partitionKey)))
      expect.fail(
        `expected ${JSON.stringify(intended.partitionKey)} to be readable in the stored key, which is ${keys.map((key) => JSON.stringify(short(key))).join(' or ')}`,
      );
  }
}

/** The stored keys without those that are predicted. */
function unpredicted(stored: readonly StoredRecord[], expected: readonly ExpectedRecord[]): string[] {
  const predicted = expected.flatMap(({ partitionKey }) => partitionKey ?? []);
  return stored
    .map(({ partitionKey }) => partitionKey)
    .filter((key) => {
      const at = predicted.findIndex((one) => matchesStored(one, key));
      if (at >= 0) predicted.splice(at, 1);
      return at < 0;
    });
}

export function holdsAsMany(name: string, held: readonly unknown[], expected: readonly unknown[]): void {
  if (held.length !== expected.length)
    expect.fail(`expected ${name} to hold ${expected.length} records, and it holds ${held.length}`);
}
