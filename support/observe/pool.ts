import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KinesisClient, StreamDescription } from '@aws-sdk/client-kinesis';
import type { Affix } from '../../infra/definition/interface/offers.ts';
import { messageOf, NotObservable, TargetError } from '../../infra/errors.ts';
import { WaitTimeout } from '../../infra/retry/waits.ts';
import type { Limits } from '../../infra/targets/deployed-api.ts';
import type { BatchRecord } from '../client/requests.ts';
import { type StoredRecord, StreamTail, store } from './records.ts';
import { isServiceError } from './sdk-call.ts';
import { openShards } from './shards.ts';
import type { Streams } from './streams.ts';

/** Milliseconds. */
const CLOCK_SKEW = 60_000;

/** A stream that the suite created in Kinesis, and what is known about it. */
export interface KnownStream {
  readonly name: string;
  /** Its description when it became ACTIVE. */
  readonly description: StreamDescription;
  readonly tail: StreamTail;
  /** The records that the suite itself put, in order. */
  readonly holds: readonly StoredRecord[];
  /** True for a stream that the run did not create, whose content is unknown. */
  readonly foreign?: boolean;
}

/**
 * The streams of one worker. Creating one takes half a minute on AWS, so a stream that scenarios only read or add to is
 * created once and kept for the run, and the next stream for a single scenario is created while one is in use.
 */
export class StreamPool {
  readonly #kinesis: KinesisClient;
  readonly #streams: Streams;
  /** The prefix of all names that it generates. */
  readonly prefix: string;
  readonly #after: string;
  readonly #limits: Limits | undefined;
  readonly #direct: boolean;
  readonly #foreign: boolean;
  readonly #kept = new Map<string, Promise<KnownStream>>();
  readonly #names = new Set<string>();
  #next: Promise<KnownStream> | undefined;

  /**
   * @param run what its streams are named after, what it may change, whether it asks Kinesis directly, and whether the
   * streams that the API names belong to others.
   */
  constructor(
    kinesis: KinesisClient,
    streams: Streams,
    run: {
      prefix: string;
      streamAffix?: Affix;
      limits?: Limits | undefined;
      direct: boolean;
      foreign?: boolean;
    },
  ) {
    this.#kinesis = kinesis;
    this.#streams = streams;
    const { before, after } = run.streamAffix ?? { before: '', after: '' };
    this.prefix = before + run.prefix;
    this.#after = after;
    this.#limits = run.limits;
    this.#direct = run.direct;
    this.#foreign = run.foreign === true;
  }

  /** A new name. It has capital letters, to detect a proxy that changes their case. */
  name(label: string): string {
    return `${this.prefix}${label}-${randomBytes(5).toString('hex')}${this.#after}`;
  }

  /** A kept stream, made at its first use; scenarios add to it and read what they added. */
  shared(label: string, shards: number): Promise<KnownStream> {
    return this.#limits ? this.#given(shards) : this.#keep(label, () => this.make(label, shards));
  }

  /**
   * A stream whose name the API fixes: created by the run with the API, or belonging to others. It is never deleted
   * here.
   */
  named(name: string): Promise<KnownStream> {
    if (this.#foreign) return this.#keep(name, () => this.#adopt(name));
    return this.#keep(`named ${name}`, async () => {
      const stream = this.known(name, await this.#streams.active(name));
      await stream.tail.read();
      return stream;
    });
  }

  /** A kept stream with any number of shards: the one given to the run, else one with two shards. */
  any(): Promise<KnownStream> {
    return this.#limits ? this.#given() : this.shared('Main', 2);
  }

  /** A kept stream of given shards and records, which no scenario adds to; a foreign stream has other records. */
  holding(label: string, shards: number, records: readonly BatchRecord[]): Promise<KnownStream> {
    if (this.#limits) return this.#given(shards);
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
      await this.#streams.readable(stream.name, stream.description, records.length);
      return { ...stream, holds };
    });
  }

  /**
   * The stream that the run was given. @throws NotObservable if no stream was given, or it has another number of
   * shards.
   */
  async #given(shards?: number): Promise<KnownStream> {
    const name = this.#limits?.stream;
    if (name === undefined) this.#streams.assertMayChange();
    const stream = await this.#keep(String(name), () => this.#adopt(String(name)));
    const all = stream.description.Shards ?? [];
    const open = openShards(all).length;
    if (shards !== undefined && (open !== shards || all.length !== shards))
      throw new NotObservable(
        `this needs a stream of ${shards} shards that was never resharded; ${name} has ${open} open shards of ${all.length}, and this run creates none`,
      );
    return stream;
  }

  async #adopt(name: string): Promise<KnownStream> {
    const description = await this.#streams.describe(name);
    if (description?.StreamStatus !== 'ACTIVE')
      throw new NotObservable(`the stream ${name} is ${description?.StreamStatus ?? 'not there'}`);
    const shardIds = (description.Shards ?? []).map(({ ShardId = '' }) => ShardId);
    // Only Kinesis itself can list records since a time; the margin allows for clock differences.
    const since = this.#direct ? new Date(Date.now() - CLOCK_SKEW) : undefined;
    const tail = new StreamTail(this.#kinesis, name, shardIds, since);
    // A read-only run puts nothing, so there is nothing new to look for.
    if (!this.#limits?.readOnly) await tail.read();
    return { name, description, tail, holds: [], foreign: true };
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

  /** A stream of one shard for one scenario, which has to remove it. */
  async fresh(): Promise<KnownStream> {
    this.#streams.assertMayChange();
    const stream = await (this.#next ?? this.make('Fresh', 1));
    this.#names.delete(stream.name);
    this.#next = this.make('Fresh', 1);
    // The scenario that takes the stream gets the error; until then nothing handles it.
    this.#next.catch(() => undefined);
    return stream;
  }

  /** Makes a stream now and keeps its name until `release` or `close`. */
  async make(label: string, shards: number): Promise<KnownStream> {
    this.#streams.assertMayChange();
    const name = this.name(label);
    this.#names.add(name);
    const description = await this.#create(name, shards);
    return this.known(name, description);
  }

  /** If Kinesis is called directly, the proxy is not at fault for a stream that cannot be created. */
  async #create(name: string, shards: number): Promise<StreamDescription> {
    try {
      return await this.#streams.create(name, shards);
    } catch (error) {
      if (!this.#direct || !(error instanceof WaitTimeout || isServiceError(error))) throw error;
      throw new TargetError(`the target did not create a stream for a scenario: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  known(name: string, description: StreamDescription): KnownStream {
    const shardIds = (description.Shards ?? []).map(({ ShardId = '' }) => ShardId);
    return { name, description, tail: new StreamTail(this.#kinesis, name, shardIds), holds: [] };
  }

  /** Gives up the stream: the caller removes it. */
  release(stream: KnownStream): KnownStream {
    this.#names.delete(stream.name);
    return stream;
  }

  /** Discards a stream that a defective proxy changed, once a scenario has reported it. */
  async recheck(stream: KnownStream): Promise<void> {
    const now = await this.#streams.describe(stream.name);
    if (isDeepStrictEqual(now, stream.description)) return;
    for (const [key, kept] of this.#kept) if ((await kept).name === stream.name) this.#kept.delete(key);
  }

  /** Removes the kept streams. @returns one line for each stream that is still there. */
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
