import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A place in a shard, as a shard iterator carries it. */
export interface IteratorPlace {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly streamName: string;
  readonly streamSerial: number;
  readonly shardIndex: number;
  readonly position: Position;
}

/** Where in the shard: at its oldest record, at or after a sequence number, or where the engine's iterator stands. */
export type Position =
  | { readonly kind: 'oldest' }
  | { readonly kind: 'at' | 'after'; readonly sequenceNumber: string }
  | { readonly kind: 'engine'; readonly iterator: string };

/** An iterator is valid for 5 minutes (facts 4.1). */
export const ITERATOR_LIFETIME_MILLIS = 300_000;

const VERSION = Buffer.from('0000000000000001', 'hex');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FIXED_BYTES = 16;
const PADDED = 60;

/** Makes and reads shard iterators: base64, the first eight bytes 00…01, the rest sealed (facts 4.4). */
export class IteratorSeal {
  readonly #key = randomBytes(32);

  seal(place: IteratorPlace): string {
    const name = Buffer.from(place.streamName);
    const fixed = Buffer.alloc(FIXED_BYTES + 1);
    fixed.writeDoubleBE(place.createdAt, 0);
    fixed.writeUInt32BE(place.streamSerial, 8);
    fixed.writeUInt32BE(place.shardIndex, 12);
    fixed.writeUInt8(name.length, FIXED_BYTES);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const position = write(place.position);
    const sealed = [cipher.update(Buffer.concat([fixed, name, position])), cipher.final()];
    return Buffer.concat([VERSION, nonce, ...sealed, cipher.getAuthTag()]).toString('base64');
  }

  /** Undefined for anything that `seal` did not make. Quotes around an iterator are accepted (facts 4.1). */
  open(text: string): IteratorPlace | undefined {
    const iterator = text.replace(/^"(.*)"$/s, '$1');
    const bytes = Buffer.from(iterator, 'base64');
    const nonceEnd = VERSION.length + NONCE_BYTES;
    if (bytes.toString('base64') !== iterator || bytes.length < nonceEnd + TAG_BYTES + FIXED_BYTES)
      return undefined;
    if (!bytes.subarray(0, VERSION.length).equals(VERSION)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(VERSION.length, nonceEnd));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    let plain: Buffer;
    try {
      plain = Buffer.concat([decipher.update(bytes.subarray(nonceEnd, -TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
    const nameStart = FIXED_BYTES + 1;
    const nameEnd = nameStart + plain.readUInt8(FIXED_BYTES);
    return {
      createdAt: plain.readDoubleBE(0),
      streamSerial: plain.readUInt32BE(8),
      shardIndex: plain.readUInt32BE(12),
      streamName: plain.toString('utf8', nameStart, nameEnd),
      position: read(plain.subarray(nameEnd)),
    };
  }
}

const KINDS = ['oldest', 'at', 'after', 'engine'] as const;

function write(position: Position): Buffer {
  const kind = Buffer.from([KINDS.indexOf(position.kind)]);
  if (position.kind === 'engine') return Buffer.concat([kind, Buffer.from(position.iterator, 'base64')]);
  // AWS's iterators have at least 152 characters, wherever they stand (facts 4.4).
  const number = position.kind === 'oldest' ? '' : position.sequenceNumber;
  return Buffer.concat([kind, Buffer.from(number.padEnd(PADDED))]);
}

function read(bytes: Buffer): Position {
  const kind = KINDS[bytes.readUInt8(0)] ?? 'oldest';
  const rest = bytes.subarray(1);
  if (kind === 'engine') return { kind, iterator: rest.toString('base64') };
  return kind === 'oldest' ? { kind } : { kind, sequenceNumber: rest.toString('utf8').trimEnd() };
}
