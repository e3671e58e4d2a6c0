import { invalidArgument } from '../errors.ts';
import type { Input } from '../shapes.ts';
import { type Shard, shardId, shardIndex } from '../store/shard.ts';
import type { Stream, StreamStatus } from '../store/stream.ts';
import { type Action, pageToken, readPageToken, streamNameOf } from './context.ts';

/** The default quota of streams in on-demand mode (botocore). */
const ON_DEMAND_STREAMS = 50;
/** The default and the maximum (docs/facts/kinesis.md#streams). */
const NAMES_PER_PAGE = 100;
/** The default and the maximum of DescribeStream (botocore). */
const DESCRIBED_SHARDS_PER_PAGE = 100;
/** Default of ListShards (botocore). */
const LISTED_SHARDS_PER_PAGE = 1000;

/** From the service model (botocore). */
export const describeLimits: Action<'DescribeLimits'> = (_input, { store }) => ({
  ShardLimit: store.maxShards,
  OpenShardCount: store.openShards,
  OnDemandStreamCount: store.list().filter(({ mode }) => mode === 'ON_DEMAND').length,
  OnDemandStreamCountLimit: ON_DEMAND_STREAMS,
});

export const listStreams: Action<'ListStreams'> = (input, { store }) => {
  const after =
    input.NextToken === undefined ? input.ExclusiveStartStreamName : readPageToken(input.NextToken)[0];
  const rest = store.list().filter((stream) => after === undefined || stream.name > after);
  const page = rest.slice(0, Math.min(input.Limit ?? NAMES_PER_PAGE, NAMES_PER_PAGE));
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  return {
    HasMoreStreams: hasMore,
    ...(hasMore && last !== undefined ? { NextToken: pageToken(last.name) } : {}),
    StreamNames: page.map((stream) => stream.name),
    StreamSummaries: page.map((stream) => ({
      StreamARN: stream.arn,
      StreamCreationTimestamp: Math.floor(stream.createdAt / 1000),
      StreamModeDetails: { StreamMode: stream.mode },
      StreamName: stream.name,
      StreamStatus: stream.show().status,
    })),
  };
};

export const describeStream: Action<'DescribeStream'> = (input, { store }) => {
  const stream = store.get(streamNameOf(input));
  const { status, shards } = stream.show();
  const rest = shards.filter(after(input.ExclusiveStartShardId));
  const page = rest.slice(0, Math.min(input.Limit ?? DESCRIBED_SHARDS_PER_PAGE, DESCRIBED_SHARDS_PER_PAGE));
  return {
    StreamDescription: {
      ...description(stream, status),
      HasMoreShards: rest.length > page.length,
      Shards: page.map(({ description }) => description),
    },
  };
};

export const describeStreamSummary: Action<'DescribeStreamSummary'> = (input, { store }) => {
  const stream = store.get(streamNameOf(input));
  const { status, shards } = stream.show();
  return {
    StreamDescriptionSummary: {
      ...description(stream, status),
      ConsumerCount: stream.consumers.list().length,
      MaxRecordSizeInKiB: stream.maxRecordBytes / 1024,
      OpenShardCount: shards.filter(({ isOpen }) => isOpen).length,
      // Only on-demand streams have a strategy (botocore).
      ...(stream.mode === 'ON_DEMAND' && { RecordDistributionStrategy: stream.distribution }),
    },
  };
};

export const listShards: Action<'ListShards'> = (input, { store }) => {
  const named = input.StreamName !== undefined || input.StreamARN !== undefined;
  if (input.NextToken === undefined && !named) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  if (input.NextToken !== undefined && named) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const [name, start] =
    input.NextToken === undefined
      ? [streamNameOf(input), input.ExclusiveStartShardId]
      : readPageToken(input.NextToken);
  const stream = store.get(name);
  const rest = stream.shards.filter(after(start)).filter(passes(input.ShardFilter, stream));
  const page = rest.slice(0, input.MaxResults ?? LISTED_SHARDS_PER_PAGE);
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  return {
    ...(hasMore && last !== undefined ? { NextToken: pageToken(stream.name, last.id) } : {}),
    Shards: page.map(({ description }) => description),
  };
};

function description(stream: Stream, status: StreamStatus): object {
  return {
    ...(stream.keyId === undefined
      ? { EncryptionType: 'NONE' }
      : { EncryptionType: 'KMS', KeyId: stream.keyId }),
    EnhancedMonitoring: [{ ShardLevelMetrics: stream.metrics }],
    RetentionPeriodHours: stream.retentionHours,
    StreamARN: stream.arn,
    StreamCreationTimestamp: Math.floor(stream.createdAt / 1000),
    StreamModeDetails: { StreamMode: stream.mode },
    StreamName: stream.name,
    StreamStatus: status,
  };
}

/** Selects the shards after an exclusive start, which may be an unknown or a short id. */
function after(start: string | undefined): (shard: Shard) => boolean {
  if (start === undefined) return () => true;
  const index = shardIndex(start);
  const full = index === undefined ? start : shardId(index);
  return ({ id }) => id > full;
}

/** From the service model (botocore). */
function passes(filter: Input<'ListShards'>['ShardFilter'], stream: Stream): (shard: Shard) => boolean {
  const time = (filter?.Timestamp ?? 0) * 1000;
  const endedAfter = (millis: number) => (shard: Shard) => shard.isOpen || (shard.closedAt ?? 0) >= millis;
  const wasOpenAt = (millis: number) => (shard: Shard) =>
    shard.createdAt <= millis && endedAfter(millis)(shard);
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID':
      return after(filter.ShardId);
    case 'AT_LATEST':
      return ({ isOpen }) => isOpen;
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(stream.trimHorizon);
    case 'AT_TIMESTAMP':
      return wasOpenAt(time);
    case 'FROM_TIMESTAMP':
      return endedAfter(time);
    default:
      return () => true;
  }
}
