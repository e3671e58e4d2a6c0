/** What a sequence number tells of its origin (facts 4.4). */
export interface SequenceOrigin {
  readonly version: 0 | 1 | 2;
  readonly shardIndex: number;
  /** Seconds since the epoch. */
  readonly shardCreated: number;
  /** Seconds since the epoch; 0 where the number has no time of its own. */
  readonly time: number;
}

const VERSION_0_OFFSET = 2n ** 124n;
const VERSION_0_END = 2n ** 129n;
const VERSION_2_START = 2n ** 185n;
const VERSION_2_END = 3n * 2n ** 184n;
const LATEST_CREATION = 16_025_175_000;

/** Undefined for a number that no shard can have given. */
export function sequenceOrigin(sequenceNumber: string): SequenceOrigin | undefined {
  const given = BigInt(sequenceNumber);
  const number = given < VERSION_0_OFFSET ? given + VERSION_0_OFFSET : given;
  const hex = number.toString(16);
  const shardCreated = Number.parseInt(hex.slice(1, 10), 16);
  if (shardCreated >= LATEST_CREATION) return undefined;
  if (number < VERSION_0_END) {
    return {
      version: 0,
      shardIndex: Number.parseInt(hex.slice(28, 32), 16),
      shardCreated,
      time: 0,
    };
  }
  if (number <= VERSION_2_START || number >= VERSION_2_END) return undefined;
  // The shards of 2013, which no stream has any more (KL).
  if (hex.endsWith('1')) {
    return {
      version: 1,
      shardIndex: Number.parseInt(hex.slice(38, 46), 16),
      shardCreated: Number.parseInt(hex.slice(1, 10), 16),
      time: Number.parseInt(hex.slice(13, 22), 16),
    };
  }
  // 64 signed bits count the records.
  if (!hex.endsWith('2') || Number.parseInt(hex.charAt(11), 16) > 7) return undefined;
  return {
    version: 2,
    shardIndex: Number.parseInt(hex.slice(38, 46), 16) | 0,
    shardCreated,
    time: Number.parseInt(hex.slice(29, 38), 16),
  };
}

/** The StartingSequenceNumber of a new stream's shard; `created` in seconds since the epoch (facts 4.4). */
export function startingSequenceNumber(created: number, shardIndex: number): string {
  const time = created.toString(16).padStart(9, '0');
  const index = shardIndex.toString(16);
  return BigInt(`0x2${time}${index.at(-1)}${'0'.repeat(18)}${time}${index.padStart(8, '0')}2`).toString();
}
