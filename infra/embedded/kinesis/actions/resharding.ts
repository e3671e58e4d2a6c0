import { invalidArgument, shardNotFound, validation } from '../errors.ts';
import { type Shard, shardId, shardIndex } from '../store/shard.ts';
import type { Stream, StreamMode } from '../store/stream.ts';
import { type Action, activeStream, type Context, streamNameOf } from './context.ts';

export const splitShard: Action<'SplitShard'> = (input, context) => {
  refuseNoIds([input.ShardToSplit], input, context);
  const stream = reshardable(input, context);
  const shard = openShard(input.ShardToSplit, stream, context);
  context.store.refuseTooManyShards(1);
  const { start, end } = shard.range;
  const key = BigInt(input.NewStartingHashKey);
  if (key <= start + 1n || key >= end) {
    throw invalidArgument(
      `NewStartingHashKey ${key} used in SplitShard() on shard ${shard.id} in stream ${stream.name} ` +
        `under account ${context.account.id} is not both greater than one plus the shard's StartingHashKey ` +
        `${start} and less than the shard's EndingHashKey ${end}.`,
    );
  }
  stream.split(shard, key, context.store.updateMillis());
  return undefined;
};

export const mergeShards: Action<'MergeShards'> = (input, context) => {
  refuseNoIds([input.ShardToMerge, input.AdjacentShardToMerge], input, context);
  const stream = reshardable(input, context);
  const first = openShard(input.ShardToMerge, stream, context);
  const second = openShard(input.AdjacentShardToMerge, stream, context);
  if (first.range.end + 1n !== second.range.start) {
    throw invalidArgument(
      `Shards ${first.id} and ${second.id} in stream ${stream.name} under account ` +
        `${context.account.id} are not an adjacent pair of shards eligible for merging`,
    );
  }
  stream.merge(first, second, context.store.updateMillis());
  return undefined;
};

export const updateShardCount: Action<'UpdateShardCount'> = (input, context) => {
  const stream = reshardable(input, context);
  const current = stream.openShardCount;
  const target = input.TargetShardCount;
  // The bounds are botocore's, the texts inferred.
  if (target > current * 2) {
    throw invalidArgument(
      'UpdateShardCount cannot scale up over double your current open shard count. ' +
        `Current open shard count: ${current} Target shard count: ${target}`,
    );
  }
  if (target * 2 < current) {
    throw invalidArgument(
      'UpdateShardCount cannot scale down below half your current open shard count. ' +
        `Current open shard count: ${current} Target shard count: ${target}`,
    );
  }
  context.store.refuseTooManyShards(target - current);
  stream.rescale(target, context.store.updateMillis());
  return {
    CurrentShardCount: current,
    StreamARN: stream.arn,
    StreamName: stream.name,
    TargetShardCount: target,
  };
};

export const updateStreamMode: Action<'UpdateStreamMode'> = (input, context) => {
  const stream = activeStream(input, context);
  stream.changeMode(input.StreamModeDetails.StreamMode as StreamMode, context.store.updateMillis());
  return undefined;
};

function reshardable(input: Parameters<typeof streamNameOf>[0], context: Context): Stream {
  const stream = activeStream(input, context);
  // Users can reshard only provisioned streams (botocore); the text is inferred.
  if (stream.mode === 'ON_DEMAND') {
    throw validation(
      `Request is invalid. Stream ${stream.name} under account ${context.account.id} is in On-Demand mode.`,
    );
  }
  return stream;
}

/** Refuses invalid shard ids, before the stream is looked up (KL). */
function refuseNoIds(
  ids: readonly string[],
  input: Parameters<typeof streamNameOf>[0],
  { account }: Context,
) {
  for (const id of ids)
    if (shardIndex(id) === undefined) throw shardNotFound(id, streamNameOf(input), account.id);
}

/** AWS's text for a shard that was already split or merged is not recorded (inferred). */
function openShard(id: string, stream: Stream, { account }: Context): Shard {
  const index = shardIndex(id);
  const shard = stream.shards.find((candidate) => candidate.index === index);
  if (shard === undefined)
    throw shardNotFound(index === undefined ? id : shardId(index), stream.name, account.id);
  if (shard.isOpen) return shard;
  throw invalidArgument(
    `Shard ${shard.id} in stream ${stream.name} under account ${account.id} has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  );
}
