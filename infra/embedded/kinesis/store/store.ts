import { getHeapStatistics } from 'node:v8';
import type { Account } from '../../account.ts';
import { limitExceeded, streamExists, streamNotFound } from '../errors.ts';
import type { Duration, KinesisOptions } from '../types.ts';
import { Usage } from './limits.ts';
import { Stream, type StreamMode } from './stream.ts';
import { Transition } from './transition.ts';

/** docs/facts/kinesis.md#streams. */
const MAX_CREATING = 5;
/** The account's quota; AWS's default differs between regions (inferred). */
const MAX_SHARDS_PER_ACCOUNT = 20_000;

/**
 * The streams of an account in one region, in memory. `Stream` and `Shard` handle reading and writing; this class
 * handles their names, their number and their common limits.
 */
export class Store {
  readonly account: Account;
  readonly #options: KinesisOptions;
  readonly #usage: Usage;
  readonly #streams = new Map<string, Stream>();
  /** The streams that were CREATING or DELETING when last checked; others need no check. */
  readonly #passing = new Set<Stream>();
  #nextSerial = 1;
  #expiredAt = 0;

  constructor(account: Account, options: KinesisOptions) {
    this.account = account;
    this.#options = options;
    this.#usage = new Usage(options.maxStoredBytes ?? defaultMaxStoredBytes());
  }

  /** In name order, including those that are being created or deleted. */
  list(): Stream[] {
    this.#dropGone();
    return [...this.#streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Stream | undefined {
    const stream = this.#streams.get(name);
    if (!stream?.isGone) return stream;
    this.#drop(stream);
    return undefined;
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): Stream {
    const stream = this.find(name);
    if (stream === undefined) throw streamNotFound(name, this.account.id);
    return stream;
  }

  arn(name: string): string {
    const { partition, region, id } = this.account;
    return `arn:${partition}:kinesis:${region}:${id}:stream/${name}`;
  }

  /** Throws ResourceInUseException and LimitExceededException. */
  create(name: string, shardCount: number, mode: StreamMode, tags: Readonly<Record<string, string>>): Stream {
    if (this.find(name) !== undefined) throw streamExists(name, this.account.id);
    this.#dropGone();
    this.#refuseTooManyCreating();
    this.refuseTooManyShards(shardCount);
    const stream = new Stream({
      account: this.account,
      usage: this.#usage,
      name,
      arn: this.arn(name),
      serial: this.#nextSerial,
      shardCount,
      mode,
      tags,
      creation: this.creation(),
    });
    this.#nextSerial += 1;
    this.#streams.set(name, stream);
    this.#passing.add(stream);
    return stream;
  }

  delete(stream: Stream): void {
    stream.delete(this.deletion());
    this.#passing.add(stream);
  }

  /** The CREATING state of something created now. */
  creation(): Transition {
    return this.#transition(this.#options.createMillis);
  }

  /** The DELETING state of something deleted now. */
  deletion(): Transition {
    return this.#transition(this.#options.deleteMillis);
  }

  /** How long the next update takes, in milliseconds. */
  updateMillis(): number {
    return millisOf(this.#options.createMillis);
  }

  get maxShards(): number {
    return MAX_SHARDS_PER_ACCOUNT;
  }

  get openShards(): number {
    this.#dropGone();
    return this.#usage.openShards;
  }

  /** Throws LimitExceededException if `additional` shards exceed the quota. */
  refuseTooManyShards(additional: number): void {
    const open = this.openShards;
    if (open + additional <= MAX_SHARDS_PER_ACCOUNT) return;
    throw limitExceeded(
      `This request would exceed the shard limit for the account ${this.account.id} in ${this.account.region}. ` +
        `Current shard count for the account: ${open}. Limit: ${MAX_SHARDS_PER_ACCOUNT}. ` +
        `Number of additional shards that would have resulted from this request: ${additional}. ` +
        'Refer to the AWS Service Limits page ' +
        '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
        'for current limits and how to request higher limits.',
    );
  }

  /** When memory has run out, discards expired records of all streams, even unused ones; at most once a second. */
  expireAll(): void {
    const now = this.account.now();
    if (now - this.#expiredAt < 1000) return;
    this.#expiredAt = now;
    for (const stream of this.#streams.values()) stream.expire();
  }

  #transition(duration: Duration): Transition {
    const millis = millisOf(duration);
    return new Transition(this.account.now(), { millis, unseenMillis: this.#options.unseenMillis ?? 0 });
  }

  #refuseTooManyCreating(): void {
    let creating = 0;
    for (const stream of this.#passing) if (stream.status === 'CREATING') creating += 1;
    if (creating < MAX_CREATING) return;
    // AWS's text is not recorded (inferred).
    throw limitExceeded(
      `Only ${MAX_CREATING} streams under account ${this.account.id} can be in the CREATING state at a time.`,
    );
  }

  #dropGone(): void {
    for (const stream of this.#passing) {
      if (stream.isGone) this.#drop(stream);
      else if (stream.status !== 'CREATING' && stream.status !== 'DELETING') this.#passing.delete(stream);
    }
  }

  #drop(stream: Stream): void {
    stream.discard();
    this.#streams.delete(stream.name);
    this.#passing.delete(stream);
  }
}

/** Half of V8's heap limit; requests and answers need the other half. */
function defaultMaxStoredBytes(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / 2);
}

function millisOf(duration: Duration): number {
  return typeof duration === 'function' ? duration() : duration;
}
