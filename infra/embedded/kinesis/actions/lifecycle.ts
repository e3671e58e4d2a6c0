import { invalidArgument, streamHasConsumers } from '../errors.ts';
import type { StreamMode } from '../store/stream.ts';
import { type Action, streamNameOf } from './context.ts';
import { distribution } from './settings.ts';

/** Without a ShardCount a stream is on-demand and has four shards (docs/facts/kinesis.md#streams). */
const ON_DEMAND_SHARDS = 4;
const MIN_RETENTION_HOURS = 24;
/** 365 days (botocore). */
const MAX_RETENTION_HOURS = 8760;

export const createStream: Action<'CreateStream'> = (input, { store }) => {
  const mode =
    input.StreamModeDetails?.StreamMode ?? (input.ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED');
  // What AWS does with a ShardCount for ON_DEMAND is not recorded; it is accepted here (inferred).
  const strategy = distribution(input.RecordDistributionStrategy, mode as StreamMode);
  const shards = input.ShardCount ?? ON_DEMAND_SHARDS;
  const stream = store.create(input.StreamName, shards, mode as StreamMode, input.Tags ?? {});
  stream.distribution = strategy;
  if (input.MaxRecordSizeInKiB !== undefined) stream.maxRecordBytes = input.MaxRecordSizeInKiB * 1024;
  return undefined;
};

/**
 * Allowed in every state (docs/facts/kinesis.md#streams); with registered consumers only if EnforceConsumerDeletion is
 * set (botocore).
 */
export const deleteStream: Action<'DeleteStream'> = (input, { store, account }) => {
  const stream = store.get(streamNameOf(input));
  if (stream.consumers.list().length > 0 && input.EnforceConsumerDeletion !== true)
    throw streamHasConsumers(stream.name, account.id);
  store.delete(stream);
  return undefined;
};

export const increaseStreamRetentionPeriod: Action<'IncreaseStreamRetentionPeriod'> = (input, { store }) => {
  const stream = store.get(streamNameOf(input));
  const hours = input.RetentionPeriodHours;
  refuseRetention(hours);
  if (stream.retentionHours > hours) {
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be shorter than existing ` +
        `retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
    );
  }
  stream.retentionHours = hours;
  return undefined;
};

export const decreaseStreamRetentionPeriod: Action<'DecreaseStreamRetentionPeriod'> = (input, { store }) => {
  const stream = store.get(streamNameOf(input));
  const hours = input.RetentionPeriodHours;
  refuseRetention(hours);
  if (stream.retentionHours < hours) {
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
        `retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
    );
  }
  stream.retentionHours = hours;
  return undefined;
};

function refuseRetention(hours: number): void {
  if (hours < MIN_RETENTION_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${MIN_RETENTION_HOURS} hours. ` +
        `Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > MAX_RETENTION_HOURS) {
    // AWS's text is not recorded (inferred).
    throw invalidArgument(
      `Maximum allowed retention period is ${MAX_RETENTION_HOURS} hours. ` +
        `Requested retention period (${hours} hours) is too long.`,
    );
  }
}
