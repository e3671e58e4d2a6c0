import { startingSequenceNumber } from './sequence-numbers.ts';

/** One shard in the shape that DescribeStream gives it. Keys without a value are absent, as on AWS (facts 4.1). */
export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    readonly EndingSequenceNumber?: string;
  };
}

export const HASH_SPACE = 2n ** 128n;
const HIGHEST_SHARD_INDEX = 2_147_483_647;

export function shardId(index: number): string {
  const digits = Math.abs(index).toString();
  return index < 0 ? `shardId--${digits.padStart(11, '0')}` : `shardId-${digits.padStart(12, '0')}`;
}

/** The index that a shard id stands for; any prefix before a hyphen will do (facts 4.4). Undefined for none. */
export function shardIndex(id: string): number | undefined {
  const digits = id.split('-')[1] || id;
  if (!/^\d+$/.test(digits)) return undefined;
  const index = Number(digits);
  return index <= HIGHEST_SHARD_INDEX ? index : undefined;
}

export const isOpen = (shard: Shard): boolean => shard.SequenceNumberRange.EndingSequenceNumber === undefined;

/**
 * Where kinesis-local draws a boundary between two shards to where AWS does: (2^128-1)/n*i against
 * floor(2^128/n)*i (facts 4.4, facts localstack 3). They differ only where n divides 2^128, and then by i.
 */
export class HashBoundaries {
  readonly #awsOf = new Map<bigint, bigint>();

  add(shardCount: number): void {
    const width = HASH_SPACE / BigInt(shardCount);
    const engineWidth = (HASH_SPACE - 1n) / BigInt(shardCount);
    for (let index = 1n; index < BigInt(shardCount); index++) {
      if (engineWidth * index !== width * index) this.#awsOf.set(engineWidth * index, width * index);
    }
  }

  /** The engine's shard with AWS's range. */
  toAws(shard: Shard): Shard {
    const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
    const start = BigInt(StartingHashKey);
    const end = BigInt(EndingHashKey) + 1n;
    return {
      ...shard,
      HashKeyRange: {
        StartingHashKey: (this.#awsOf.get(start) ?? start).toString(),
        EndingHashKey: ((this.#awsOf.get(end) ?? end) - 1n).toString(),
      },
    };
  }

  /**
   * The hash key that makes the engine choose the shard AWS would. A partition key's MD5 needs no translation: it
   * falls between the two boundaries once in 2^120 keys.
   */
  toEngine(hashKey: string): string {
    const hash = BigInt(hashKey);
    for (const [engine, aws] of this.#awsOf) {
      if (engine <= hash && hash < aws) return (engine - 1n).toString();
    }
    return hashKey;
  }
}

/** The shards of a new stream: ranges of equal width, the last one to the end (facts 4.4). */
export function newShards(count: number, created: number): Shard[] {
  const width = HASH_SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    ShardId: shardId(index),
    HashKeyRange: {
      StartingHashKey: String(width * BigInt(index)),
      EndingHashKey: String(index === count - 1 ? HASH_SPACE - 1n : width * BigInt(index + 1) - 1n),
    },
    SequenceNumberRange: { StartingSequenceNumber: startingSequenceNumber(created, index) },
  }));
}

/** The engine's shard without its explicit nulls (facts emulators 3.3). */
export function withoutNulls(shard: Shard): Shard {
  const { ParentShardId, AdjacentParentShardId, SequenceNumberRange } = shard;
  const { StartingSequenceNumber, EndingSequenceNumber } = SequenceNumberRange;
  return {
    ShardId: shard.ShardId,
    ...(ParentShardId ? { ParentShardId } : {}),
    ...(AdjacentParentShardId ? { AdjacentParentShardId } : {}),
    HashKeyRange: shard.HashKeyRange,
    SequenceNumberRange: {
      StartingSequenceNumber,
      ...(EndingSequenceNumber ? { EndingSequenceNumber } : {}),
    },
  };
}
