import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KinesisClient, StreamDescription } from '@aws-sdk/client-kinesis';
import { messageOf } from '../../infra/errors.ts';
import type { BatchRecord } from '../client/requests.ts';
import { isServiceError } from './ask.ts';
import { type StoredRecord, StreamTail, store } from './records.ts';
import type { Streams } from './streams.ts';

/** A stream that the suite made in Kinesis, with what is known of it from then. */
export interface KnownStream {
  readonly name: string;
  /** As it was when it became ACTIVE. */
  readonly description: StreamDescription;
  readonly tail: StreamTail;
  /** What the suite itself put into it, in order. */
  readonly holds: readonly StoredRecord[];
}

/**
 * The streams of one worker. Creating one takes half a minute on AWS, so what scenarios only read or add to is
 * made once and kept for the run, and the next stream for a scenario of its own is being made while one is in use.
 */
export class StreamPool {
  readonly #kinesis: KinesisClient;
  readonly #streams: Streams;
  readonly #prefix: string;
  readonly #kept = new Map<string, Promise<KnownStream>>();
  readonly #names = new Set<string>();
  #next: Promise<KnownStream> | undefined;

  constructor(kinesis: KinesisClient, streams: Streams, prefix: string) {
    this.#kinesis = kinesis;
    this.#streams = streams;
    this.#prefix = prefix;
  }

  /** A name that no stream has; capital letters tell a proxy that changes their case. */
  name(label: string): string {
    return `${this.#prefix}${label}-${randomBytes(5).toString('hex')}`;
  }

  /** A kept stream, made at its first use; scenarios add to it and read what they added. */
  shared(label: string, shards: number): Promise<KnownStream> {
    return this.#keep(label, () => this.make(label, shards));
  }

  /** A kept stream of given shards and records, which no scenario adds to. */
  holding(label: string, shards: number, records: readonly BatchRecord[]): Promise<KnownStream> {
    return this.#keep(JSON.stringify([label, shards, records]), async () => {
      const stream = await this.make(label, shards);
      const holds: StoredRecord[] = [];
      for (const record of records) {
        const place = await store(this.#kinesis, stream.name, record);
        holds.push({
          ...place,
          partitionKey: record.partitionKey,
          data: Buffer.from(record.data),
          arrivedAt: Number.NaN,
        });
      }
      return { ...stream, holds };
    });
  }

  /** A kept stream that all workers of the run share under one name; the run's last sweep removes it. */
  joined(name: string): Promise<KnownStream> {
    return this.#keep(name, async () => {
      await this.#streams.begin(name, 1).catch((error: unknown) => {
        if (!(isServiceError(error) && error.name === 'ResourceInUseException')) throw error;
      });
      return this.known(name, await this.#streams.active(name));
    });
  }

  /** A stream of one shard for one scenario alone, who has to remove it. */
  async fresh(): Promise<KnownStream> {
    const stream = await (this.#next ?? this.make('Fresh', 1));
    this.#names.delete(stream.name);
    this.#next = this.make('Fresh', 1);
    // Whoever takes it gets the error; until then nobody listens.
    this.#next.catch(() => undefined);
    return stream;
  }

  /** Makes a stream now and keeps its name until `release` or `close`. */
  async make(label: string, shards: number): Promise<KnownStream> {
    const name = this.name(label);
    this.#names.add(name);
    const description = await this.#streams.create(name, shards);
    return this.known(name, description);
  }

  known(name: string, description: StreamDescription): KnownStream {
    const shardIds = (description.Shards ?? []).map(({ ShardId = '' }) => ShardId);
    return { name, description, tail: new StreamTail(this.#kinesis, name, shardIds), holds: [] };
  }

  /** The stream is someone else's to remove now. */
  release(stream: KnownStream): KnownStream {
    this.#names.delete(stream.name);
    return stream;
  }

  /** Keeps a stream no longer that is not as it was: a defective proxy changed it, and one scenario has said so. */
  async recheck(stream: KnownStream): Promise<void> {
    const now = await this.#streams.describe(stream.name);
    if (isDeepStrictEqual(now, stream.description)) return;
    for (const [key, kept] of this.#kept) if ((await kept).name === stream.name) this.#kept.delete(key);
  }

  /** Removes what was kept. @returns one line for each stream that is still there. */
  async close(): Promise<string[]> {
    await this.#next?.catch(() => undefined);
    const left = await Promise.all(
      [...this.#names].map((name) =>
        this.#streams.remove(name).then(
          () => undefined,
          (error: unknown) => `stream ${name}: ${messageOf(error)}`,
        ),
      ),
    );
    return left.filter((line) => line !== undefined);
  }

  #keep(key: string, make: () => Promise<KnownStream>): Promise<KnownStream> {
    const kept = this.#kept.get(key) ?? make();
    this.#kept.set(key, kept);
    return kept;
  }
}
