/**
 * The limits of a shard per second, in both capacity modes: records, and bytes of data and partition keys
 * (docs/facts/kinesis.md#limits).
 */
const RECORDS_PER_SECOND = 1000;
const BYTES_PER_SECOND = 1_048_576;
const WINDOW_MILLIS = 1000;

/**
 * Counts what was put into one shard. A second begins with the shard's first record, and the record that crosses the
 * byte limit is still accepted: AWS documents the limits, but not how it measures them (inferred).
 */
export class Throughput {
  #startedAt = Number.NEGATIVE_INFINITY;
  #records = 0;
  #bytes = 0;
  #isHeld = false;
  #isUnlimited = false;

  /** Counts a record of so many bytes if the limits allow it. @param now milliseconds. @returns whether they do. */
  take(bytes: number, now: number): boolean {
    if (this.#isUnlimited) return true;
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

  /** Extends the current second until `rest` is called. */
  hold(): void {
    this.#isHeld = true;
  }

  /** From now on the shard takes any rate. */
  unlimit(): void {
    this.#isUnlimited = true;
  }

  /** Ends the current second. */
  rest(): void {
    this.#isHeld = false;
    this.#startedAt = Number.NEGATIVE_INFINITY;
  }
}

/** The total of all streams of the account, and the memory limit for their records. */
export class Usage {
  openShards = 0;
  /** The approximate memory that records use, in bytes. */
  storedBytes = 0;
  readonly maxStoredBytes: number;

  constructor(maxStoredBytes: number) {
    this.maxStoredBytes = maxStoredBytes;
  }
}
