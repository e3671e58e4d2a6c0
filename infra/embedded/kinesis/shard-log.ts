import type { Position } from './iterators.ts';

/** A record as GetRecords gives it; the time in seconds since the epoch, the data in base64 (facts 4.1). */
export interface KeptRecord {
  readonly ApproximateArrivalTimestamp: number;
  readonly Data: string;
  readonly PartitionKey: string;
  readonly SequenceNumber: string;
}

/** What one GetRecords call gives at most (facts 4.2). */
const MOST_RECORDS = 10_000;
const MOST_BYTES = 10 * 1_048_576;

/**
 * The records of one shard, in order of their sequence numbers. kinesis-local numbers and stores them; reading them
 * back from it costs two calls of some 8 ms each, so the front keeps its own copy of what it put.
 */
export class ShardLog {
  readonly #records: KeptRecord[] = [];

  add(record: KeptRecord): void {
    // Concurrent puts can be answered in another order than they were numbered in.
    let index = this.#records.length;
    while (index > 0 && isLater(this.#records[index - 1], record.SequenceNumber)) index -= 1;
    this.#records.splice(index, 0, record);
  }

  get newest(): KeptRecord | undefined {
    return this.#records.at(-1);
  }

  find(sequenceNumber: string): KeptRecord | undefined {
    const record = this.#records[this.#firstFrom(sequenceNumber)];
    return record?.SequenceNumber === sequenceNumber ? record : undefined;
  }

  /** The records from a position on, as many as one call gives. */
  read(position: Exclude<Position, { kind: 'engine' }>, limit = MOST_RECORDS): KeptRecord[] {
    const start = this.#indexOf(position);
    const page: KeptRecord[] = [];
    let bytes = 0;
    for (let index = start; index < this.#records.length && page.length < limit; index += 1) {
      const record = this.#records[index] as KeptRecord;
      bytes += record.Data.length * 0.75;
      if (page.length > 0 && bytes > MOST_BYTES) break;
      page.push(record);
    }
    return page;
  }

  #indexOf(position: Exclude<Position, { kind: 'engine' }>): number {
    if (position.kind === 'oldest') return 0;
    const index = this.#firstFrom(position.sequenceNumber);
    const isAt = this.#records[index]?.SequenceNumber === position.sequenceNumber;
    return position.kind === 'after' && isAt ? index + 1 : index;
  }

  /** The index of the first record with this number or a later one. */
  #firstFrom(sequenceNumber: string): number {
    const sought = BigInt(sequenceNumber);
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (BigInt((this.#records[middle] as KeptRecord).SequenceNumber) < sought) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLater(record: KeptRecord | undefined, sequenceNumber: string): boolean {
  return record !== undefined && BigInt(record.SequenceNumber) > BigInt(sequenceNumber);
}
