import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { QUOTAS } from '../embedded/quotas.ts';
import { TokenBucket } from './token-bucket.ts';

/** A call that an AWS quota counts: its action, and its shard where the quota is per shard. */
export interface LimitedCall {
  readonly action: string;
  readonly shard?: string | undefined;
}

/** The errors after which a call is retried. */
export type TransientError = 'throttled' | 'server-error' | 'lost-connection';

/** The errors that led to retries, counted over all threads of a run. */
export interface RetryCounts {
  readonly throttled: number;
  readonly serverErrors: number;
  readonly lostConnections: number;
  /** Calls that were made again, by action. */
  readonly repeated: Readonly<Record<string, number>>;
}

type Message =
  | { readonly kind: 'take' | 'turn' | 'done'; readonly id: string; readonly keys: readonly string[] }
  | { readonly kind: 'note'; readonly transient: TransientError; readonly action: string };

const CHANNEL = 'kinesis-proxy-conformance:rate-limit';
/** There is a bucket for each shard; above this number, idle ones are dropped. */
const MAX_BUCKETS = 500;

/**
 * Shares AWS's quotas between all threads of a run. The buckets live in the main thread, which provisions the API and
 * runs serial scenarios; a worker thread asks it for turns over a BroadcastChannel, which reaches no other process.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, TokenBucket>();
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

  /** Counts an error after which the call is retried. */
  note(transient: TransientError, action: string): void {
    if (!isMainThread) this.#send({ kind: 'note', transient, action });
    else this.#count(transient, action);
  }

  /** Returns the counts since the last call of this method, and resets them. Main thread only. */
  takeCounts(): RetryCounts {
    const counts = { ...this.#counts, repeated: Object.fromEntries([...this.#repeated].sort()) };
    this.#counts.throttled = this.#counts.serverErrors = this.#counts.lostConnections = 0;
    this.#repeated.clear();
    return counts;
  }

  /** Starts to serve the workers. Main thread only; safe to call twice. */
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

  #bucket(key: string): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size > MAX_BUCKETS)
      for (const [name, bucket] of this.#buckets) if (bucket.idle) this.#buckets.delete(name);
    const [action = ''] = key.split(' of ');
    const quota = QUOTAS[action];
    if (quota === undefined) throw new Error(`there is no quota of ${action}`);
    // A previous command may have used up a quota whose period is longer than a process takes to start, so such a
    // bucket starts empty.
    const bucket = new TokenBucket(quota, quota.perMillis > 1_000 ? quota.perMillis : undefined);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #count(transient: TransientError, action: string): void {
    if (transient === 'throttled') this.#counts.throttled++;
    else if (transient === 'server-error') this.#counts.serverErrors++;
    else this.#counts.lostConnections++;
    this.#repeated.set(action, (this.#repeated.get(action) ?? 0) + 1);
  }

  #receive(message: Message): void {
    if (!isMainThread) {
      if (message.kind === 'turn') this.#begin(message.id);
    } else if (message.kind === 'note') this.#count(message.transient, message.action);
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
      // Keeps the thread alive while it waits for its turn.
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

/** The rate limiter of this thread. */
export const rateLimiter = new RateLimiter();
