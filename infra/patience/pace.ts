import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { QUOTAS } from '../embedded/quotas.ts';
import { Bucket } from './bucket.ts';

/** A call that an AWS quota counts: its action, and the shard that it is about where the quota is a shard's. */
export interface PacedCall {
  readonly action: string;
  readonly shard?: string | undefined;
}

/** What a run went through and repeated. */
export type Trouble = 'throttled' | 'server-error' | 'lost-connection';

/** Counted over all threads of a run. */
export interface Troubles {
  readonly throttled: number;
  readonly serverErrors: number;
  readonly lostConnections: number;
  /** Calls that were made again, by action. */
  readonly repeated: Readonly<Record<string, number>>;
}

type Message =
  | { readonly kind: 'take' | 'turn' | 'done'; readonly id: string; readonly keys: readonly string[] }
  | { readonly kind: 'note'; readonly trouble: Trouble; readonly action: string };

const CHANNEL = 'kinesis-proxy-conformance:pace';
/** Above so many, buckets that nobody uses are dropped: there is one to each shard. */
const MAX_BUCKETS = 500;

/**
 * Has all threads of a run share AWS's quotas. The buckets are the main thread's, where serial scenarios run and
 * what is provisioned is; a worker thread asks for its turns over a BroadcastChannel, which reaches no other process.
 */
export class Pace {
  readonly #buckets = new Map<string, Bucket>();
  readonly #asked = new Map<string, () => void>();
  readonly #counts = { throttled: 0, serverErrors: 0, lostConnections: 0 };
  readonly #repeated = new Map<string, number>();
  #channel: BroadcastChannel | undefined;
  #calls = 0;

  /** Makes a call as soon as every quota that counts it has room. */
  async turn<T>(keys: readonly string[], call: () => Promise<T>): Promise<T> {
    if (keys.length === 0) return call();
    const id = `${threadId}:${++this.#calls}`;
    await (isMainThread ? this.#take(keys) : this.#ask(id, keys));
    try {
      return await call();
    } finally {
      if (isMainThread) this.#giveBack(keys);
      else this.#send({ kind: 'done', id, keys });
    }
  }

  /** Something went wrong, and the call is made again. */
  note(trouble: Trouble, action: string): void {
    if (!isMainThread) this.#send({ kind: 'note', trouble, action });
    else this.#count(trouble, action);
  }

  /** What was noted since the last call of this, in the main thread. */
  takeTroubles(): Troubles {
    const troubles = { ...this.#counts, repeated: Object.fromEntries([...this.#repeated].sort()) };
    this.#counts.throttled = this.#counts.serverErrors = this.#counts.lostConnections = 0;
    this.#repeated.clear();
    return troubles;
  }

  /** In the main thread: begins to serve the workers. Safe to call twice. */
  open(): void {
    if (isMainThread) this.#join();
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #take(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#bucket(key).take();
  }

  #giveBack(keys: readonly string[]): void {
    for (const key of keys) this.#bucket(key).giveBack();
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size > MAX_BUCKETS)
      for (const [name, bucket] of this.#buckets) if (bucket.idle) this.#buckets.delete(name);
    const [action = ''] = key.split(' of ');
    const quota = QUOTAS[action];
    if (quota === undefined) throw new Error(`there is no quota of ${action}`);
    // The clock starts with the process: the command before this one may have used up what takes longer to come back
    // than a process to start.
    const bucket = new Bucket(quota, quota.perMillis > 1_000 ? quota.perMillis : undefined);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #count(trouble: Trouble, action: string): void {
    if (trouble === 'throttled') this.#counts.throttled++;
    else if (trouble === 'server-error') this.#counts.serverErrors++;
    else this.#counts.lostConnections++;
    this.#repeated.set(action, (this.#repeated.get(action) ?? 0) + 1);
  }

  #receive(message: Message): void {
    if (!isMainThread) {
      if (message.kind === 'turn') this.#begin(message.id);
    } else if (message.kind === 'note') this.#count(message.trouble, message.action);
    else if (message.kind === 'done') this.#giveBack(message.keys);
    else if (message.kind === 'take')
      void this.#take(message.keys).then(() => this.#send({ ...message, kind: 'turn' }));
  }

  #begin(id: string): void {
    this.#asked.get(id)?.();
    this.#asked.delete(id);
    if (this.#asked.size === 0) this.#channel?.unref();
  }

  #ask(id: string, keys: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      // Whoever waits for a turn has to live to get it.
      this.#join().ref();
      this.#send({ kind: 'take', id, keys });
    });
  }

  #join(): BroadcastChannel {
    if (this.#channel) return this.#channel;
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (event: unknown) => this.#receive((event as { data: Message }).data);
    // An open channel must not keep a run that is over from ending.
    channel.unref();
    this.#channel = channel;
    return channel;
  }

  #send(message: Message): void {
    this.#join().postMessage(message);
  }
}

/** This thread's. */
export const pace = new Pace();
