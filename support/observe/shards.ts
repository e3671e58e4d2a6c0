import { createHash } from 'node:crypto';

/** A shard's range of hash keys, which are too large for a JavaScript number. */
export interface ShardRange {
  readonly id: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** A partition key's hash key: its MD5 as an unsigned number of 128 bits (docs/facts/kinesis.md#shards). */
export function hashKey(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

/**
 * The id of the shard that holds a partition key's hash.
 * @throws where no range holds it: the ranges leave a gap.
 */
export function shardOf(partitionKey: string, shards: readonly ShardRange[]): string {
  const hash = hashKey(partitionKey);
  const shard = shards.find(({ first, last }) => first <= hash && hash <= last);
  if (shard === undefined)
    throw new Error(`no shard holds ${hash}, the hash of the partition key ${partitionKey}`);
  return shard.id;
}

/** A shard as the API writes it. */
export interface WrittenShard {
  readonly ShardId?: string | undefined;
  readonly HashKeyRange?:
    | { StartingHashKey?: string | undefined; EndingHashKey?: string | undefined }
    | undefined;
  readonly SequenceNumberRange?: { EndingSequenceNumber?: string | null | undefined } | undefined;
}

export function toRange(shard: WrittenShard): ShardRange {
  const { StartingHashKey = '', EndingHashKey = '' } = shard.HashKeyRange ?? {};
  return { id: shard.ShardId ?? '', first: BigInt(StartingHashKey), last: BigInt(EndingHashKey) };
}

/** A resharded stream still describes the shards that were split or merged; they take no more records. */
export function openShards<S extends WrittenShard>(shards: readonly S[] = []): S[] {
  return shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber);
}

/** `shardId-000000000004` for 4. */
export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`;
}
