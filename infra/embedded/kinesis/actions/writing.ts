import { callEngine } from '../engine-answers.ts';
import { invalidArgument, streamNotFound, throughputExceeded } from '../errors.ts';
import { sequenceOrigin } from '../sequence-numbers.ts';
import { ShardLog } from '../shard-log.ts';
import { HASH_SPACE } from '../shards.ts';
import type { Stream } from '../streams.ts';
import { shardOf } from '../throughput.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

/** Of one PutRecords call, data and partition keys together (facts 4.2). */
const MOST_BYTES_PER_CALL = 10_485_760;

export const putRecord: Action<'PutRecord'> = async (input, context) => {
  const stream = writable(streamNameOf(input), context);
  const record = engineRecord(input, stream);
  refuseOrdering(input.SequenceNumberForOrdering, stream, context);
  if (!context.throughput.take(stream, input, bytesOf(input)))
    throw throughputExceeded(shardOf(stream, input)?.ShardId ?? '', stream.name, context.account.id);
  const { SequenceNumber, ShardId } = await callEngine(context.engine, stream, 'PutRecord', record);
  return noted(stream, { SequenceNumber, ShardId } as EngineResult, input, context);
};

/**
 * Any number that some shard can have given by now is taken, also one of another stream (KL). The engine needs none:
 * it numbers the records of a shard in their order.
 */
function refuseOrdering(number: string | undefined, stream: Stream, { account }: Context): void {
  if (number === undefined) return;
  const origin = sequenceOrigin(number);
  if (origin !== undefined && origin.time * 1000 <= account.now()) return;
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${stream.name} ` +
      `under account ${account.id} is invalid.`,
  );
}

export const putRecords: Action<'PutRecords'> = async (input, context) => {
  const stream = writable(streamNameOf(input), context);
  const bytes = input.Records.reduce((sum, record) => sum + bytesOf(record), 0);
  // The limit is botocore's, the text inferred.
  if (bytes > MOST_BYTES_PER_CALL) throw invalidArgument('Records size exceeds 10 MB limit');
  const records = input.Records.map((record) => engineRecord(record, stream));
  const taken = input.Records.map((record) => context.throughput.take(stream, record, bytesOf(record)));
  const accepted = records.filter((_, position) => taken[position]);
  const stored =
    accepted.length === 0
      ? []
      : ((await callEngine(context.engine, stream, 'PutRecords', { Records: accepted }))
          .Records as readonly EngineResult[]);
  const answers = stored.values();
  // One answer for each record, in order, whether it was taken or not (facts 4.1).
  const results = input.Records.map((record, position) =>
    taken[position]
      ? entryOf(stream, answers.next().value as EngineResult, record, context)
      : refusedEntry(record, stream, context),
  );
  return { FailedRecordCount: results.filter((entry) => 'ErrorCode' in entry).length, Records: results };
};

/** No ErrorCode and ErrorMessage on success (facts 4.1). */
function entryOf(stream: Stream, result: EngineResult, record: RecordInput, context: Context): object {
  return result.ErrorCode
    ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' }
    : noted(stream, result, record, context);
}

/**
 * kinesis-local takes 1.6 s and 180 MB for a mebibyte (facts emulators 3.1), whether it comes in one record or in a
 * batch, so the front keeps what is large: characters of base64.
 */
const LARGE = 1024;

function isLarge(data: string): boolean {
  return data.length > LARGE;
}

/** Keeps a copy of what the engine numbered. @returns where it went. */
function noted(stream: Stream, place: EngineResult, record: RecordInput, context: Context): object {
  const { SequenceNumber = '', ShardId = '' } = place;
  const log = stream.logs.get(ShardId) ?? new ShardLog();
  stream.logs.set(ShardId, log);
  const { Data, PartitionKey } = record;
  log.add({ ApproximateArrivalTimestamp: context.account.now() / 1000, Data, PartitionKey, SequenceNumber });
  return { SequenceNumber, ShardId };
}

function refusedEntry(record: RecordInput, stream: Stream, { account }: Context): object {
  const { type, message } = throughputExceeded(
    shardOf(stream, record)?.ShardId ?? '',
    stream.name,
    account.id,
  );
  return { ErrorCode: type, ErrorMessage: message };
}

function bytesOf({ Data, PartitionKey }: RecordInput): number {
  return Buffer.byteLength(Data, 'base64') + Buffer.byteLength(PartitionKey);
}

interface EngineResult {
  readonly ErrorCode?: string | null;
  readonly SequenceNumber?: string;
  readonly ShardId?: string;
}

interface RecordInput {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}

/** A stream takes records only when it is ACTIVE or UPDATING; otherwise it is not found (facts 4.3). */
function writable(name: string, { streams, account }: Context): Stream {
  const stream = streams.get(name);
  const status = streams.status(stream);
  if (status === 'CREATING' || status === 'DELETING') throw streamNotFound(name, account.id);
  return stream;
}

function engineRecord(record: RecordInput, stream: Stream): RecordInput {
  const { PartitionKey, ExplicitHashKey } = record;
  const Data = isLarge(record.Data) ? '' : record.Data;
  if (ExplicitHashKey === undefined) return { Data, PartitionKey };
  if (BigInt(ExplicitHashKey) >= HASH_SPACE) {
    throw invalidArgument(
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    );
  }
  return { Data, PartitionKey, ExplicitHashKey: stream.boundaries.toEngine(ExplicitHashKey) };
}
