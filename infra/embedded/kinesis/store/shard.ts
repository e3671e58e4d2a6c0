import { Throughput, type Usage } from './limits.ts';
import { formatSequenceNumber, LAST_INDEX, type ParsedSequenceNumber } from './sequence-numbers.ts';

/** A hash key range, both ends included. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** A stored record; its sequence number is computed from `index` when it is read. */
export interface StoredRecord {
  /** The index among all records of the stream, from 1 (docs/facts/kinesis.md#sequence-numbers). */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Undefined if the stream distributes records itself (botocore). */
  readonly partitionKey: string | undefined;
  /** The base64 as received. */
  readonly data: string;
}

export const HASH_SPACE = 2n ** 128n;
const MAX_SHARD_INDEX = 2_147_483_647;
/** The maximum of one GetRecords call (docs/facts/kinesis.md#limits). */
const MAX_READ_RECORDS = 10_000;
const MAX_READ_BYTES = 10 * 1_048_576;
/**
 * The memory that V8 uses for a record besides its strings: the object, its number, a list entry, two string headers.
 */
const RECORD_OVERHEAD_BYTES = 150;

export function shardId(index: number): string {
  const digits = Math.abs(index).toString();
  return index < 0 ? `shardId--${digits.padStart(11, '0')}` : `shardId-${digits.padStart(12, '0')}`;
}

/**
 * The index in a shard id, which may have any prefix before the hyphen (docs/facts/kinesis.md#shards). Undefined if it
 * is not a shard id.
 */
export function shardIndex(id: string): number | undefined {
  const digits = id.split('-')[1] || id;
  if (!/^\d+$/.test(digits)) return undefined;
  const index = Number(digits);
  return index <= MAX_SHARD_INDEX ? index : undefined;
}

/** `count` ranges of equal width; the last one extends to the end of the space (docs/facts/kinesis.md#shards). */
export function equalRanges(count: number): HashRange[] {
  const width = HASH_SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? HASH_SPACE - 1n : width * BigInt(index + 1) - 1n,
  }));
}

/** One shard with its records in order of arrival. */
export class Shard {
  readonly id: string;
  readonly index: number;
  readonly range: HashRange;
  /** One after a split, two after a merge, none for the stream's original shards. */
  readonly parents: readonly Shard[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly throughput = new Throughput();
  readonly #usage: Usage;
  #closedAt: number | undefined;
  #records: StoredRecord[] = [];
  #bytes = 0;

  constructor(options: {
    readonly index: number;
    readonly range: HashRange;
    readonly createdAt: number;
    readonly parents?: readonly Shard[];
    readonly usage: Usage;
  }) {
    this.index = options.index;
    this.id = shardId(options.index);
    this.range = options.range;
    this.createdAt = options.createdAt;
    this.parents = options.parents ?? [];
    this.#usage = options.usage;
  }

  /** Milliseconds since the epoch; undefined while the shard is open. */
  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  get isOpen(): boolean {
    return this.#closedAt === undefined;
  }

  close(at: number): void {
    this.#closedAt = at;
  }

  /** In the form of DescribeStream: keys without a value are absent (docs/facts/kinesis.md#streams). */
  get description() {
    const [parent, adjacent] = this.parents;
    return {
      ShardId: this.id,
      ...(parent && { ParentShardId: parent.id }),
      ...(adjacent && { AdjacentParentShardId: adjacent.id }),
      HashKeyRange: this.hashKeyRange,
      SequenceNumberRange: {
        StartingSequenceNumber: this.#number(0, this.createdAt),
        ...(this.#closedAt !== undefined && {
          EndingSequenceNumber: this.#number(LAST_INDEX, this.#closedAt),
        }),
      },
    };
  }

  get hashKeyRange() {
    return { StartingHashKey: String(this.range.start), EndingHashKey: String(this.range.end) };
  }

  sequenceNumberOf({ index, arrivedAt }: StoredRecord): string {
    return this.#number(index, arrivedAt);
  }

  /** @returns the new record's sequence number, or undefined if the account has no memory left. */
  append(record: StoredRecord): string | undefined {
    const bytes = memoryOf(record);
    if (this.#usage.storedBytes + bytes > this.#usage.maxStoredBytes) return undefined;
    this.#usage.storedBytes += bytes;
    this.#bytes += bytes;
    // Within a shard time never runs backwards, even if the clock does.
    const earliest = this.#records.at(-1)?.arrivedAt ?? 0;
    const kept = record.arrivedAt < earliest ? { ...record, arrivedAt: earliest } : record;
    this.#records.push(kept);
    return this.sequenceNumberOf(kept);
  }

  /**
   * Reads as many records as one call may return, from the first whose index is at least `from`.
   * @returns the records, and whether more follow.
   */
  read(from: number, limit = MAX_READ_RECORDS): { records: readonly StoredRecord[]; hasMore: boolean } {
    const start = firstWhere(this.#records, ({ index }) => index >= from);
    const most = Math.min(this.#records.length, start + Math.min(limit, MAX_READ_RECORDS));
    let end = start;
    for (let bytes = 0; end < most; end += 1) {
      bytes += Buffer.byteLength(this.#records[end]?.data ?? '', 'base64');
      if (end > start && bytes > MAX_READ_BYTES) break;
    }
    return { records: this.#records.slice(start, end), hasMore: end < this.#records.length };
  }

  /** The position for a time in milliseconds: the first record that arrived then or later, or `newest`. */
  positionAtTime(millis: number, newest: number): number {
    return this.#records[firstWhere(this.#records, ({ arrivedAt }) => arrivedAt >= millis)]?.index ?? newest;
  }

  /** The position at or after a sequence number of this shard, which need not be that of a record. */
  positionAt({ index, time }: ParsedSequenceNumber, isAfter: boolean): number {
    const wanted = Number(index);
    const record = this.#records[firstWhere(this.#records, (one) => one.index >= wanted)];
    if (record?.index !== wanted) return wanted;
    const seconds = this.#secondsOf(record.arrivedAt);
    return seconds > time || (seconds === time && !isAfter) ? wanted : wanted + 1;
  }

  /** Whether this shard can have issued a parsed number. */
  gave({ version, shardCreated }: ParsedSequenceNumber): boolean {
    return version === 2 && shardCreated === toSeconds(this.createdAt);
  }

  /** Discards the records that arrived before a time in milliseconds. */
  expire(before: number): void {
    const kept = firstWhere(this.#records, ({ arrivedAt }) => arrivedAt >= before);
    if (kept === 0) return;
    for (const record of this.#records.splice(0, kept)) this.#release(memoryOf(record));
  }

  /** Discards all records. */
  clear(): void {
    this.#records = [];
    this.#release(this.#bytes);
  }

  #release(bytes: number): void {
    this.#bytes -= bytes;
    this.#usage.storedBytes -= bytes;
  }

  #number(index: number | bigint, at: number): string {
    const shardCreated = toSeconds(this.createdAt);
    return formatSequenceNumber({ shardIndex: this.index, shardCreated, index, time: this.#secondsOf(at) });
  }

  /**
   * The time for a sequence number: never before the shard's creation, which for a child shard is a second ahead
   * (docs/facts/kinesis.md#resharding).
   */
  #secondsOf(millis: number): number {
    return toSeconds(Math.max(millis, this.createdAt));
  }
}

/** Finds the first position where a condition is true, in a list that is ordered by the condition. */
function firstWhere(records: readonly StoredRecord[], holds: (record: StoredRecord) => boolean): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(records[middle] as StoredRecord)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function memoryOf({ data, partitionKey = '' }: StoredRecord): number {
  return data.length + 2 * partitionKey.length + RECORD_OVERHEAD_BYTES;
}

function toSeconds(millis: number): number {
  return Math.floor(millis / 1000);
}
