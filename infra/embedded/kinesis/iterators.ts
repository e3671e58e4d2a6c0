import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A place in a shard, as a shard iterator carries it. */
export interface IteratorPlace {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly streamName: string;
  readonly streamSerial: number;
  readonly shardIndex: number;
  /** The index of the first record to read; 0 for the oldest. */
  readonly from: number;
}

/** An iterator is valid for 5 minutes (facts 4.1). */
export const ITERATOR_LIFETIME_MILLIS = 300_000;

const VERSION = Buffer.from('0000000000000001', 'hex');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_END = VERSION.length + NONCE_BYTES;
/** Time, serial, shard, record index and length of the stream's name, which follows. */
const FIXED_BYTES = 25;
/** An iterator of AWS decodes to 152 bytes and a multiple of 16 (facts K7). */
const MIN_BYTES = 152;
const BLOCK_BYTES = 16;

/** Makes and reads shard iterators: base64, the first eight bytes 00…01, the rest sealed (facts 4.4). */
export class IteratorSeal {
  readonly #key = randomBytes(32);
  readonly #nonce = randomBytes(NONCE_BYTES);

  seal({ createdAt, streamName, streamSerial, shardIndex, from }: IteratorPlace): string {
    const length = FIXED_BYTES + Buffer.byteLength(streamName);
    const shortest = MIN_BYTES - NONCE_END - TAG_BYTES;
    const blocks = Math.max(0, Math.ceil((length - shortest) / BLOCK_BYTES));
    const plain = Buffer.alloc(shortest + blocks * BLOCK_BYTES);
    plain.writeDoubleBE(createdAt, 0);
    plain.writeUInt32BE(streamSerial, 8);
    plain.writeUInt32BE(shardIndex, 12);
    plain.writeDoubleBE(from, 16);
    plain.writeUInt8(length - FIXED_BYTES, 24);
    plain.write(streamName, FIXED_BYTES);
    // A key needs nonces that differ, not random ones.
    this.#nonce.writeBigUInt64BE(this.#nonce.readBigUInt64BE(4) + 1n, 4);
    const nonce = Buffer.from(this.#nonce);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = [cipher.update(plain), cipher.final()];
    return Buffer.concat([VERSION, nonce, ...sealed, cipher.getAuthTag()]).toString('base64');
  }

  /** Undefined for anything that `seal` did not make. Quotes around an iterator are accepted (facts 4.1). */
  open(text: string): IteratorPlace | undefined {
    const iterator = text.replace(/^"(.*)"$/s, '$1');
    const bytes = Buffer.from(iterator, 'base64');
    if (bytes.toString('base64') !== iterator || bytes.length < MIN_BYTES) return undefined;
    if (!bytes.subarray(0, VERSION.length).equals(VERSION)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(VERSION.length, NONCE_END));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    let plain: Buffer;
    try {
      plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_END, -TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
    return {
      createdAt: plain.readDoubleBE(0),
      streamSerial: plain.readUInt32BE(8),
      shardIndex: plain.readUInt32BE(12),
      from: plain.readDoubleBE(16),
      streamName: plain.toString('utf8', FIXED_BYTES, FIXED_BYTES + plain.readUInt8(24)),
    };
  }
}
