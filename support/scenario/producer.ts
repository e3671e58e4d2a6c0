import { hasFeature } from '../../infra/definition/interface/offers.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import type { IntendedRecord } from '../client/by-interface.ts';
import { type ExpectedData, isStoredAs } from '../client/expected-input.ts';
import { readable } from '../client/gateway-values.ts';
import { expect } from '../expect/expect.ts';
import { untilRested, withinOneSecond } from '../observe/conditions.ts';
import { whileThrottled } from '../observe/throttle.ts';
import type { ProxyWorld } from '../world.ts';
import { maxBatchOf } from './batch-size.ts';
import type { Attempt } from './offered.ts';
import { refusedIn } from './refusals.ts';
import {
  asHeavy,
  assertMayOverload,
  HEAVY,
  isLight,
  leaveRoomFor,
  MAX_BATCHES,
  storedIn,
} from './throttling.ts';

/** Records of 9 kB that together exceed what one shard takes in a second, where the client gives the key. */
const BATCH_OF_ONE_KEY = 200;
const MAX_RETRIES = 20;

/**
 * Puts a batch that is too heavy for its shards, and repeats what each answer reports as refused, until nothing is
 * refused.
 */
export async function putsUntilAllIsStored(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecords')) {
    assertMayOverload(world, call);
    await new Producer(world, call).putsAll();
  }
}

/** Sends batches by one method, and learns from the answer to a small batch what success looks like. */
class Producer {
  readonly #world: ProxyWorld;
  readonly #call: Call;
  #whole: Attempt | undefined;
  #count = 0;
  /** Whether the proxy counts positions from one, which its clients know from its documentation. */
  #from = 0;

  constructor(world: ProxyWorld, call: Call) {
    this.#world = world;
    this.#call = call;
  }

  async putsAll(): Promise<void> {
    const { deployment } = this.#world;
    const most = maxBatchOf(this.#call);
    this.#whole = await this.#first(this.#batch(Math.min(3, most), ''));
    const size = hasFeature(this.#call, 'generated-key') ? most : Math.min(BATCH_OF_ONE_KEY, most);
    const heavy = asHeavy(HEAVY, most);
    const needsOthers = !deployment.throttling && isLight(this.#call, { records: this.#batch(1, heavy) });
    const weight = deployment.throttling || needsOthers ? '' : heavy;
    let pending: readonly IntendedRecord[] = [];
    await withinOneSecond(deployment, async (hold) => {
      await hold(this.#stream);
      for (let batches = 1; ; batches += 1) {
        const batch = this.#batch(size, weight);
        const before = await storedIn(this.#world, this.#stream);
        if (needsOthers) await leaveRoomFor(this.#world, Math.ceil(size / 2), this.#stream);
        const attempt = await whileThrottled(deployment, () => this.#first(batch));
        const stored = (await storedIn(this.#world, this.#stream)) - before;
        if (stored < batch.length) {
          if (stored > 0) await this.#learnBase(attempt);
          pending = this.#refused(attempt, batch);
          break;
        }
        if (batches === MAX_BATCHES)
          throw new NotObservable(`Kinesis took ${batches} batches of ${size} records whole`);
      }
    });
    for (let tries = 0; pending.length > 0 && tries < MAX_RETRIES; tries += 1) {
      await untilRested(this.#world.deployment, this.#stream);
      pending = this.#refused(await this.#put(pending), pending);
    }
    expect(pending.length, `records that are refused after ${MAX_RETRIES} retries`).to.equal(0);
  }

  get #stream(): string {
    return this.#whole?.told.stream ?? '';
  }

  #batch(count: number, weight: string): IntendedRecord[] {
    return Array.from({ length: count }, () => {
      this.#count += 1;
      return {
        data: `${this.#call.method} ${this.#call.path} ${this.#count} ${weight}`,
        partitionKey: 'some key',
      };
    });
  }

  /** The records that it wants to store. A repeated record counts once. */
  async #first(batch: readonly IntendedRecord[]): Promise<Attempt> {
    const attempt = await this.#put(batch);
    const { stream, records } = attempt.told;
    this.#world.wanted.set(stream, [...(this.#world.wanted.get(stream) ?? []), ...records]);
    return attempt;
  }

  #put(records: readonly IntendedRecord[]): Promise<Attempt> {
    return this.#world.offered.make(this.#call, {
      stream: this.#world.streams.nameOf('the stream'),
      records,
    });
  }

  #refused(attempt: Attempt, batch: readonly IntendedRecord[]): readonly IntendedRecord[] {
    const { answer, call } = attempt;
    if (answer.status === call.success) return [];
    const positions = this.#whole && refusedIn(attempt, this.#whole, batch.length);
    if (positions === undefined) return answer.status >= 400 ? batch : [];
    return positions.flatMap((at) => batch[at - this.#from] ?? []);
  }

  /** By the first batch that was stored in part. */
  async #learnBase(attempt: Attempt): Promise<void> {
    const { told } = attempt;
    const positions = this.#whole && refusedIn(attempt, this.#whole, told.records.length);
    if (positions === undefined || positions.includes(0)) return;
    const held = await recordsOf(this.#world, told.stream, 0);
    const missing = told.records.flatMap((record, at) =>
      held.some((stored) => isStoredAs(record, stored)) ? [] : [at],
    );
    if (positions.length === missing.length && missing.every((at, index) => positions[index] === at + 1))
      this.#from = 1;
  }
}

/** Asserts that each record that clients wanted to store is stored once, in any order. */
export async function holdsEachOnce(world: ProxyWorld): Promise<void> {
  for (const [stream, wanted] of world.wanted)
    expectSame(await recordsOf(world, stream, wanted.length), wanted, `the records in ${stream}`);
}

/** The records of a stream once there are as many as wanted, or the wait is over. */
async function recordsOf(world: ProxyWorld, stream: string, atLeast: number): Promise<string[]> {
  const isOwn = world.streams.has('the stream') && stream === world.streams.nameOf('the stream');
  const records = isOwn
    ? await world.streams.newRecords('the stream', atLeast)
    : await world.offered.fixed.newRecords(stream, atLeast);
  return records.map(({ data }) => data.toString('utf8'));
}

/** Fails with the missing and duplicated records: the start of a few of each. */
export function expectSame(actual: readonly string[], expected: readonly ExpectedData[], what: string): void {
  const left = new Map<string, ExpectedData[]>();
  for (const told of expected) left.set(told.data, [...(left.get(told.data) ?? []), told]);
  const more: string[] = [];
  for (const data of actual) {
    const told = left.get(data)?.length ? data : toldAs(data, left);
    if (told === undefined) more.push(data);
    else left.get(told)?.pop();
  }
  const lost = [...left].flatMap(([data, { length }]) => (length > 0 ? [data] : []));
  if (lost.length === 0 && more.length === 0) return;
  const few = (list: readonly string[]) =>
    list
      .slice(0, 5)
      .map((data) => JSON.stringify(readable(data).slice(0, 40)))
      .join(', ');
  expect.fail(
    `expected ${what} to be those that clients put, each once, and ${[
      ...(lost.length > 0 ? [`${lost.length} are lost, such as ${few(lost)}`] : []),
      ...(more.length > 0 ? [`${more.length} are too many, such as ${few(more)}`] : []),
    ].join(', and ')}`,
  );
}

/**
 * The key of the first remaining expected text that matches the stored one: with generated values, or as equal JSON.
 */
function toldAs(data: string, left: ReadonlyMap<string, readonly ExpectedData[]>): string | undefined {
  for (const [told, [one]] of left) if (one !== undefined && isStoredAs(one, data)) return told;
  return undefined;
}
