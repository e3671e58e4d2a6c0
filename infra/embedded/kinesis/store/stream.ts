import type { Account } from '../../account.ts';
import { Consumers } from './consumers.ts';
import type { Usage } from './limits.ts';
import { equalRanges, type HashRange, Shard } from './shard.ts';
import type { Transition } from './transition.ts';

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
export type DistributionStrategy = 'AUTO' | 'USER_PARTITION_KEY';

export interface NewRecord {
  /** Base64. */
  readonly data: string;
  /** Undefined if the stream distributes records itself. */
  readonly partitionKey: string | undefined;
  /** Determines the shard; below 2^128. */
  readonly hash: bigint;
  /** The size of the data and the partition key. */
  readonly bytes: number;
}

/** The shard of a record; without a sequence number the shard refused it. */
export interface Placement {
  readonly shard: Shard;
  readonly sequenceNumber: string | undefined;
}

const DEFAULT_MAX_RECORD_BYTES = 1_048_576;
const DEFAULT_RETENTION_HOURS = 24;
const HOUR_MILLIS = 3_600_000;
/**
 * The children of a split or merge are created a second after their parent's end (docs/facts/kinesis.md#resharding).
 */
const CHILD_DELAY_MILLIS = 1000;

/**
 * A stream with its shards and records. Its state is computed from the time whenever it is read; there is no timer. The
 * caller must refuse what the state forbids.
 */
export class Stream {
  readonly name: string;
  readonly arn: string;
  /** Unique: distinguishes a stream from earlier ones of the same name. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  mode: StreamMode;
  distribution: DistributionStrategy = 'USER_PARTITION_KEY';
  /** The limit for data and partition key together (docs/facts/kinesis.md#record-size). */
  maxRecordBytes = DEFAULT_MAX_RECORD_BYTES;
  /** The KMS key that answers report; records are not actually encrypted. */
  keyId: string | undefined;
  /** Shard-level metrics. */
  metrics: readonly string[] = [];
  readonly consumers: Consumers;
  retentionHours = DEFAULT_RETENTION_HOURS;
  readonly #account: Account;
  readonly #usage: Usage;
  readonly #creation: Transition;
  #deletion: Transition | undefined;
  #update: { readonly until: number; readonly apply: (at: number) => void } | undefined;
  readonly #shards = new Map<number, Shard>();
  /** In the order of their ranges. */
  #open: Shard[] = [];
  /** Includes the pending splits and merges. */
  #openShards: number;
  #nextShardIndex = 0;
  #nextRecordIndex = 1;

  constructor(options: {
    readonly account: Account;
    readonly usage: Usage;
    readonly name: string;
    readonly arn: string;
    readonly serial: number;
    readonly shardCount: number;
    readonly mode: StreamMode;
    readonly tags: Readonly<Record<string, string>>;
    readonly creation: Transition;
  }) {
    const { account, usage, shardCount } = options;
    this.#account = account;
    this.#usage = usage;
    this.name = options.name;
    this.arn = options.arn;
    this.serial = options.serial;
    this.mode = options.mode;
    this.tags = new Map(Object.entries(options.tags));
    this.createdAt = account.now();
    this.consumers = new Consumers(account.now);
    this.#creation = options.creation;
    this.#openShards = shardCount;
    usage.openShards += shardCount;
    this.#open = equalRanges(shardCount).map((range) => this.#add(range, this.createdAt, []));
  }

  get status(): StreamStatus {
    const now = this.#account.now();
    this.#settle(now);
    if (this.#deletion !== undefined) return 'DELETING';
    if (!this.#creation.isOver(now)) return 'CREATING';
    return this.#update === undefined ? 'ACTIVE' : 'UPDATING';
  }

  /** Whether its deletion is complete. */
  get isGone(): boolean {
    return this.#deletion?.isOver(this.#account.now()) ?? false;
  }

  /**
   * The shards that are open, or were closed within the retention period; none while the stream is being created
   * (docs/facts/kinesis.md#streams).
   */
  get shards(): readonly Shard[] {
    const now = this.#account.now();
    this.#settle(now);
    return this.#creation.isOver(now) ? [...this.#shards.values()] : [];
  }

  /** How many shards will be open once pending splits and merges are done. */
  get openShardCount(): number {
    return this.#openShards;
  }

  /** The status and shards at one moment, for a client, who has then seen the state. */
  show(): { readonly status: StreamStatus; readonly shards: readonly Shard[] } {
    const shown = { status: this.status, shards: this.shards };
    const now = this.#account.now();
    this.#creation.see(now);
    this.#deletion?.see(now);
    return shown;
  }

  /** The start of the retention period, in milliseconds: records and closed shards before it are discarded. */
  get trimHorizon(): number {
    return Math.max(this.createdAt, this.#account.now() - this.retentionHours * HOUR_MILLIS);
  }

  /** The position after every record so far, where reading of new records begins. */
  get newestPosition(): number {
    return this.#nextRecordIndex;
  }

  put({ data, partitionKey, hash, bytes }: NewRecord): Placement {
    const now = this.#account.now();
    this.#settle(now);
    const shard = this.#shardFor(hash);
    shard.expire(this.trimHorizon);
    if (!shard.throughput.take(bytes, now)) return { shard, sequenceNumber: undefined };
    const record = { index: this.#nextRecordIndex, arrivedAt: now, partitionKey, data };
    const sequenceNumber = shard.append(record);
    if (sequenceNumber !== undefined) this.#nextRecordIndex += 1;
    return { shard, sequenceNumber };
  }

  /** The open shard whose range contains a hash (docs/facts/kinesis.md#shards), even if its quota is exhausted. */
  #shardFor(hash: bigint): Shard {
    let low = 0;
    let high = this.#open.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#open[middle] as Shard).range.start <= hash) low = middle;
      else high = middle - 1;
    }
    return this.#open[low] as Shard;
  }

  /** The children of a shard in order of their ids. */
  childrenOf(shard: Shard): Shard[] {
    return this.shards.filter(({ parents }) => parents.includes(shard));
  }

  /** Splits an open shard after an UPDATING period; `start` is the first hash key of the upper child. */
  split(shard: Shard, start: bigint, millis: number): void {
    this.#begin(millis, 1, (at) => this.#splitNow(shard, start, at));
  }

  /** Merges two adjacent open shards, in order of their ranges, after an UPDATING period. */
  merge(first: Shard, second: Shard, millis: number): void {
    this.#begin(millis, -1, (at) => this.#mergeNow([first, second], at));
  }

  /**
   * Rescales the stream to `count` open shards of equal width. AWS documents that it splits and merges, with
   * short-lived intermediate shards; the order is not recorded, so splits come first here (inferred).
   */
  rescale(count: number, millis: number): void {
    this.#begin(millis, count - this.#openShards, (at) => {
      const ranges = equalRanges(count);
      for (const { start } of ranges) {
        const shard = this.#shardFor(start);
        if (shard.range.start !== start) this.#splitNow(shard, start, at);
      }
      for (const { start, end } of ranges) {
        for (;;) {
          const shard = this.#shardFor(start);
          if (shard.range.end === end) break;
          this.#mergeNow([shard, this.#shardFor(shard.range.end + 1n)], at);
        }
      }
    });
  }

  changeMode(mode: StreamMode, millis: number): void {
    this.mode = mode;
    this.update(millis, () => undefined);
  }

  /** Puts the stream into UPDATING, and applies a change at the end. */
  update(millis: number, apply: () => void): void {
    this.#begin(millis, 0, apply);
  }

  /** Starts the deletion; no effect if it has already started (docs/facts/emulators.md#kinesalite). */
  delete(deletion: Transition): void {
    this.#deletion ??= deletion;
  }

  /** Releases what the stream uses of the account's quota and memory. */
  discard(): void {
    for (const shard of this.#shards.values()) shard.clear();
    this.#usage.openShards -= this.#openShards;
    this.#openShards = 0;
  }

  /** Discards the records whose retention is over. */
  expire(): void {
    for (const shard of this.#shards.values()) shard.expire(this.trimHorizon);
  }

  #begin(millis: number, moreShards: number, apply: (at: number) => void): void {
    this.#openShards += moreShards;
    this.#usage.openShards += moreShards;
    this.#update = { until: this.#account.now() + millis, apply };
  }

  /** Applies a finished update, and discards closed shards whose retention is over. */
  #settle(now: number): void {
    if (this.#update !== undefined && now >= this.#update.until) {
      const { until, apply } = this.#update;
      this.#update = undefined;
      apply(until);
    }
    if (this.#shards.size === this.#open.length) return;
    const horizon = this.trimHorizon;
    for (const [index, shard] of this.#shards) {
      if (shard.closedAt === undefined || shard.closedAt >= horizon) continue;
      shard.clear();
      this.#shards.delete(index);
    }
  }

  #splitNow(shard: Shard, start: bigint, at: number): void {
    const { range } = shard;
    this.#replace(
      [shard],
      [
        { start: range.start, end: start - 1n },
        { start, end: range.end },
      ],
      at,
    );
  }

  #mergeNow(parents: readonly [Shard, Shard], at: number): void {
    const [first, second] = parents;
    this.#replace(parents, [{ start: first.range.start, end: second.range.end }], at);
  }

  #replace(parents: readonly Shard[], ranges: readonly HashRange[], at: number): void {
    for (const parent of parents) parent.close(Math.max(at, parent.createdAt));
    const end = Math.max(...parents.map(({ closedAt = at }) => closedAt));
    const children = ranges.map((range) => this.#add(range, end + CHILD_DELAY_MILLIS, parents));
    const position = this.#open.indexOf(parents[0] as Shard);
    this.#open.splice(position, parents.length, ...children);
  }

  #add(range: HashRange, createdAt: number, parents: readonly Shard[]): Shard {
    const shard = new Shard({
      index: this.#nextShardIndex,
      range,
      createdAt,
      parents,
      usage: this.#usage,
    });
    this.#nextShardIndex += 1;
    this.#shards.set(shard.index, shard);
    return shard;
  }
}
