import { hash, randomBytes } from 'node:crypto';

/** The place in a shard that a shard iterator contains. */
export interface IteratorPlace {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly streamName: string;
  readonly streamSerial: number;
  readonly shardIndex: number;
  /** The index of the first record to read; 0 for the oldest. */
  readonly from: number;
}

/** An iterator is valid for 5 minutes (docs/facts/kinesis.md#records). */
export const ITERATOR_LIFETIME_MILLIS = 300_000;

const VERSION = Buffer.from('0000000000000001', 'hex');
const SEAL_BYTES = 32;
const SEAL_END = VERSION.length + SEAL_BYTES;
/** The size of time, serial, shard, record index, length of the stream's name and a counter; then the name follows. */
const FIXED_BYTES = 29;
/** An AWS iterator decodes to 152 bytes plus a multiple of 16 (docs/facts/kinesis.md#sequence-numbers). */
const MIN_BYTES = 152;
const BLOCK_BYTES = 16;

/**
 * Creates and reads shard iterators: base64 of the eight bytes 00…01 (docs/facts/kinesis.md#sequence-numbers), an
 * unforgeable seal, and the place. They are sealed rather than encrypted, since a cipher would take longer than the
 * rest of a GetRecords call.
 */
export class IteratorSeal {
  readonly #key = randomBytes(32);
  #made = 0;
  /** By stream: how much older than their creation time earlier iterators count. */
  readonly #aged = new Map<string, { readonly until: number; readonly millis: number }>();

  seal({ createdAt, streamName, streamSerial, shardIndex, from }: IteratorPlace): string {
    const length = SEAL_END + FIXED_BYTES + Buffer.byteLength(streamName);
    const blocks = Math.max(0, Math.ceil((length - MIN_BYTES) / BLOCK_BYTES));
    const bytes = Buffer.alloc(MIN_BYTES + blocks * BLOCK_BYTES);
    VERSION.copy(bytes);
    const place = bytes.subarray(SEAL_END);
    place.writeDoubleBE(createdAt, 0);
    place.writeUInt32BE(streamSerial, 8);
    place.writeUInt32BE(shardIndex, 12);
    place.writeDoubleBE(from, 16);
    place.writeUInt8(length - SEAL_END - FIXED_BYTES, 24);
    // A counter makes every iterator unique, even for the same place and time.
    this.#made = (this.#made + 1) >>> 0;
    place.writeUInt32BE(this.#made, 25);
    place.write(streamName, FIXED_BYTES);
    this.#sealOf(place).copy(bytes, VERSION.length);
    return bytes.toString('base64');
  }

  /**
   * Undefined for anything that `seal` did not create. Quotes around an iterator are accepted
   * (docs/facts/kinesis.md#records).
   */
  open(text: string): IteratorPlace | undefined {
    const iterator = text.replace(/^"(.*)"$/s, '$1');
    const bytes = Buffer.from(iterator, 'base64');
    if (bytes.length < MIN_BYTES || bytes.toString('base64') !== iterator) return undefined;
    const place = bytes.subarray(SEAL_END);
    const isOwn =
      bytes.subarray(0, VERSION.length).equals(VERSION) &&
      bytes.subarray(VERSION.length, SEAL_END).equals(this.#sealOf(place));
    if (!isOwn) return undefined;
    const streamName = place.toString('utf8', FIXED_BYTES, FIXED_BYTES + place.readUInt8(24));
    const aged = this.#aged.get(streamName);
    const isAged = aged !== undefined && place.readUInt32BE(25) <= aged.until;
    return {
      createdAt: place.readDoubleBE(0) - (isAged ? aged.millis : 0),
      streamSerial: place.readUInt32BE(8),
      shardIndex: place.readUInt32BE(12),
      from: place.readDoubleBE(16),
      streamName,
    };
  }

  /** Makes the iterators that a stream has issued so far older than their creation time; calls do not add up. */
  age(streamName: string, millis: number): void {
    this.#aged.set(streamName, { until: this.#made, millis });
  }

  #sealOf(place: Buffer): Buffer {
    return hash('sha256', Buffer.concat([this.#key, place]), 'buffer');
  }
}
