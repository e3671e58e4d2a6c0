import { hash } from 'node:crypto';
import { invalidArgument, streamNotFound, throughputExceeded } from '../errors.ts';
import { parseSequenceNumber } from '../store/sequence-numbers.ts';
import { HASH_SPACE } from '../store/shard.ts';
import type { NewRecord, Placement, Stream } from '../store/stream.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

/** Of one PutRecords call, data and partition keys together (facts 4.2). */
const MAX_BYTES_PER_CALL = 10_485_760;

export const putRecord: Action<'PutRecord'> = (input, context) => {
  const stream = writable(streamNameOf(input), context);
  const record = newRecord(input);
  refuseOrdering(input.SequenceNumberForOrdering, stream, context);
  const placement = put(stream, record, context);
  if (placement.sequenceNumber === undefined) throw refusal(placement, stream, context);
  return answered(placement);
};

/** Any number that some shard can have given by now is taken, also one of another stream (KL). */
function refuseOrdering(number: string | undefined, stream: Stream, { account }: Context): void {
  if (number === undefined) return;
  const origin = parseSequenceNumber(number);
  if (origin !== undefined && origin.time * 1000 <= account.now()) return;
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${stream.name} ` +
      `under account ${account.id} is invalid.`,
  );
}

export const putRecords: Action<'PutRecords'> = (input, context) => {
  const stream = writable(streamNameOf(input), context);
  const records = input.Records.map(newRecord);
  // The limit is botocore's, the text inferred.
  if (records.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES_PER_CALL)
    throw invalidArgument('Records size exceeds 10 MB limit');
  let refused = 0;
  // One entry for each record, in order, whether it was taken or not; no error keys on success (facts 4.1).
  const entries = records.map((record) => {
    const placement = put(stream, record, context);
    if (placement.sequenceNumber !== undefined) return answered(placement);
    refused += 1;
    const { type, message } = refusal(placement, stream, context);
    return { ErrorCode: type, ErrorMessage: message };
  });
  return { FailedRecordCount: refused, Records: entries };
};

function put(stream: Stream, record: NewRecord, { store }: Context): Placement {
  const placement = stream.put(record);
  if (placement.sequenceNumber === undefined) store.expireAll();
  return placement;
}

function answered({ shard, sequenceNumber }: Placement): object {
  return { SequenceNumber: sequenceNumber, ShardId: shard.id };
}

function refusal({ shard }: Placement, stream: Stream, { account }: Context) {
  return throughputExceeded(shard.id, stream.name, account.id);
}

/** A stream takes records only when it is ACTIVE or UPDATING; otherwise it is not found (facts 4.3). */
function writable(name: string, { store, account }: Context): Stream {
  const stream = store.get(name);
  const { status } = stream;
  if (status === 'CREATING' || status === 'DELETING') throw streamNotFound(name, account.id);
  return stream;
}

/** Throws InvalidArgumentException for a hash key outside the hash space. */
function newRecord(input: {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}): NewRecord {
  const { Data: data, PartitionKey: partitionKey, ExplicitHashKey: explicit } = input;
  const key = BigInt(explicit ?? `0x${hash('md5', partitionKey, 'hex')}`);
  if (key >= HASH_SPACE) {
    throw invalidArgument(
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${explicit}`,
    );
  }
  const bytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  return { data, partitionKey, hash: key, bytes };
}
