import { NotObservable } from '../../infra/errors.ts';
import { WaitTimeout } from '../../infra/retry/waits.ts';
import { type Answer, announced, recordsOf } from '../client/answer.ts';
import { getRecords } from '../client/requests.ts';
import { MAX_PAGES_PER_SHARD } from '../observe/records.ts';
import type { ProxyWorld } from '../world.ts';

/** How many empty pages in a row are read before the shard is taken to be empty. */
const MAX_EMPTY_PAGES = 10;

/** The reads of one shard by the scenario's client, through the proxy. */
export class Reading {
  readonly #world: ProxyWorld;
  /** Where the client reads on. */
  iterator: string | undefined;
  /** The answers of the last reading, and of the one before. */
  answers: { now: Answer[]; before: Answer[] } = { now: [], before: [] };

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  /** The records of the last reading, as the proxy answered them. */
  get records(): Record<string, unknown>[] {
    return this.answers.now.flatMap(recordsOf);
  }

  /** Called before records are compared. @throws NotObservable for a foreign stream, whose content is unknown. */
  assertOwnRecords(): void {
    if (this.#world.streams.isForeign('the stream'))
      throw new NotObservable('this run does not know the content of the stream');
  }

  /**
   * Reads once through the proxy with the iterator. If the first page is empty although there is more, as
   * Kinesis may answer (docs/facts/kinesis.md#records), it reads on until it finds records.
   */
  async once(stream: string): Promise<void> {
    const before = this.answers.now;
    let answer = await this.#world.calls(getRecords(stream, this.iterator));
    for (let empty = 1; empty < MAX_EMPTY_PAGES && before.length === 0; empty++) {
      const next = answer.field('NextShardIterator');
      const isMore = recordsOf(answer).length === 0 && Number(answer.field('MillisBehindLatest')) > 0;
      if (!isMore || typeof next !== 'string') break;
      this.iterator = next;
      answer = await this.#world.calls(getRecords(stream, next));
    }
    this.answers = { now: [answer], before };
  }

  /**
   * Reads through the proxy to the end of the shard, under a stream's name, within bounds. Records that the scenario
   * just put may become visible late.
   */
  async toEnd(stream: string): Promise<void> {
    const atLeast = this.#world.client.answers.flatMap(announced).length;
    this.answers = { now: [], before: this.answers.now };
    let iterator = this.iterator;
    const reading = this.#world.worker.waits.until('records-visible', `${atLeast} records`, async () => {
      let behind = true;
      for (let pages = 0; behind && iterator !== undefined && pages < MAX_PAGES_PER_SHARD; pages++) {
        const answer = await this.#world.calls(getRecords(stream, iterator));
        this.answers.now.push(answer);
        const next = answer.field('NextShardIterator');
        iterator = typeof next === 'string' ? next : undefined;
        behind = answer.field('MillisBehindLatest') !== 0 && answer.succeeded;
      }
      const seen = this.records.length;
      return seen >= atLeast || iterator === undefined ? { found: seen } : { seen: String(seen) };
    });
    // A later step judges if there are too few.
    await reading.catch((error: unknown) => {
      if (!(error instanceof WaitTimeout)) throw error;
      this.#world.observations.push(String(error));
    });
  }
}
