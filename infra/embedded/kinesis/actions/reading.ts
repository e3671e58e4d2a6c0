import {
  internalFailure,
  invalidArgument,
  KinesisError,
  shardDoesNotExist,
  shardNotFound,
} from '../errors.ts';
import { ITERATOR_LIFETIME_MILLIS, type IteratorPlace } from '../iterators.ts';
import type { Input } from '../shapes.ts';
import { type ParsedSequenceNumber, parseSequenceNumber } from '../store/sequence-numbers.ts';
import { type Shard, shardId, shardIndex } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import { type Action, type Context, refuseDryRun, streamNameOf } from './context.ts';

export const getShardIterator: Action<'GetShardIterator'> = (input, context) => {
  const { store, account, iterators } = context;
  const name = streamNameOf(input);
  const index = shardIndex(input.ShardId);
  if (index === undefined) throw shardNotFound(input.ShardId, name, account.id);
  const stream = store.find(name);
  const shard = stream?.shards.find((candidate) => candidate.index === index);
  if (stream === undefined || shard === undefined) throw shardDoesNotExist(shardId(index), name, account.id);
  const from = positionOf(input, stream, shard, context);
  refuseDryRun(input);
  return {
    ShardIterator: iterators.seal({
      createdAt: account.now(),
      streamName: stream.name,
      streamSerial: stream.serial,
      shardIndex: index,
      from,
    }),
  };
};

/**
 * The position where an iterator begins. Its type and its starting point must match (texts:
 * docs/facts/kinesis.md#errors, KL getShardIterator).
 */
function positionOf(
  input: Input<'GetShardIterator'>,
  stream: Stream,
  shard: Shard,
  context: Context,
): number {
  const { ShardIteratorType: type, StartingSequenceNumber: start, Timestamp } = input;
  if (type === 'AT_TIMESTAMP')
    return shard.positionAtTime(validTimestamp(Timestamp, context) * 1000, stream.newestPosition);
  const wantsStart = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (wantsStart !== (start !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${wantsStart ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  if (start !== undefined)
    return shard.positionAt(ownSequenceNumber(start, stream, shard, context), type.startsWith('AFTER'));
  return type === 'LATEST' ? stream.newestPosition : 0;
}

export const getRecords: Action<'GetRecords'> = (input, { iterators, account, store }) => {
  const place = iterators.open(input.ShardIterator);
  const now = account.now();
  if (place === undefined || place.createdAt > now) throw invalidArgument('Invalid ShardIterator.');
  refuseExpired(place, now);
  const stream = store.find(place.streamName);
  const shard = stream?.shards.find(({ index }) => index === place.shardIndex);
  if (stream === undefined || shard === undefined)
    throw shardDoesNotExist(shardId(place.shardIndex), place.streamName, account.id);
  refuseDryRun(input);
  shard.expire(stream.trimHorizon);
  // All records of a stream are later than those of a deleted stream with the same name (KL getRecords).
  const from = place.streamSerial === stream.serial ? place.from : 0;
  const { records, hasMore } = shard.read(from, input.Limit);
  const last = records.at(-1);
  const isAtEnd = !shard.isOpen && !hasMore;
  const next = { ...place, streamSerial: stream.serial, createdAt: now, from: last ? last.index + 1 : from };
  return {
    // The children of a closed shard that was read to its end (botocore).
    ...(isAtEnd && { ChildShards: stream.childrenOf(shard).map(childShard) }),
    MillisBehindLatest: last && hasMore ? Math.max(1, Math.round(now - last.arrivedAt)) : 0,
    ...(!isAtEnd && { NextShardIterator: iterators.seal(next) }),
    // No EncryptionType on an unencrypted stream (docs/facts/kinesis.md#records).
    Records: records.map((record) => ({
      ApproximateArrivalTimestamp: record.arrivedAt / 1000,
      Data: record.data,
      ...(stream.keyId !== undefined && { EncryptionType: 'KMS' }),
      ...(record.partitionKey !== undefined && { PartitionKey: record.partitionKey }),
      SequenceNumber: shard.sequenceNumberOf(record),
    })),
  };
};

function childShard({ id, parents, hashKeyRange }: Shard) {
  return { ShardId: id, ParentShards: parents.map((parent) => parent.id), HashKeyRange: hashKeyRange };
}

function refuseExpired({ createdAt }: IteratorPlace, now: number): void {
  if (now - createdAt < ITERATOR_LIFETIME_MILLIS) return;
  throw new KinesisError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaDate(createdAt)} while right now it is ` +
      `${javaDate(now)} which is further in the future than the tolerated delay of ` +
      `${ITERATOR_LIFETIME_MILLIS} milliseconds.`,
  );
}

/** Formats a time as Java does: `Thu Jan 22 01:22:02 UTC 2015`. */
function javaDate(millis: number): string {
  const [weekday, day, month, year, time] = new Date(millis).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

/** Checks that a timestamp, in seconds since the epoch, is in the past. */
function validTimestamp(timestamp: number | undefined, { account }: Context): number {
  if (timestamp === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    );
  }
  const now = account.now();
  if (timestamp * 1000 > now) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timestamp * 1000}, currentTimestampInMillis: ${now}`,
    );
  }
  return timestamp;
}

/** Parses a sequence number that the shard can have issued. */
function ownSequenceNumber(
  start: string,
  stream: Stream,
  shard: Shard,
  { account }: Context,
): ParsedSequenceNumber {
  const used =
    `StartingSequenceNumber ${start} used in GetShardIterator on shard ${shard.id} ` +
    `in stream ${stream.name} under account ${account.id} is invalid`;
  const number = parseSequenceNumber(start);
  if (number === undefined) throw invalidArgument(`${used}.`);
  if (number.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardId(number.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (shard.gave(number)) return number;
  if (number.version === 0) throw internalFailure();
  throw invalidArgument(`${used} because it did not come from this stream.`);
}
