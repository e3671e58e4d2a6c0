import { invalidArgument } from '../errors.ts';
import { sequenceOrigin } from '../sequence-numbers.ts';
import type { Input } from '../shapes.ts';
import { isOpen, type Shard, shardId, shardIndex } from '../shards.ts';
import type { Stream, StreamStatus } from '../streams.ts';
import { type Action, streamNameOf } from './context.ts';

/** The default quota of streams in on-demand mode (botocore). */
const ON_DEMAND_STREAMS = 50;
/** Default and most (facts 4.1). */
const NAMES_PER_PAGE = 100;
/** Default and most of DescribeStream (botocore). */
const DESCRIBED_SHARDS_PER_PAGE = 100;
/** Default of ListShards (botocore). */
const LISTED_SHARDS_PER_PAGE = 1000;

/** Stated by its model (botocore). */
export const describeLimits: Action<'DescribeLimits'> = (_input, { streams }) => ({
  ShardLimit: streams.shardLimit,
  OpenShardCount: streams.openShards(),
  OnDemandStreamCount: streams.list().filter(({ mode }) => mode === 'ON_DEMAND').length,
  OnDemandStreamCountLimit: ON_DEMAND_STREAMS,
});

export const listStreams: Action<'ListStreams'> = (input, { streams }) => {
  const after =
    input.NextToken === undefined ? input.ExclusiveStartStreamName : readToken(input.NextToken)[0];
  const rest = streams.list().filter((stream) => after === undefined || stream.name > after);
  const page = rest.slice(0, Math.min(input.Limit ?? NAMES_PER_PAGE, NAMES_PER_PAGE));
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  return {
    HasMoreStreams: hasMore,
    ...(hasMore && last !== undefined ? { NextToken: token(last.name) } : {}),
    StreamNames: page.map((stream) => stream.name),
    StreamSummaries: page.map((stream) => ({
      StreamARN: stream.arn,
      StreamCreationTimestamp: stream.created,
      StreamModeDetails: { StreamMode: stream.mode },
      StreamName: stream.name,
      StreamStatus: streams.status(stream),
    })),
  };
};

export const describeStream: Action<'DescribeStream'> = (input, context) => {
  const stream = context.streams.get(streamNameOf(input));
  const { status, shards } = context.streams.show(stream);
  const rest = shards.filter(after(input.ExclusiveStartShardId));
  const page = rest.slice(0, Math.min(input.Limit ?? DESCRIBED_SHARDS_PER_PAGE, DESCRIBED_SHARDS_PER_PAGE));
  return {
    StreamDescription: {
      ...description(stream, status),
      HasMoreShards: rest.length > page.length,
      Shards: page,
    },
  };
};

export const describeStreamSummary: Action<'DescribeStreamSummary'> = (input, context) => {
  const stream = context.streams.get(streamNameOf(input));
  const { status, shards } = context.streams.show(stream);
  return {
    StreamDescriptionSummary: {
      ...description(stream, status),
      ConsumerCount: 0,
      OpenShardCount: shards.filter(isOpen).length,
    },
  };
};

export const listShards: Action<'ListShards'> = (input, { streams }) => {
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
      : readToken(input.NextToken);
  const stream = streams.get(name);
  const rest = streams.shards(stream).filter(after(start)).filter(passes(input.ShardFilter));
  const page = rest.slice(0, input.MaxResults ?? LISTED_SHARDS_PER_PAGE);
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  return {
    ...(hasMore && last !== undefined ? { NextToken: token(stream.name, last.ShardId) } : {}),
    Shards: page,
  };
};

function description(stream: Stream, status: StreamStatus): object {
  return {
    EncryptionType: 'NONE',
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    RetentionPeriodHours: stream.retentionHours,
    StreamARN: stream.arn,
    StreamCreationTimestamp: stream.created,
    StreamModeDetails: { StreamMode: stream.mode },
    StreamName: stream.name,
    StreamStatus: status,
  };
}

/** Shards behind an exclusive start, which may be an unknown or a short id. */
function after(start: string | undefined): (shard: Shard) => boolean {
  if (start === undefined) return () => true;
  const index = shardIndex(start);
  const full = index === undefined ? start : shardId(index);
  return (shard) => shard.ShardId > full;
}

/** Every shard is within the retention period: the process is younger than the shortest one. */
function passes(filter: Input<'ListShards'>['ShardFilter']): (shard: Shard) => boolean {
  const time = filter?.Timestamp ?? 0;
  const startedBy = ({ SequenceNumberRange: range }: Shard) =>
    (sequenceOrigin(range.StartingSequenceNumber)?.shardCreated ?? 0) <= time;
  const endedAfter = ({ SequenceNumberRange: range }: Shard) =>
    range.EndingSequenceNumber === undefined ||
    (sequenceOrigin(range.EndingSequenceNumber)?.time ?? 0) >= time;
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID':
      return after(filter.ShardId);
    case 'AT_LATEST':
      return isOpen;
    case 'AT_TRIM_HORIZON':
      return (shard) => shard.ParentShardId === undefined;
    case 'AT_TIMESTAMP':
      return (shard) => startedBy(shard) && endedAfter(shard);
    case 'FROM_TIMESTAMP':
      return endedAfter;
    default:
      return () => true;
  }
}

function token(...parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64');
}

function readToken(text: string): [string, string?] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (Array.isArray(parts) && parts.length > 0 && parts.every((part) => typeof part === 'string')) {
      return parts as [string, string?];
    }
  } catch {}
  // AWS's text is not recorded (inferred).
  throw invalidArgument('Invalid NextToken.');
}
