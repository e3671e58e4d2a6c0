import { callEngine } from '../engine-answers.ts';
import { invalidArgument, shardNotFound, streamNotActive, validation } from '../errors.ts';
import { isOpen, type Shard, shardId, shardIndex } from '../shards.ts';
import type { Stream } from '../streams.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

export const splitShard: Action<'SplitShard'> = async (input, context) => {
  refuseNoIds([input.ShardToSplit], input, context);
  const stream = reshardable(streamNameOf(input), context);
  const shard = findShard(input.ShardToSplit, stream, context);
  context.streams.refuseTooManyShards(1);
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  const key = BigInt(input.NewStartingHashKey);
  if (key <= BigInt(StartingHashKey) + 1n || key >= BigInt(EndingHashKey)) {
    throw invalidArgument(
      `NewStartingHashKey ${key} used in SplitShard() on shard ${shard.ShardId} in stream ${stream.name} ` +
        `under account ${context.account.id} is not both greater than one plus the shard's StartingHashKey ` +
        `${StartingHashKey} and less than the shard's EndingHashKey ${EndingHashKey}.`,
    );
  }
  return reshard(stream, context, 'SplitShard', {
    ShardToSplit: shard.ShardId,
    NewStartingHashKey: input.NewStartingHashKey,
  });
};

export const mergeShards: Action<'MergeShards'> = async (input, context) => {
  refuseNoIds([input.ShardToMerge, input.AdjacentShardToMerge], input, context);
  const stream = reshardable(streamNameOf(input), context);
  const first = findShard(input.ShardToMerge, stream, context);
  const second = findShard(input.AdjacentShardToMerge, stream, context);
  if (BigInt(first.HashKeyRange.EndingHashKey) + 1n !== BigInt(second.HashKeyRange.StartingHashKey)) {
    throw invalidArgument(
      `Shards ${first.ShardId} and ${second.ShardId} in stream ${stream.name} under account ` +
        `${context.account.id} are not an adjacent pair of shards eligible for merging`,
    );
  }
  return reshard(stream, context, 'MergeShards', {
    ShardToMerge: first.ShardId,
    AdjacentShardToMerge: second.ShardId,
  });
};

export const updateShardCount: Action<'UpdateShardCount'> = async (input, context) => {
  const stream = reshardable(streamNameOf(input), context);
  const current = stream.shards.filter(isOpen).length;
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
  stream.boundaries.add(target);
  await reshard(stream, context, 'UpdateShardCount', {
    TargetShardCount: target,
    ScalingType: input.ScalingType,
  });
  return {
    CurrentShardCount: current,
    StreamARN: stream.arn,
    StreamName: stream.name,
    TargetShardCount: target,
  };
};

export const updateStreamMode: Action<'UpdateStreamMode'> = (input, context) => {
  const stream = active(streamNameOf(input), context);
  stream.mode = input.StreamModeDetails.StreamMode as Stream['mode'];
  context.streams.beginUpdate(stream);
  return undefined;
};

function active(name: string, { streams, account }: Context): Stream {
  const stream = streams.get(name);
  const status = streams.status(stream);
  if (status !== 'ACTIVE') throw streamNotActive(name, account.id, status);
  return stream;
}

function reshardable(name: string, context: Context): Stream {
  const stream = active(name, context);
  // Only provisioned streams are resharded by their owner (botocore); the text is inferred.
  if (stream.mode === 'ON_DEMAND') {
    throw validation(
      `Request is invalid. Stream ${name} under account ${context.account.id} is in On-Demand mode.`,
    );
  }
  return stream;
}

/** What is no shard id is refused before the stream is looked at (KL). */
function refuseNoIds(
  ids: readonly string[],
  input: Parameters<typeof streamNameOf>[0],
  { account }: Context,
) {
  for (const id of ids)
    if (shardIndex(id) === undefined) throw shardNotFound(id, streamNameOf(input), account.id);
}

function findShard(id: string, stream: Stream, { account }: Context): Shard {
  const index = shardIndex(id);
  const full = index === undefined ? id : shardId(index);
  const shard = stream.shards.find((candidate) => candidate.ShardId === full);
  if (shard === undefined) throw shardNotFound(full, stream.name, account.id);
  return shard;
}

async function reshard(
  stream: Stream,
  { engine, streams }: Context,
  action: string,
  input: object,
): Promise<undefined> {
  await callEngine(engine, stream, action, input);
  streams.beginUpdate(stream);
  await streams.refreshShards(stream);
}
