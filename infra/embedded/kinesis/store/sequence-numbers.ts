/** The contents of a sequence number of a record or a shard (docs/facts/kinesis.md#sequence-numbers). */
export interface SequenceNumber {
  readonly shardIndex: number;
  /** When the shard was created, in seconds since the epoch. */
  readonly shardCreated: number;
  /** The record's index in its stream; 0 for the beginning of a shard. */
  readonly index: number | bigint;
  /** When the number was issued, in seconds since the epoch; 0 if the number has no time. */
  readonly time: number;
}

/** A number from a client, in any of the versions that Kinesis has used. */
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

/** Writes the number in decimal, in the current version 2: 56 digits. */
export function formatSequenceNumber({ shardIndex, shardCreated, index, time }: SequenceNumber): string {
  const shard = hex(shardIndex, 8);
  const digits = `2${hex(shardCreated, 9)}${shard.at(-1)}${hex(index, 16)}00${hex(time, 9)}${shard}2`;
  return BigInt(`0x${digits}`).toString();
}

/** Undefined for a number that no shard can have issued. */
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
  // The version of 2013, which no stream uses any more (KL).
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
