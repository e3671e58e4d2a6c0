import { invalidArgument } from '../errors.ts';
import { type Input, SHARD_LEVEL_METRICS } from '../shapes.ts';
import type { DistributionStrategy, Stream } from '../store/stream.ts';
import { type Action, activeStream, type Context, streamNameOf } from './context.ts';

export const updateMaxRecordSize: Action<'UpdateMaxRecordSize'> = (input, context) => {
  const stream = activeStream(input, context);
  stream.update(context.store.updateMillis(), () => {
    stream.maxRecordBytes = input.MaxRecordSizeInKiB * 1024;
  });
  return undefined;
};

/**
 * Takes effect at once; only for on-demand streams (botocore, docs/facts/kinesis.md#members-of-2026). Text inferred.
 */
export const updateStreamRecordDistributionStrategy: Action<'UpdateStreamRecordDistributionStrategy'> = (
  input,
  context,
) => {
  const stream = activeStream(input, context);
  stream.distribution = distribution(input.RecordDistributionStrategy, stream.mode);
  return undefined;
};

/** The strategy of a stream in this mode; the default if none is given. */
export function distribution(strategy: string | undefined, mode: Stream['mode']): DistributionStrategy {
  if (strategy !== undefined && mode !== 'ON_DEMAND')
    throw invalidArgument('RecordDistributionStrategy is only supported for streams in on-demand mode.');
  return (strategy ?? 'USER_PARTITION_KEY') as DistributionStrategy;
}

/** Stores the key only: records are not encrypted here, and the key need not exist. */
export const startStreamEncryption: Action<'StartStreamEncryption'> = (input, context) => {
  if (input.EncryptionType !== 'KMS') throw invalidArgument('EncryptionType must be KMS.');
  return setKey(input.KeyId, input, context);
};

export const stopStreamEncryption: Action<'StopStreamEncryption'> = (input, context) => {
  if (input.EncryptionType !== 'KMS') throw invalidArgument('EncryptionType must be KMS.');
  return setKey(undefined, input, context);
};

function setKey(
  key: string | undefined,
  input: Parameters<typeof streamNameOf>[0],
  context: Context,
): undefined {
  const stream = activeStream(input, context);
  stream.update(context.store.updateMillis(), () => {
    stream.keyId = key;
  });
}

export const enableEnhancedMonitoring: Action<'EnableEnhancedMonitoring'> = (input, context) =>
  setMetrics(input, context, (current, given) =>
    SHARD_LEVEL_METRICS.filter((one) => current.includes(one) || given.includes(one)),
  );

export const disableEnhancedMonitoring: Action<'DisableEnhancedMonitoring'> = (input, context) =>
  setMetrics(input, context, (current, given) => current.filter((one) => !given.includes(one)));

function setMetrics(
  input: Input<'EnableEnhancedMonitoring'>,
  { store }: Context,
  change: (current: readonly string[], given: readonly string[]) => readonly string[],
): object {
  const stream = store.get(streamNameOf(input));
  const given = input.ShardLevelMetrics.includes('ALL') ? SHARD_LEVEL_METRICS : input.ShardLevelMetrics;
  const current = stream.metrics;
  stream.metrics = change(current, given);
  return {
    CurrentShardLevelMetrics: current,
    DesiredShardLevelMetrics: stream.metrics,
    StreamARN: stream.arn,
    StreamName: stream.name,
  };
}
