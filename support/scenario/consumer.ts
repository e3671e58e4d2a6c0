import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { fixedValues, inputsIn } from '../../infra/definition/interface/members.ts';
import { beginsAtEnd, isClients } from '../../infra/definition/interface/offers.ts';
import type { Call, Input, Place } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { WaitTimeout } from '../../infra/retry/waits.ts';
import type { Answer } from '../client/answer.ts';
import type { Intent } from '../client/by-interface.ts';
import type { ProxyWorld } from '../world.ts';
import { type Attempt, answered } from './offered.ts';

/** The maximum of requests in one chain of pages. */
export const MAX_PAGES = 100;
/** Seconds since the epoch. */
const LONG_AGO = '1';

/** Reads one shard by a proxy, with the iterators that the proxy gives. */
export class Consumer {
  readonly #world: ProxyWorld;
  readonly #give: Call;
  readonly #read: Call;
  readonly #place: Intent;
  readonly data: string[] = [];
  readonly told = { PartitionKey: [] as unknown[], SequenceNumber: [] as unknown[] };
  #iterator: unknown;
  /** Records that were read again after a restart of the chain. */
  #known = 0;
  /** The stream of its iterators. */
  stream = '';
  /** The answer to its last call, if that was refused. */
  refusal: Answer | undefined;
  /** The first page that is not JSON, so that its records could not be read from it. */
  unreadable: Answer | undefined;

  /** @param give the method that returns iterators. @param read the one that accepts them. */
  constructor(world: ProxyWorld, give: Call, read: Call, place: Intent) {
    this.#world = world;
    this.#give = give;
    this.#read = read;
    this.#place = place;
  }

  /** Gets an iterator at the position where clients start. */
  async start(more: Intent = {}): Promise<void> {
    const iteratorType = startOf(this.#give);
    const since = iteratorType === 'AT_TIMESTAMP' && { timestamp: LONG_AGO };
    const attempt = await this.#world.offered.make(this.#give, {
      ...this.#place,
      iteratorType,
      ...since,
      ...more,
    });
    this.stream = attempt.told.stream;
    this.refusal = attempt.answer.succeeded ? undefined : attempt.answer;
    [this.#iterator] = answered(attempt, 'ShardIterator');
  }

  /**
   * Gets a new iterator after the last record. If the API only lets clients start at the beginning, the consumer reads
   * old records again.
   */
  async restart(): Promise<void> {
    const last = this.told.SequenceNumber.at(-1);
    const iteratorType = resumingType(this.#give);
    if (iteratorType !== undefined && typeof last === 'string')
      return this.start({ iteratorType, startingSequenceNumber: last });
    this.#known = this.data.length;
    return this.start();
  }

  /** Whether it has a next iterator. */
  get goesOn(): boolean {
    return typeof this.#iterator === 'string' && this.#iterator !== '';
  }

  /** Reads one page. @returns undefined if there is no iterator. */
  async page(): Promise<
    { readonly attempt: Attempt; readonly records: number; readonly isAtEnd: boolean } | undefined
  > {
    if (!this.goesOn) return undefined;
    const attempt = await this.#world.offered.make(this.#read, {
      ...this.#place,
      iterator: String(this.#iterator),
    });
    const texts = answered(attempt, 'Records/*/Data').map((text) =>
      Buffer.from(String(text), 'base64').toString('utf8'),
    );
    const again = Math.min(this.#known, texts.length);
    this.#known -= again;
    this.data.push(...texts.slice(again));
    for (const member of ['PartitionKey', 'SequenceNumber'] as const)
      this.told[member].push(...answered(attempt, `Records/*/${member}`).slice(again));
    const [behind] = answered(attempt, 'MillisBehindLatest');
    this.refusal = attempt.answer.succeeded ? undefined : attempt.answer;
    if (attempt.answer.succeeded && attempt.answer.json === undefined) this.unreadable ??= attempt.answer;
    // A refused call can be repeated with the same iterator.
    if (attempt.answer.succeeded) [this.#iterator] = answered(attempt, 'NextShardIterator');
    // An answer without MillisBehindLatest is only known to be at the end after an empty page.
    const isAtEnd = behind === 0 || (behind === undefined && texts.length === 0);
    return { attempt, records: texts.length, isAtEnd };
  }

  /** Reads on to the end of the shard. @throws NotObservable if that takes too many pages. */
  async readOn(): Promise<void> {
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = await this.page();
      if (page === undefined || page.isAtEnd || !page.attempt.answer.succeeded) return;
    }
    throw new NotObservable(`${MAX_PAGES} pages do not reach the end of the shard`);
  }

  /**
   * Reads on until it has this many records or the wait is over, since records may become visible late. The caller
   * judges if there are too few.
   */
  async readUntil(count: number): Promise<void> {
    await this.#world.worker.waits
      .until('records-visible', `${count} records read through the proxy`, async () => {
        await this.readOn();
        return this.data.length >= count ? { found: true } : { seen: `${this.data.length}` };
      })
      .catch((error: unknown) => {
        if (!(error instanceof WaitTimeout)) throw error;
      });
  }
}

/**
 * The type of iterator that a client uses to read on after a record; undefined if the method has none. An input that is
 * named for what comes after it promises AFTER_SEQUENCE_NUMBER, whatever its template makes of it.
 */
export function resumingType(call: Call): string | undefined {
  const { iteratorType, startingSequenceNumber: start } = call;
  if (start === undefined || !isClients(start)) return undefined;
  const values = fixedValues(iteratorType);
  if (isClients(iteratorType) || values?.includes('AFTER_SEQUENCE_NUMBER')) return 'AFTER_SEQUENCE_NUMBER';
  // Clients that may give a sequence number want to read on after it; Kinesis refuses it with these types.
  if (beginsAtEnd(call)) return 'AFTER_SEQUENCE_NUMBER';
  return typeNamedAfter(iteratorType, inputsIn(start));
}

/** The fixed type that applies if one of these inputs is given whose name promises what comes after it. */
function typeNamedAfter(place: Place | undefined, inputs: readonly Input[]): string | undefined {
  if (place === undefined || !('fixed' in place) || place.given === undefined) return undefined;
  const { fixed, given, whenAbsent } = place;
  const name = nameOf(given);
  const tells = inputs.some((input) => input.from === given.from && nameOf(input) === name);
  if (AFTER.test(name) && tells) return String(fixed);
  return typeof whenAbsent === 'object' ? typeNamedAfter(whenAbsent, inputs) : undefined;
}

function nameOf(input: Input): string {
  return 'name' in input ? input.name : 'at' in input ? input.at : '';
}

const AFTER = /after/i;

/**
 * The position at which the iterators of a method begin.
 * @throws NotObservable if neither the proxy nor a client can begin at the first record.
 */
export function startOf(call: Call): 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP' {
  const { iteratorType, timestamp, undetermined } = call;
  const values = fixedValues(iteratorType);
  if (values === undefined || values.includes('TRIM_HORIZON')) return 'TRIM_HORIZON';
  if (values.includes('AT_TIMESTAMP') && isClients(timestamp)) return 'AT_TIMESTAMP';
  if (values.includes('LATEST')) return 'LATEST';
  const unclear = undetermined.find(({ what }) => what === 'ShardIteratorType');
  throw new NotObservable(
    unclear
      ? `the type of the iterators of ${nameOfCall(call)} is not known: ${unclear.why}`
      : `${nameOfCall(call)} gives iterators that are ${values.join(' or ')} only, and a shard cannot be read from its first record`,
  );
}
