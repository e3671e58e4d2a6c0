/**
 * What a provisioned shard takes in a second: records, and bytes of data and partition keys
 * (docs/facts/kinesis.md#limits).
 */
const RECORDS_PER_SECOND = 1000;
const BYTES_PER_SECOND = 1_048_576;
const WINDOW_MILLIS = 1000;

/**
 * Counts what one shard was given. A second begins with a shard's first record, and the record that crosses the byte
 * limit is still taken: AWS documents the limits, not how it measures them (inferred).
 */
export class Throughput {
  #startedAt = Number.NEGATIVE_INFINITY;
  #records = 0;
  #bytes = 0;
  #isHeld = false;

  /** Whether the shard still takes a record of so many bytes; then it counts. `now` in milliseconds. */
  take(bytes: number, now: number): boolean {
    if (!this.#isHeld && now - this.#startedAt >= WINDOW_MILLIS) {
      this.#startedAt = now;
      this.#records = 0;
      this.#bytes = 0;
    }
    if (this.#records >= RECORDS_PER_SECOND || this.#bytes >= BYTES_PER_SECOND) return false;
    this.#records += 1;
    this.#bytes += bytes;
    return true;
  }

  /** The second goes on until `rest`, however long that takes. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The second is over. */
  rest(): void {
    this.#isHeld = false;
    this.#startedAt = Number.NEGATIVE_INFINITY;
  }
}

/** What all streams of the account hold together, and how much memory their records may take. */
export class Usage {
  openShards = 0;
  /** Bytes of memory that the records take, about. */
  storedBytes = 0;
  readonly maxStoredBytes: number;

  constructor(maxStoredBytes: number) {
    this.maxStoredBytes = maxStoredBytes;
  }
}
