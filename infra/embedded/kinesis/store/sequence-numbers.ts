/** What a sequence number tells of the record or the shard that it numbers (docs/facts/kinesis.md#sequence-numbers). */
export interface SequenceNumber {
  readonly shardIndex: number;
  /** When the shard was created, in seconds since the epoch. */
  readonly shardCreated: number;
  /** The record's place in its stream; 0 is the beginning of a shard. */
  readonly index: number | bigint;
  /** When it was given out, in seconds since the epoch; 0 where the number has no time of its own. */
  readonly time: number;
}

/** A number as a client gave it, in any of the forms that Kinesis has used. */
export interface ParsedSequenceNumber extends SequenceNumber {
  readonly version: 0 | 1 | 2;
}

/** The index in the EndingSequenceNumber of a closed shard (docs/facts/kinesis.md#resharding). */
export const LAST_INDEX = 0x7fff_ffff_ffff_ffffn;

const VERSION_0_OFFSET = 2n ** 124n;
const VERSION_0_END = 2n ** 129n;
const VERSION_2_START = 2n ** 185n;
const VERSION_2_END = 3n * 2n ** 184n;
const LATEST_CREATION = 16_025_175_000;

/** The decimal text of today's form, version 2: 56 digits. */
export function formatSequenceNumber({ shardIndex, shardCreated, index, time }: SequenceNumber): string {
  const shard = hex(shardIndex, 8);
  const digits = `2${hex(shardCreated, 9)}${shard.at(-1)}${hex(index, 16)}00${hex(time, 9)}${shard}2`;
  return BigInt(`0x${digits}`).toString();
}

/** Undefined for a number that no shard can have given. */
export function parseSequenceNumber(text: string): ParsedSequenceNumber | undefined {
  const given = BigInt(text);
  const number = given < VERSION_0_OFFSET ? given + VERSION_0_OFFSET : given;
  const digits = number.toString(16);
  const field = (start: number, end: number) => Number.parseInt(digits.slice(start, end), 16);
  const shardCreated = field(1, 10);
  if (shardCreated >= LATEST_CREATION) return undefined;
  if (number < VERSION_0_END) {
    return { version: 0, shardIndex: field(28, 32), shardCreated, index: 0, time: 0 };
  }
  if (number <= VERSION_2_START || number >= VERSION_2_END) return undefined;
  // The shards of 2013, which no stream has any more (KL).
  if (digits.endsWith('1')) {
    return { version: 1, shardIndex: field(38, 46), shardCreated, index: 0, time: field(13, 22) };
  }
  const index = BigInt(`0x${digits.slice(11, 27)}`);
  if (!digits.endsWith('2') || index > LAST_INDEX) return undefined;
  return { version: 2, shardIndex: field(38, 46) | 0, shardCreated, index, time: field(29, 38) };
}

function hex(value: number | bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
