import { randomBytes, randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { type HttpResponse, logUnexpected } from '../http.ts';
import { type ConditionContext, denialText, tagKeys } from '../iam/types.ts';
import {
  deregisterStreamConsumer,
  describeStreamConsumer,
  listStreamConsumers,
  registerStreamConsumer,
} from './actions/consumers.ts';
import { type Action, type Answer, type Context, streamNameOf } from './actions/context.ts';
import {
  createStream,
  decreaseStreamRetentionPeriod,
  deleteStream,
  increaseStreamRetentionPeriod,
} from './actions/lifecycle.ts';
import {
  describeLimits,
  describeStream,
  describeStreamSummary,
  listShards,
  listStreams,
} from './actions/listing.ts';
import { getRecords, getShardIterator } from './actions/reading.ts';
import { mergeShards, splitShard, updateShardCount, updateStreamMode } from './actions/resharding.ts';
import {
  disableEnhancedMonitoring,
  enableEnhancedMonitoring,
  startStreamEncryption,
  stopStreamEncryption,
  updateMaxRecordSize,
  updateStreamRecordDistributionStrategy,
} from './actions/settings.ts';
import {
  addTagsToStream,
  listTagsForResource,
  listTagsForStream,
  removeTagsFromStream,
  tagResource,
  untagResource,
} from './actions/tags.ts';
import { putRecord, putRecords } from './actions/writing.ts';
import { deserialize } from './deserialize.ts';
import {
  accessDenied,
  internalFailure,
  KinesisError,
  serialization,
  streamNotFound,
  unimplemented,
  unknownOperation,
} from './errors.ts';
import { IteratorSeal } from './iterators.ts';
import { type ActionName, isAction, membersOf, REQUESTS, UNIMPLEMENTED } from './shapes.ts';
import { Store } from './store/store.ts';
import type { KinesisOptions, KinesisRequest, KinesisService } from './types.ts';
import { validate } from './validate.ts';

const ACTIONS: { readonly [A in ActionName]: Action<A> } = {
  AddTagsToStream: addTagsToStream,
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod,
  DeleteStream: deleteStream,
  DeregisterStreamConsumer: deregisterStreamConsumer,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: describeStreamConsumer,
  DescribeStreamSummary: describeStreamSummary,
  DisableEnhancedMonitoring: disableEnhancedMonitoring,
  EnableEnhancedMonitoring: enableEnhancedMonitoring,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod,
  ListShards: listShards,
  ListStreamConsumers: listStreamConsumers,
  ListStreams: listStreams,
  ListTagsForResource: listTagsForResource,
  ListTagsForStream: listTagsForStream,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  RegisterStreamConsumer: registerStreamConsumer,
  RemoveTagsFromStream: removeTagsFromStream,
  SplitShard: splitShard,
  StartStreamEncryption: startStreamEncryption,
  StopStreamEncryption: stopStreamEncryption,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
  UpdateStreamRecordDistributionStrategy: updateStreamRecordDistributionStrategy,
};

type Given = Readonly<Record<string, unknown>>;

/**
 * Creates a Kinesis that refuses what AWS refuses, with AWS's texts, and keeps streams and records in memory. It
 * ignores Content-Type, since calls by API Gateway have odd ones that work on AWS (docs/facts/kinesis.md#direct-calls);
 * direct.ts checks those of direct callers.
 */
export function createKinesis({
  account,
  ...options
}: { readonly account: Account } & KinesisOptions): KinesisService {
  const context: Context = { account, store: new Store(account, options), iterators: new IteratorSeal() };
  return {
    call: async (request) => answer(request, context),
    ageIterators: (stream, millis) => context.iterators.age(stream, millis),
    rest: (stream) => {
      for (const shard of context.store.find(stream)?.shards ?? []) shard.throughput.rest();
    },
    unlimit: (stream) => {
      for (const shard of context.store.find(stream)?.shards ?? []) shard.throughput.unlimit();
    },
    hold: (stream) => {
      for (const shard of context.store.find(stream)?.shards ?? []) shard.throughput.hold();
    },
  };
}

function answer(request: KinesisRequest, context: Context): HttpResponse {
  try {
    const body = perform(request, context);
    return kinesisResponse(200, body === undefined ? '' : JSON.stringify(body));
  } catch (error) {
    if (error instanceof KinesisError) return failure(error);
    logUnexpected(error);
    return failure(internalFailure());
  }
}

function failure({ status, body }: KinesisError): HttpResponse {
  return kinesisResponse(status, JSON.stringify(body));
}

function perform(request: KinesisRequest, context: Context): Answer {
  const { action } = request;
  if (action !== undefined && UNIMPLEMENTED.has(action)) throw unimplemented(action);
  if (!isAction(action)) throw unknownOperation();
  const input = deserialize(parse(request.body), REQUESTS[action]);
  authorize(action, input, request, context);
  const stream = context.store.find(streamNameOf(input));
  validate(input, membersOf(action, stream?.distribution === 'AUTO'));
  refuseForeignArn(input, context);
  const run = ACTIONS[action] as (input: unknown, context: Context) => Answer;
  return run(input, context);
}

/** A body that is not JSON gives an error without a text (docs/facts/kinesis.md#errors). */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw serialization();
  }
}

/** Runs before the stream is looked up, so that callers without permission learn nothing about it. */
function authorize(action: ActionName, input: Given, request: KinesisRequest, context: Context): void {
  if (request.authorize === undefined) return;
  const resource = resourceArn(action, input, context);
  // Without a stream there is nothing to authorize; the iterator itself is refused later (inferred).
  if (resource === undefined) return;
  const conditions = conditionKeys(input, resource, context);
  const refuse = (permission: string): void => {
    const decision = request.authorize?.(permission, resource, conditions);
    if (decision === undefined || decision.allowed) return;
    const { partition, id } = context.account;
    const user = request.session?.sessionArn ?? request.callerArn ?? `arn:${partition}:iam::${id}:root`;
    throw accessDenied(denialText(user, { action: permission, resource }, decision.reason));
  };
  refuse(`kinesis:${action}`);
  // Creating a stream with tags needs a second permission (botocore).
  if (action === 'CreateStream' && input.Tags !== undefined) refuse('kinesis:AddTagsToStream');
  if (action === 'RegisterStreamConsumer' && input.Tags !== undefined) refuse('kinesis:TagResource');
}

/** The tags of the stream and of the request; anything but a map of strings is refused later. */
function conditionKeys(input: Given, resource: string, { store }: Context): ConditionContext {
  const stream = store.find(resource.split('/')[1] ?? '');
  const given = typeof input.Tags === 'object' && input.Tags !== null ? input.Tags : {};
  const keys = Array.isArray(input.TagKeys) ? input.TagKeys.map(String) : Object.keys(given);
  return {
    ...tagKeys('aws:ResourceTag', stream?.tags ?? {}),
    ...tagKeys('aws:RequestTag', given as Record<string, string>),
    ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
  };
}

/** @returns undefined for an invalid iterator, which identifies no stream. */
function resourceArn(action: ActionName, input: Given, { store, iterators }: Context): string | undefined {
  if (action === 'ListStreams' || action === 'DescribeLimits') return '*';
  if (action === 'GetRecords') {
    if (typeof input.ShardIterator !== 'string') return '*';
    const place = iterators.open(input.ShardIterator);
    return place && store.arn(place.streamName);
  }
  const arn = input.StreamARN ?? input.ConsumerARN ?? input.ResourceARN;
  if (typeof arn === 'string') return arn;
  const name = streamNameOf(input);
  return name === '' ? '*' : store.arn(name);
}

/** Refuses ARNs of other accounts or regions, and ARNs that contradict the name (text inferred). */
function refuseForeignArn(input: Given, { store, account }: Context): void {
  const { StreamARN: arn, StreamName: name } = input;
  if (typeof arn !== 'string') return;
  const stream = typeof name === 'string' ? name : streamNameOf({ StreamARN: arn });
  if (arn !== store.arn(stream))
    throw streamNotFound(arn.split('/')[1] ?? arn, arn.split(':')[4] ?? account.id);
}

/** The end of every extended request id: random bytes for each of them would cost more than many calls. */
const REST_OF_ID = randomBytes(72 - 15).toString('base64');

/** 72 bytes in base64, of which the first 15 are of this id only. */
function extendedRequestId(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64', 0, 15) + REST_OF_ID;
}

/** Creates an answer with Kinesis's headers (docs/facts/kinesis.md#direct-calls). */
export function kinesisResponse(
  status: number,
  body: string,
  contentType = 'application/x-amz-json-1.1',
): HttpResponse {
  return {
    status,
    headers: [
      ['x-amzn-RequestId', randomUUID()],
      ['x-amz-id-2', extendedRequestId()],
      ['Content-Type', contentType],
    ],
    body,
  };
}
