import type { Account } from '../account.ts';
import type { Duration, KinesisOptions } from './contract.ts';
import type { Engine } from './engine.ts';
import { askEngine, type EngineStream } from './engine-answers.ts';
import { internalFailure, limitExceeded, streamExists, streamNotFound } from './errors.ts';
import type { ShardLog } from './shard-log.ts';
import { HashBoundaries, isOpen, newShards, type Shard, withoutNulls } from './shards.ts';
import { Transition } from './transition.ts';

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

/** A stream as its owner sees it; its shards and records are the engine's. */
export interface Stream extends EngineStream {
  readonly arn: string;
  /** Never used twice, so that a stream created again is not mistaken for the one before it. */
  readonly serial: number;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly creation: Transition;
  /** Milliseconds since the epoch until which the stream is UPDATING. */
  updatingUntil: number;
  /** Set once DeleteStream was called; when it is over the stream is gone. */
  deletion: Transition | undefined;
  mode: StreamMode;
  retentionHours: number;
  readonly tags: Map<string, string>;
  readonly boundaries: HashBoundaries;
  shards: readonly Shard[];
  /** What was put into each shard that has a record, by shard id. */
  readonly logs: Map<string, ShardLog>;
  /** The engine's own StartingSequenceNumber of each shard that it has. */
  readonly engineStarts: Map<string, string>;
}

/** Facts 4.1. */
const MOST_CREATING = 5;
/** The account's quota; a region's default on AWS differs from region to region (inferred). */
const SHARDS_PER_ACCOUNT = 20_000;
/** kinesis-local makes no more at once (facts emulators 3.4). */
const SHARDS_PER_STREAM = 1000;
const DEFAULT_RETENTION_HOURS = 24;
const ENGINE_POLL_MILLIS = 5;

/**
 * The account's streams and their states. Time decides what state a stream is in, at the moment someone looks; no
 * timer runs.
 */
export class Streams {
  readonly account: Account;
  readonly #engine: Engine;
  readonly #options: KinesisOptions;
  readonly #byName = new Map<string, Stream>();
  #nextSerial = 1;

  constructor(account: Account, engine: Engine, options: KinesisOptions) {
    this.account = account;
    this.#engine = engine;
    this.#options = options;
  }

  /** In name order, those being created and deleted included. */
  list(): Stream[] {
    this.#dropGone();
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Stream | undefined {
    this.#dropGone();
    return this.#byName.get(name);
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): Stream {
    const stream = this.find(name);
    if (stream === undefined) throw streamNotFound(name, this.account.id);
    return stream;
  }

  status(stream: Stream, now = this.account.now()): StreamStatus {
    if (stream.deletion !== undefined) return 'DELETING';
    if (!stream.creation.isOver(now)) return 'CREATING';
    return now < stream.updatingUntil ? 'UPDATING' : 'ACTIVE';
  }

  /** What somebody who asks is told, all of it as of one moment. */
  show(stream: Stream): { readonly status: StreamStatus; readonly shards: readonly Shard[] } {
    const now = this.account.now();
    const shown = { status: this.status(stream, now), shards: this.shards(stream, now) };
    stream.creation.see(now);
    stream.deletion?.see(now);
    return shown;
  }

  /** The stream's shards; none while it is being created (facts 4.1). */
  shards(stream: Stream, now = this.account.now()): readonly Shard[] {
    return stream.creation.isOver(now) ? stream.shards : [];
  }

  arn(name: string): string {
    const { partition, region, id } = this.account;
    return `arn:${partition}:kinesis:${region}:${id}:stream/${name}`;
  }

  create(name: string, shardCount: number, mode: StreamMode, tags: Readonly<Record<string, string>>): void {
    this.#dropGone();
    if (this.#byName.has(name)) throw streamExists(name, this.account.id);
    this.#refuseTooManyCreating();
    this.refuseTooManyShards(shardCount);
    const now = this.account.now();
    const serial = this.#nextSerial++;
    const created = Math.floor(now / 1000);
    let made: Promise<void> | undefined;
    const stream: Stream = {
      name,
      arn: this.arn(name),
      serial,
      engineName: `stream-${serial}`,
      created,
      creation: this.#transition(this.#options.createMillis),
      updatingUntil: 0,
      deletion: undefined,
      mode,
      retentionHours: DEFAULT_RETENTION_HOURS,
      tags: new Map(Object.entries(tags)),
      boundaries: new HashBoundaries(),
      shards: newShards(shardCount, created),
      logs: new Map(),
      engineStarts: new Map(),
      // Most streams of a test never hold a record, so the engine learns of one with its first.
      inEngine: () => {
        made ??= this.#makeInEngine(stream, shardCount);
        return made;
      },
    };
    stream.boundaries.add(shardCount);
    this.#byName.set(name, stream);
  }

  async #makeInEngine(stream: Stream, shardCount: number): Promise<void> {
    await askEngine(this.#engine, stream, 'CreateStream', { ShardCount: shardCount });
    await this.refreshShards(stream);
  }

  /** Deleting a stream that is being deleted is no error (facts emulators 4). */
  delete(stream: Stream): void {
    stream.deletion ??= this.#transition(this.#options.deleteMillis);
  }

  /** Marks a stream that is being resharded or changes its mode. */
  beginUpdate(stream: Stream): void {
    stream.updatingUntil = this.account.now() + millisOf(this.#options.createMillis);
  }

  /** Reads the shards from the engine, once it is done with the last change. */
  async refreshShards(stream: Stream): Promise<void> {
    const all: Shard[] = [];
    for (;;) {
      const { StreamDescription: description } = (await askEngine(this.#engine, stream, 'DescribeStream', {
        ...(all.length === 0 ? {} : { ExclusiveStartShardId: all.at(-1)?.ShardId }),
      })) as { StreamDescription: { StreamStatus: string; Shards: Shard[]; HasMoreShards: boolean } };
      if (description.StreamStatus !== 'ACTIVE') {
        all.length = 0;
        await new Promise((resolve) => setTimeout(resolve, ENGINE_POLL_MILLIS));
        continue;
      }
      all.push(...description.Shards);
      if (!description.HasMoreShards) break;
      if (description.Shards.length === 0) throw internalFailure();
    }
    const known = new Map(stream.shards.map((shard) => [shard.ShardId, shard.SequenceNumberRange]));
    stream.shards = all.map((shard) => {
      const own = stream.boundaries.toAws(withoutNulls(shard));
      stream.engineStarts.set(own.ShardId, own.SequenceNumberRange.StartingSequenceNumber);
      const start = known.get(own.ShardId)?.StartingSequenceNumber;
      if (start === undefined) return own;
      return { ...own, SequenceNumberRange: { ...own.SequenceNumberRange, StartingSequenceNumber: start } };
    });
  }

  /** How many shards the account may have open, and how many it has. */
  get shardLimit(): number {
    return SHARDS_PER_ACCOUNT;
  }

  openShards(): number {
    let open = 0;
    for (const stream of this.#byName.values()) open += stream.shards.filter(isOpen).length;
    return open;
  }

  /** Throws LimitExceededException where `additional` shards are too many. */
  refuseTooManyShards(additional: number): void {
    const open = this.openShards();
    const fits = open + additional <= SHARDS_PER_ACCOUNT;
    if (additional <= SHARDS_PER_STREAM && fits) return;
    const limit = fits ? SHARDS_PER_STREAM : SHARDS_PER_ACCOUNT;
    throw limitExceeded(
      `This request would exceed the shard limit for the account ${this.account.id} in ${this.account.region}. ` +
        `Current shard count for the account: ${open}. Limit: ${limit}. ` +
        `Number of additional shards that would have resulted from this request: ${additional}. ` +
        'Refer to the AWS Service Limits page ' +
        '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
        'for current limits and how to request higher limits.',
    );
  }

  #transition(duration: Duration): Transition {
    const millis = millisOf(duration);
    return new Transition(this.account.now(), { millis, unseenMillis: this.#options.unseenMillis ?? 0 });
  }

  #refuseTooManyCreating(): void {
    let creating = 0;
    for (const stream of this.#byName.values()) if (this.status(stream) === 'CREATING') creating++;
    if (creating < MOST_CREATING) return;
    // AWS's text is not recorded (inferred).
    throw limitExceeded(
      `Only ${MOST_CREATING} streams under account ${this.account.id} can be in the CREATING state at a time.`,
    );
  }

  #dropGone(): void {
    const now = this.account.now();
    for (const stream of this.#byName.values()) {
      if (!stream.deletion?.isOver(now)) continue;
      this.#byName.delete(stream.name);
      // The engine's name is never used again, so nobody waits; a dead engine is reported elsewhere.
      if (stream.engineStarts.size > 0)
        askEngine(this.#engine, stream, 'DeleteStream', {}).catch(() => undefined);
    }
  }
}

function millisOf(duration: Duration): number {
  return typeof duration === 'function' ? duration() : duration;
}
