import { NotObservable } from '../../infra/errors.ts';
import type { UndoStack } from '../../infra/provision/undo.ts';
import type { KnownStream } from './pool.ts';
import type { StoredRecord } from './records.ts';
import type { Worker } from './worker.ts';

/** How a step names a stream. `a new stream` gets a name of its own and is `the stream` from then on. */
export const STREAM_REFERENCES = [
  'the stream',
  'the other stream',
  'a new stream',
  'an unknown stream',
  'the unknown stream',
] as const;
export type StreamReference = (typeof STREAM_REFERENCES)[number];

/** A stream as one scenario knows it, and the records that it saw come. */
interface ScenarioStream {
  readonly name: string;
  known?: KnownStream;
  readonly records: StoredRecord[];
}

/**
 * Kinesis lets this many streams be in CREATING at a time (docs/facts/kinesis.md#streams), and the pool may be making
 * one.
 */
const MADE_AT_ONCE = 4;

/** The streams that one scenario is about, and what comes into them while it runs. */
export class ScenarioStreams {
  readonly #worker: Worker;
  readonly #undo: UndoStack;
  readonly #observe: (what: string) => void;
  readonly #streams = new Map<string, ScenarioStream>();

  constructor(worker: Worker, undo: UndoStack, observe: (what: string) => void) {
    this.#worker = worker;
    this.#undo = undo;
    this.#observe = observe;
  }

  /** Makes a stream of the pool a subject of the scenario, past what it holds already. */
  async take(reference: 'the stream' | 'the other stream', known: KnownStream): Promise<void> {
    await this.#worker.settle(known);
    this.#streams.set(reference, { name: known.name, known, records: [] });
  }

  /** Like `take`, for a stream that goes when the scenario ends. */
  async own(reference: 'the stream' | 'the other stream', known: KnownStream): Promise<void> {
    this.removeAtEnd(known.name);
    this.#worker.pool.release(known);
    await this.take(reference, known);
  }

  removeAtEnd(name: string): void {
    this.#undo.push(`stream ${name}`, () => this.#worker.streams.remove(name));
    this.#worker.journal.intend({ kind: 'stream', name });
  }

  /** Calls `the stream` by a name that is about to be used, and sees to its removal. */
  call(name: string): string {
    this.removeAtEnd(name);
    this.#streams.set('the stream', { name, records: [] });
    return name;
  }

  /** Calls `the stream` by a new name of so many characters, made of the given ones. */
  callAtLength(length: number, characters: string): string {
    const start = `${this.#worker.pool.name('Long')}-`;
    const repeated = [...characters.repeat(length)].slice(0, length - start.length);
    return this.call(start + repeated.join(''));
  }

  /** Whether the scenario has said which it is. */
  has(reference: 'the stream' | 'the other stream'): boolean {
    return this.#streams.has(reference);
  }

  /** Whether it is there: the suite made it, or has seen it ACTIVE. */
  isKnown(reference: 'the stream' | 'the other stream'): boolean {
    return this.#streams.get(reference)?.known !== undefined;
  }

  nameOf(reference: StreamReference): string {
    return this.#find(reference).name;
  }

  isForeign(reference: StreamReference): boolean {
    return this.#find(reference).known?.foreign === true;
  }

  /** The stream once it is ACTIVE. */
  async known(reference: StreamReference): Promise<KnownStream> {
    const stream = this.#find(reference);
    if (stream.known === undefined) {
      const description = await this.#worker.streams.active(stream.name);
      // Made through the proxy, which cannot give it tags.
      await this.#worker.streams.tag(stream.name);
      stream.known = this.#worker.pool.known(stream.name, description);
    }
    return stream.known;
  }

  /** Deletes the stream in Kinesis and settles when it is gone; its name may be used again. */
  async delete(reference: 'the stream'): Promise<void> {
    const name = this.nameOf(reference);
    await this.#worker.streams.remove(name);
    await this.#worker.streams.gone(name);
    this.#streams.set(reference, { name, records: [] });
  }

  /** Sees to it that the account has at least so many streams. */
  async fillAccount(count: number): Promise<void> {
    this.#worker.streams.assertMayChange();
    if (!this.#worker.seesKinesis)
      throw new NotObservable(`Kinesis cannot be queried directly, to make ${count} streams`);
    const { prefix } = this.#worker.pool;
    // The run's own may be on their way out, many of them where they are deleted one by one.
    const lasting = (await this.#worker.streams.names()).filter((name) => !name.startsWith(prefix));
    // Other clients may create streams too, hence a few more than needed.
    const missing = count + 10 - lasting.length;
    const names = Array.from({ length: Math.max(missing, 0) }, () => this.#worker.pool.name('Many'));
    // Done last, so that the next listing does not show streams in DELETING.
    this.#undo.push('many streams', () => this.#worker.streams.noneListed(`${prefix}Many-`));
    // One follows as soon as another is ACTIVE: in groups, all would wait for the slowest of each, minutes on AWS.
    const makeOn = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        this.removeAtEnd(name);
        await this.#worker.streams.create(name, 1);
      }
    };
    try {
      await Promise.all(Array.from({ length: MADE_AT_ONCE }, makeOn));
    } finally {
      // After a failure the others end as well.
      names.length = 0;
    }
  }

  /** Names in Kinesis that have anything of the scenario's new names in them: streams that were not to appear. */
  async strangers(): Promise<string[]> {
    const marks = [...this.#streams.values()]
      .filter(({ known }) => known === undefined)
      .map(({ name }) => name.match(/-([0-9a-f]{10})/)?.[1] ?? name);
    const names = await this.#worker.streams.names();
    return names.filter((name) => marks.some((mark) => name.toLowerCase().includes(mark)));
  }

  /** After a failure, before anything is undone: tells what Kinesis holds of the scenario's streams. */
  async tell(): Promise<void> {
    for (const { name, known, records } of this.#streams.values()) {
      const description = await this.#worker.streams.describe(name);
      if (description === undefined) {
        this.#observe(`there is no stream ${name}`);
        continue;
      }
      const { StreamStatus, Shards = [] } = description;
      this.#observe(
        `the stream ${name} is ${StreamStatus} and has ${Shards.length} shard${Shards.length === 1 ? '' : 's'}`,
      );
      if (known === undefined || known.foreign || StreamStatus !== 'ACTIVE') continue;
      records.push(...(await this.#worker.read(known)));
      this.#observe(
        records.length === 0
          ? `no record came into the stream ${name} during the scenario`
          : `new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`,
      );
    }
  }

  /** After a failure: sees to it that what this scenario did to kept streams fails no other. */
  async recheck(): Promise<void> {
    for (const { known } of this.#streams.values()) if (known) await this.#worker.pool.recheck(known);
  }

  /** What came into a stream during the scenario, once it is as much as expected or the wait is over. */
  async newRecords(reference: StreamReference, atLeast: number): Promise<StoredRecord[]> {
    const known = await this.known(reference);
    const { name, records } = this.#find(reference);
    await this.#worker.waits
      .until('records-visible', `${atLeast} records in ${name}`, async () => {
        records.push(...(await this.#worker.read(known)));
        return records.length >= atLeast ? { found: true } : { seen: `${records.length}` };
      })
      // Too few are for the caller to judge, with all that is there in its hands.
      .catch((error: unknown) => {
        if (error instanceof NotObservable) throw error;
        this.#observe(String(error));
      });
    this.#observe(`new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`);
    return records;
  }

  /** What came into a stream although nothing was to come. */
  async unwantedRecords(reference: StreamReference): Promise<StoredRecord[]> {
    const known = await this.known(reference);
    const { name, records } = this.#find(reference);
    await this.#worker.waits.throughout('nothing-stored', async () => {
      records.push(...(await this.#worker.read(known)));
      return records.length === 0 ? undefined : records;
    });
    this.#observe(`new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`);
    return records;
  }

  #find(reference: StreamReference): ScenarioStream {
    if (reference === 'a new stream') this.call(this.#worker.pool.name('New'));
    const key = reference === 'a new stream' ? 'the stream' : reference.replace('an unknown', 'the unknown');
    if (key === 'the unknown stream' && !this.#streams.has(key)) {
      // A defective proxy may make it.
      const name = this.#worker.pool.name('Unknown');
      this.removeAtEnd(name);
      this.#streams.set(key, { name, records: [] });
    }
    const stream = this.#streams.get(key);
    if (stream === undefined) throw new Error(`the scenario has not said which is ${key}`);
    return stream;
  }
}

/** A record as an observation tells it: its text, or how long it is. */
export function shown({ shardId, partitionKey, data }: StoredRecord) {
  const text = data.toString('utf8');
  return { shardId, partitionKey, data: text.length > 200 ? `${data.length} bytes` : text };
}
