import { hash, randomUUID } from 'node:crypto';
import { invalidArgument, streamNotFound, throughputExceeded, validation } from '../errors.ts';
import { parseSequenceNumber } from '../store/sequence-numbers.ts';
import { HASH_SPACE } from '../store/shard.ts';
import type { NewRecord, Placement, Stream } from '../store/stream.ts';
import { problem } from '../validate.ts';
import { type Action, type Context, refuseDryRun, streamNameOf } from './context.ts';

/** The maximum of one PutRecords call, for data and partition keys together (docs/facts/kinesis.md#limits). */
const MAX_BYTES_PER_CALL = 10_485_760;

export const putRecord: Action<'PutRecord'> = (input, context) => {
  const stream = writable(streamNameOf(input), context);
  const record = newRecord(input, stream);
  refuseTooLarge([{ path: 'data', bytes: record.bytes }], stream);
  refuseOrdering(input.SequenceNumberForOrdering, stream, context);
  refuseDryRun(input);
  const placement = put(stream, record, context);
  if (placement.sequenceNumber === undefined) throw refusal(placement, stream, context);
  return { ...answered(placement), ...encryption(stream) };
};

/** Accepts any number that some shard, even of another stream, can have issued by now (KL). */
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
  const records = input.Records.map((record) => newRecord(record, stream));
  refuseTooLarge(
    records.map(({ bytes }, index) => ({ path: `records.${index + 1}.member.data`, bytes })),
    stream,
  );
  // The limit is botocore's, the text inferred.
  if (records.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES_PER_CALL)
    throw invalidArgument('Records size exceeds 10 MB limit');
  refuseDryRun(input);
  let refused = 0;
  // One entry for each record, in order, whether accepted or not; no error keys on success
  // (docs/facts/kinesis.md#records).
  const entries = records.map((record) => {
    const placement = put(stream, record, context);
    if (placement.sequenceNumber !== undefined) return answered(placement);
    refused += 1;
    const { type, message } = refusal(placement, stream, context);
    return { ErrorCode: type, ErrorMessage: message };
  });
  return { ...encryption(stream), FailedRecordCount: refused, Records: entries };
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

/**
 * A stream accepts records only if it is ACTIVE or UPDATING; otherwise it is not found (docs/facts/kinesis.md#errors).
 */
function writable(name: string, { store, account }: Context): Stream {
  const stream = store.get(name);
  const { status } = stream;
  if (status === 'CREATING' || status === 'DELETING') throw streamNotFound(name, account.id);
  return stream;
}

/** No EncryptionType on an unencrypted stream (docs/facts/kinesis.md#records). */
function encryption({ keyId }: Stream): object {
  return keyId === undefined ? {} : { EncryptionType: 'KMS' };
}

/**
 * Throws ValidationException, without the value, if data and key together exceed the stream's limit
 * (docs/facts/kinesis.md#record-size).
 */
function refuseTooLarge(
  sizes: readonly { readonly path: string; readonly bytes: number }[],
  { maxRecordBytes }: Stream,
): void {
  const problems = sizes
    .filter(({ bytes }) => bytes > maxRecordBytes)
    .map(({ path }) =>
      problem(undefined, path, `Member must have length less than or equal to ${maxRecordBytes}`),
    );
  if (problems.length > 0) throw validation(problems);
}

interface PutInput {
  readonly Data: string;
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
}

/** Throws InvalidArgumentException for a hash key outside the hash space. */
function newRecord(input: PutInput, { distribution }: Stream): NewRecord {
  const { Data: data } = input;
  const dataBytes = Buffer.byteLength(data, 'base64');
  if (distribution === 'AUTO') {
    const anywhere = BigInt(`0x${randomUUID().replaceAll('-', '')}`);
    return { data, partitionKey: undefined, hash: anywhere, bytes: dataBytes };
  }
  const { PartitionKey: partitionKey = '', ExplicitHashKey: explicit } = input;
  const key = BigInt(explicit ?? `0x${hash('md5', partitionKey, 'hex')}`);
  if (key >= HASH_SPACE) {
    throw invalidArgument(
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${explicit}`,
    );
  }
  return { data, partitionKey, hash: key, bytes: dataBytes + Buffer.byteLength(partitionKey) };
}
