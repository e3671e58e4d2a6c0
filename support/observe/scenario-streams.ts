import { NotObservable } from '../../infra/errors.ts';
import type { UndoStack } from '../../infra/provision/undo.ts';
import type { KnownStream } from './pool.ts';
import type { StoredRecord } from './records.ts';
import type { Worker } from './worker.ts';

/** How a step names a stream. `a new stream` gets a new name and is `the stream` from then on. */
export const STREAM_REFERENCES = [
  'the stream',
  'the other stream',
  'a new stream',
  'an unknown stream',
  'the unknown stream',
] as const;
export type StreamReference = (typeof STREAM_REFERENCES)[number];

/** A stream as one scenario knows it, and the new records that it saw. */
interface ScenarioStream {
  readonly name: string;
  known?: KnownStream;
  readonly records: StoredRecord[];
}

/**
 * Kinesis allows this many streams in CREATING at a time (docs/facts/kinesis.md#streams), and the pool may be creating
 * one.
 */
const MADE_AT_ONCE = 4;

/** The streams of one scenario, and the records that they get while it runs. */
export class ScenarioStreams {
  readonly #worker: Worker;
  readonly #undo: UndoStack;
  readonly #observe: (what: string) => void;
  readonly #streams = new Map<string, ScenarioStream>();
  /** New names that a later one replaced, where several methods create streams. */
  readonly #replaced: string[] = [];

  constructor(worker: Worker, undo: UndoStack, observe: (what: string) => void) {
    this.#worker = worker;
    this.#undo = undo;
    this.#observe = observe;
  }

  /** Makes a stream of the pool a subject of the scenario, and skips its existing records. */
  async take(reference: 'the stream' | 'the other stream', known: KnownStream): Promise<void> {
    await this.#worker.settle(known);
    this.#streams.set(reference, { name: known.name, known, records: [] });
  }

  /** Like `take`, for a stream that is removed when the scenario ends. */
  async own(reference: 'the stream' | 'the other stream', known: KnownStream): Promise<void> {
    this.removeAtEnd(known.name);
    this.#worker.pool.release(known);
    await this.take(reference, known);
  }

  removeAtEnd(name: string): void {
    this.#undo.push(`stream ${name}`, () => this.#worker.streams.remove(name));
    this.#worker.journal.intend({ kind: 'stream', name });
  }

  /** Gives `the stream` a name that is about to be used, and registers it for removal. */
  call(name: string): string {
    this.removeAtEnd(name);
    const before = this.#streams.get('the stream');
    if (before !== undefined && before.known === undefined) this.#replaced.push(before.name);
    this.#streams.set('the stream', { name, records: [] });
    return name;
  }

  /** Gives `the stream` a new name of this many characters, from the given ones. */
  callAtLength(length: number, characters: string): string {
    const start = `${this.#worker.pool.name('Long')}-`;
    const repeated = [...characters.repeat(length)].slice(0, length - start.length);
    return this.call(start + repeated.join(''));
  }

  /** Whether the scenario has named it. */
  has(reference: 'the stream' | 'the other stream'): boolean {
    return this.#streams.has(reference);
  }

  /** Whether it exists: the suite created it, or has seen it ACTIVE. */
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
      // It was created through the proxy, which cannot set tags.
      await this.#worker.streams.tag(stream.name);
      stream.known = this.#worker.pool.known(stream.name, description);
    }
    return stream.known;
  }

  /** Deletes the stream in Kinesis and resolves when it is gone; its name may be used again. */
  async delete(reference: 'the stream'): Promise<void> {
    const name = this.nameOf(reference);
    await this.#worker.streams.remove(name);
    await this.#worker.streams.gone(name);
    this.#streams.set(reference, { name, records: [] });
  }

  /** Ensures that the account has at least this many streams. */
  async fillAccount(count: number): Promise<void> {
    this.#worker.streams.assertMayChange();
    if (!this.#worker.seesKinesis)
      throw new NotObservable(`Kinesis cannot be called directly to create ${count} streams`);
    const { prefix } = this.#worker.pool;
    // The run's own streams may be DELETING, many of them where they are deleted one by one.
    const lasting = (await this.#worker.streams.names()).filter((name) => !name.startsWith(prefix));
    // Other clients may create streams too, hence a few more than needed.
    const missing = count + 10 - lasting.length;
    const names = Array.from({ length: Math.max(missing, 0) }, () => this.#worker.pool.name('Many'));
    // Done last, so that the next listing does not show streams in DELETING.
    this.#undo.push('many streams', () => this.#worker.streams.noneListed(`${prefix}Many-`));
    // Each starts as soon as another is ACTIVE: groups would wait for their slowest stream, minutes on AWS.
    const makeOn = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        this.removeAtEnd(name);
        await this.#worker.streams.create(name, 1);
      }
    };
    try {
      await Promise.all(Array.from({ length: MADE_AT_ONCE }, makeOn));
    } finally {
      // After a failure the others stop as well.
      names.length = 0;
    }
  }

  /** Streams in Kinesis whose names contain one of the scenario's new names, and that should not exist. */
  async unexpectedStreams(): Promise<string[]> {
    const unknown = [...this.#streams.values()].filter(({ known }) => known === undefined);
    const marks = [...this.#replaced, ...unknown.map(({ name }) => name)].map(
      (name) => name.match(/-([0-9a-f]{10})/)?.[1] ?? name,
    );
    const names = await this.#worker.streams.names();
    return names.filter((name) => marks.some((mark) => name.toLowerCase().includes(mark)));
  }

  /** After a failure, before the cleanup: reports the content of the scenario's streams in Kinesis. */
  async tell(isWanted: (name: string) => boolean): Promise<void> {
    for (const { name, known, records } of this.#streams.values()) {
      if (!isWanted(name)) continue;
      const description = await this.#worker.streams.describe(name);
      if (description === undefined) {
        this.#observe(`the stream ${name} does not exist`);
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
          ? `the stream ${name} got no records during the scenario`
          : `new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`,
      );
    }
  }

  /** After a failure: prevents this scenario's changes to kept streams from failing others. */
  async recheck(): Promise<void> {
    for (const { known } of this.#streams.values()) if (known) await this.#worker.pool.recheck(known);
  }

  /** The new records of a stream, once there are as many as expected or the wait is over. */
  async newRecords(reference: StreamReference, atLeast: number): Promise<StoredRecord[]> {
    const known = await this.known(reference);
    const { name, records } = this.#find(reference);
    await this.#worker.waits
      .until('records-visible', `${atLeast} records in ${name}`, async () => {
        records.push(...(await this.#worker.read(known)));
        return records.length >= atLeast ? { found: true } : { seen: `${records.length}` };
      })
      // The caller judges whether there are too few, and gets all of them.
      .catch((error: unknown) => {
        if (error instanceof NotObservable) throw error;
        this.#observe(String(error));
      });
    this.#observe(`new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`);
    return records;
  }

  /** The new records of a stream that should have got none. */
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
      // A defective proxy may create it.
      const name = this.#worker.pool.name('Unknown');
      this.removeAtEnd(name);
      this.#streams.set(key, { name, records: [] });
    }
    const stream = this.#streams.get(key);
    if (stream === undefined) throw new Error(`the scenario has not said which is ${key}`);
    return stream;
  }
}

/** A record in an observation: its text, or its length. */
export function shown({ shardId, partitionKey, data }: StoredRecord) {
  const text = data.toString('utf8');
  return { shardId, partitionKey, data: text.length > 200 ? `${data.length} bytes` : text };
}
