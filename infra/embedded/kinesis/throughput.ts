import { createHash } from 'node:crypto';
import { isOpen, type Shard } from './shards.ts';
import type { Stream } from './streams.ts';

/** What a provisioned shard takes in a second: records, and bytes of data and partition keys (facts 4.2). */
const RECORDS_PER_SECOND = 1000;
const BYTES_PER_SECOND = 1_048_576;
const WINDOW_MILLIS = 1000;

interface Window {
  readonly startedAt: number;
  records: number;
  bytes: number;
}

/**
 * Counts what each shard was given. A second begins with a shard's first record, and the record that crosses the
 * byte limit is still taken: AWS documents the limits, not how it measures them (inferred).
 */
export class Throughput {
  readonly #now: () => number;
  readonly #windows = new WeakMap<Stream, Map<string, Window>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the record's shard still takes it; then it counts. */
  take(stream: Stream, record: { PartitionKey: string; ExplicitHashKey?: string }, bytes: number): boolean {
    // An on-demand stream scales with its load, which a second of a test does not show.
    if (stream.mode === 'ON_DEMAND') return true;
    const window = this.#window(stream, shardOf(stream, record)?.ShardId ?? '');
    if (window.records >= RECORDS_PER_SECOND || window.bytes >= BYTES_PER_SECOND) return false;
    window.records += 1;
    window.bytes += bytes;
    return true;
  }

  #window(stream: Stream, shardId: string): Window {
    const shards = this.#windows.get(stream) ?? new Map<string, Window>();
    this.#windows.set(stream, shards);
    const now = this.#now();
    const current = shards.get(shardId);
    if (current && now - current.startedAt < WINDOW_MILLIS) return current;
    const fresh = { startedAt: now, records: 0, bytes: 0 };
    shards.set(shardId, fresh);
    return fresh;
  }
}

/** The open shard whose range holds the record's hash (facts 4.4). */
export function shardOf(
  stream: Stream,
  { PartitionKey, ExplicitHashKey }: { PartitionKey: string; ExplicitHashKey?: string },
): Shard | undefined {
  const hash = BigInt(ExplicitHashKey ?? `0x${createHash('md5').update(PartitionKey).digest('hex')}`);
  return stream.shards.find(
    (shard) =>
      isOpen(shard) &&
      BigInt(shard.HashKeyRange.StartingHashKey) <= hash &&
      hash <= BigInt(shard.HashKeyRange.EndingHashKey),
  );
}
