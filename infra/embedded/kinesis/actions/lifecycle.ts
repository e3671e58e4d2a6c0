import { callEngine } from '../engine-answers.ts';
import { invalidArgument } from '../errors.ts';
import type { Stream } from '../streams.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

/** Without a ShardCount a stream is on-demand and has four shards (facts 4.1). */
const ON_DEMAND_SHARDS = 4;
const LEAST_RETENTION_HOURS = 24;
/** 365 days (botocore). */
const MOST_RETENTION_HOURS = 8760;

export const createStream: Action<'CreateStream'> = async (input, { streams }) => {
  const mode =
    input.StreamModeDetails?.StreamMode ?? (input.ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED');
  // What a ShardCount beside ON_DEMAND does is not recorded: it is taken (inferred).
  await streams.create(
    input.StreamName,
    input.ShardCount ?? ON_DEMAND_SHARDS,
    mode as Stream['mode'],
    input.Tags ?? {},
  );
  return undefined;
};

/** Allowed in every state (facts 4.1). */
export const deleteStream: Action<'DeleteStream'> = (input, { streams }) => {
  streams.delete(streams.get(streamNameOf(input)));
  return undefined;
};

export const increaseStreamRetentionPeriod: Action<'IncreaseStreamRetentionPeriod'> = (input, context) => {
  const stream = context.streams.get(streamNameOf(input));
  const hours = input.RetentionPeriodHours;
  refuseRetention(hours);
  if (stream.retentionHours > hours) {
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be shorter than existing ` +
        `retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
    );
  }
  return setRetention(stream, hours, 'IncreaseStreamRetentionPeriod', context);
};

export const decreaseStreamRetentionPeriod: Action<'DecreaseStreamRetentionPeriod'> = (input, context) => {
  const stream = context.streams.get(streamNameOf(input));
  const hours = input.RetentionPeriodHours;
  refuseRetention(hours);
  if (stream.retentionHours < hours) {
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
        `retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
    );
  }
  return setRetention(stream, hours, 'DecreaseStreamRetentionPeriod', context);
};

function refuseRetention(hours: number): void {
  if (hours < LEAST_RETENTION_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${LEAST_RETENTION_HOURS} hours. ` +
        `Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > MOST_RETENTION_HOURS) {
    // AWS's text is not recorded (inferred).
    throw invalidArgument(
      `Maximum allowed retention period is ${MOST_RETENTION_HOURS} hours. ` +
        `Requested retention period (${hours} hours) is too long.`,
    );
  }
}

async function setRetention(
  stream: Stream,
  hours: number,
  action: string,
  { engine }: Context,
): Promise<undefined> {
  if (hours === stream.retentionHours) return;
  await callEngine(engine, stream, action, { RetentionPeriodHours: hours });
  stream.retentionHours = hours;
}
