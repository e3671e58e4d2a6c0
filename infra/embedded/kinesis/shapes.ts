/**
 * The requests of Kinesis as data: types, lengths, patterns and ranges (docs/facts/kinesis.md#shapes, botocore
 * kinesis/2013-12-02). Members that AWS knows and that are not listed here are ignored, as AWS ignores unknown ones.
 */

export type Shape =
  | { type: 'String'; min?: number; max?: number; pattern?: string; values?: readonly string[] }
  | { type: 'Integer'; min?: number; max?: number }
  | { type: 'Boolean' }
  | { type: 'Timestamp' }
  /** Base64 text; `max` counts the decoded bytes. */
  | { type: 'Blob'; max?: number }
  | { type: 'List'; member: Shape; min?: number; max?: number; memberText?: string; memberLength?: Lengths }
  | { type: 'Map'; value: Shape; min?: number; max?: number; keyLength: Lengths; valueLength: Lengths }
  | { type: 'Structure'; members: Members };

type Lengths = readonly [min: number, max: number];
export type Member = Shape & { readonly required?: true; readonly requiredWithout?: string };
export type Members = Readonly<Record<string, Member>>;

const STREAM_NAME = { type: 'String', pattern: '[a-zA-Z0-9_.-]+', min: 1, max: 128 } as const;
const SHARD_ID = STREAM_NAME;
const HASH_KEY = { type: 'String', pattern: '0|([1-9]\\d{0,38})' } as const;
const SEQUENCE_NUMBER = { type: 'String', pattern: '0|([1-9]\\d{0,128})' } as const;
const STREAM_ARN = {
  type: 'String',
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  min: 1,
  max: 2048,
} as const;
const NEXT_TOKEN = { type: 'String', min: 1, max: 1_048_576 } as const;
const PAGE = { type: 'Integer', min: 1, max: 10_000 } as const;
const TAGS = {
  type: 'Map',
  value: { type: 'String' },
  min: 1,
  max: 200,
  keyLength: [1, 128],
  valueLength: [0, 256],
} as const;

/**
 * Either member identifies the stream; with neither, the error is about streamName, as in AWS's older contract
 * (docs/facts/kinesis.md#errors).
 */
const STREAM = {
  StreamName: { ...STREAM_NAME, requiredWithout: 'StreamARN' },
  StreamARN: STREAM_ARN,
} as const;

/** The maximum for any stream; each stream has its own lower limit (docs/facts/kinesis.md#record-size). */
const DATA = { type: 'Blob', max: 10_485_760, required: true } as const;
const PARTITION_KEY = { type: 'String', min: 1, max: 256 } as const;
const RECORD = {
  PartitionKey: { ...PARTITION_KEY, required: true },
  ExplicitHashKey: HASH_KEY,
  Data: DATA,
} as const;
const DRY_RUN = { DryRun: { type: 'Boolean' } } as const;

const ENTRIES = {
  type: 'List',
  min: 1,
  max: 500,
  memberText: 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310',
  required: true,
} as const;

const STREAM_MODE_DETAILS = {
  type: 'Structure',
  members: { StreamMode: { type: 'String', values: ['PROVISIONED', 'ON_DEMAND'], required: true } },
} as const;

const MAX_RECORD_SIZE = { type: 'Integer', min: 1024, max: 10_240 } as const;
const DISTRIBUTION = { type: 'String', values: ['AUTO', 'USER_PARTITION_KEY'] } as const;
const CONSUMER_NAME = STREAM_NAME;
const CONSUMER_ARN = {
  type: 'String',
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
  min: 1,
  max: 2048,
} as const;
const CONSUMER = { StreamARN: STREAM_ARN, ConsumerName: CONSUMER_NAME, ConsumerARN: CONSUMER_ARN } as const;
const RESOURCE_ARN = {
  type: 'String',
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
  min: 1,
  max: 2048,
  required: true,
} as const;
const TAG_KEYS = {
  type: 'List',
  member: { type: 'String' },
  min: 1,
  max: 50,
  memberLength: [1, 128],
  required: true,
} as const;
const ENCRYPTION = {
  ...STREAM,
  EncryptionType: { type: 'String', values: ['NONE', 'KMS'], required: true },
  KeyId: { type: 'String', min: 1, max: 2048, required: true },
} as const;
/** The metrics that `ALL` selects (botocore). */
export const SHARD_LEVEL_METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const;
const MONITORING = {
  ...STREAM,
  ShardLevelMetrics: {
    type: 'List',
    member: {
      type: 'String',
      values: [...SHARD_LEVEL_METRICS, 'ALL'],
    },
    min: 1,
    max: 7,
    required: true,
  },
} as const;

const RETENTION = { ...STREAM, RetentionPeriodHours: { type: 'Integer', required: true } } as const;

export const REQUESTS = {
  DescribeLimits: {},
  ListStreams: { Limit: PAGE, ExclusiveStartStreamName: STREAM_NAME, NextToken: NEXT_TOKEN },
  CreateStream: {
    StreamName: { ...STREAM_NAME, required: true },
    ShardCount: { type: 'Integer', min: 1, max: 100_000 },
    StreamModeDetails: STREAM_MODE_DETAILS,
    Tags: TAGS,
    MaxRecordSizeInKiB: MAX_RECORD_SIZE,
    RecordDistributionStrategy: DISTRIBUTION,
  },
  DescribeStream: { ...STREAM, Limit: PAGE, ExclusiveStartShardId: SHARD_ID },
  DescribeStreamSummary: STREAM,
  DeleteStream: { ...STREAM, EnforceConsumerDeletion: { type: 'Boolean' } },
  PutRecord: { ...STREAM, ...RECORD, SequenceNumberForOrdering: SEQUENCE_NUMBER, ...DRY_RUN },
  PutRecords: {
    ...STREAM,
    Records: { ...ENTRIES, member: { type: 'Structure', members: RECORD } },
    ...DRY_RUN,
  },
  GetShardIterator: {
    ...STREAM,
    ShardId: { ...SHARD_ID, required: true },
    ShardIteratorType: {
      type: 'String',
      values: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
      required: true,
    },
    StartingSequenceNumber: SEQUENCE_NUMBER,
    Timestamp: { type: 'Timestamp' },
    ...DRY_RUN,
  },
  GetRecords: {
    ShardIterator: { type: 'String', min: 1, max: 512, required: true },
    Limit: PAGE,
    StreamARN: STREAM_ARN,
    ...DRY_RUN,
  },
  ListShards: {
    StreamName: STREAM_NAME,
    StreamARN: STREAM_ARN,
    NextToken: NEXT_TOKEN,
    ExclusiveStartShardId: SHARD_ID,
    MaxResults: PAGE,
    StreamCreationTimestamp: { type: 'Timestamp' },
    ShardFilter: {
      type: 'Structure',
      members: {
        Type: {
          type: 'String',
          values: [
            'AFTER_SHARD_ID',
            'AT_TRIM_HORIZON',
            'FROM_TRIM_HORIZON',
            'AT_LATEST',
            'AT_TIMESTAMP',
            'FROM_TIMESTAMP',
          ],
          required: true,
        },
        ShardId: SHARD_ID,
        Timestamp: { type: 'Timestamp' },
      },
    },
  },
  IncreaseStreamRetentionPeriod: RETENTION,
  DecreaseStreamRetentionPeriod: RETENTION,
  AddTagsToStream: { ...STREAM, Tags: { ...TAGS, required: true } },
  ListTagsForStream: {
    ...STREAM,
    ExclusiveStartTagKey: { type: 'String', min: 1, max: 128 },
    Limit: { type: 'Integer', min: 1, max: 50 },
  },
  RemoveTagsFromStream: { ...STREAM, TagKeys: TAG_KEYS },
  TagResource: { ResourceARN: RESOURCE_ARN, Tags: { ...TAGS, required: true } },
  UntagResource: { ResourceARN: RESOURCE_ARN, TagKeys: TAG_KEYS },
  ListTagsForResource: { ResourceARN: RESOURCE_ARN },
  RegisterStreamConsumer: {
    StreamARN: { ...STREAM_ARN, required: true },
    ConsumerName: { ...CONSUMER_NAME, required: true },
    Tags: TAGS,
  },
  DeregisterStreamConsumer: CONSUMER,
  DescribeStreamConsumer: CONSUMER,
  ListStreamConsumers: {
    StreamARN: { ...STREAM_ARN, required: true },
    NextToken: NEXT_TOKEN,
    MaxResults: PAGE,
    StreamCreationTimestamp: { type: 'Timestamp' },
  },
  StartStreamEncryption: ENCRYPTION,
  StopStreamEncryption: ENCRYPTION,
  EnableEnhancedMonitoring: MONITORING,
  DisableEnhancedMonitoring: MONITORING,
  UpdateMaxRecordSize: {
    StreamARN: { ...STREAM_ARN, required: true },
    MaxRecordSizeInKiB: { ...MAX_RECORD_SIZE, required: true },
  },
  UpdateStreamRecordDistributionStrategy: {
    StreamARN: { ...STREAM_ARN, required: true },
    RecordDistributionStrategy: { ...DISTRIBUTION, required: true },
  },
  UpdateStreamMode: {
    StreamARN: { ...STREAM_ARN, required: true },
    StreamModeDetails: { ...STREAM_MODE_DETAILS, required: true },
  },
  SplitShard: {
    ...STREAM,
    ShardToSplit: { ...SHARD_ID, required: true },
    NewStartingHashKey: { ...HASH_KEY, required: true },
  },
  MergeShards: {
    ...STREAM,
    ShardToMerge: { ...SHARD_ID, required: true },
    AdjacentShardToMerge: { ...SHARD_ID, required: true },
  },
  UpdateShardCount: {
    ...STREAM,
    TargetShardCount: { type: 'Integer', min: 1, required: true },
    ScalingType: { type: 'String', values: ['UNIFORM_SCALING'], required: true },
  },
} as const satisfies Readonly<Record<string, Members>>;

/** Kinesis actions that the embedded AWS does not implement; docs/embedded.md lists them too. */
export const UNIMPLEMENTED: ReadonlySet<string> = new Set([
  'AcknowledgeDeadLetterQueueRecords',
  'AcknowledgeQueueRecords',
  'CreateChannel',
  'CreateQueue',
  'DeleteChannel',
  'DeleteQueue',
  'DeleteResourcePolicy',
  'DescribeAccountSettings',
  'DescribeChannel',
  'DescribeQueue',
  'GetResourcePolicy',
  'ListChannels',
  'ListQueues',
  'PutResourcePolicy',
  'ReceiveDeadLetterQueueRecords',
  'ReceiveQueueRecords',
  'RestoreDeadLetterQueueRecords',
  'SubscribeToShard',
  'UpdateAccountSettings',
  'UpdateChannel',
  'UpdateDeadLetterQueueRecordsVisibility',
  'UpdateQueue',
  'UpdateQueueRecordsVisibility',
  'UpdateStreamWarmThroughput',
]);

const KEYLESS = { PartitionKey: PARTITION_KEY, ExplicitHashKey: HASH_KEY, Data: DATA } as const;

/** Puts into a stream that distributes records itself need no partition key (docs/facts/kinesis.md#members-of-2026). */
const KEYLESS_REQUESTS: Readonly<Record<string, Members>> = {
  PutRecord: { ...REQUESTS.PutRecord, ...KEYLESS },
  PutRecords: {
    ...REQUESTS.PutRecords,
    Records: { ...ENTRIES, member: { type: 'Structure', members: KEYLESS } },
  },
};

/** The members of an action's request; `spreads` says whether the stream distributes records itself. */
export function membersOf(action: ActionName, spreads: boolean): Members {
  return (spreads ? KEYLESS_REQUESTS[action] : undefined) ?? REQUESTS[action];
}

export type ActionName = keyof typeof REQUESTS;

type Value<S> = S extends { type: 'String' | 'Blob' }
  ? string
  : S extends { type: 'Integer' | 'Timestamp' }
    ? number
    : S extends { type: 'Boolean' }
      ? boolean
      : S extends { type: 'List'; member: infer M }
        ? readonly Value<M>[]
        : S extends { type: 'Map' }
          ? Readonly<Record<string, string>>
          : S extends { type: 'Structure'; members: infer M }
            ? Values<M>
            : never;

type Values<M> = {
  readonly [K in keyof M as M[K] extends { required: true } ? K : never]: Value<M[K]>;
} & {
  readonly [K in keyof M as M[K] extends { required: true } ? never : K]?: Value<M[K]>;
};

/** A request that was validated by the table above. */
export type Input<A extends ActionName> = Values<(typeof REQUESTS)[A]>;

export function isAction(name: string | undefined): name is ActionName {
  return name !== undefined && Object.hasOwn(REQUESTS, name);
}
