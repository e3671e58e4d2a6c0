import type { Engine } from '../engine.ts';
import { callEngine } from '../engine-answers.ts';
import {
  internalFailure,
  invalidArgument,
  KinesisError,
  shardDoesNotExist,
  shardNotFound,
} from '../errors.ts';
import { ITERATOR_LIFETIME_MILLIS, type IteratorPlace, type Position } from '../iterators.ts';
import { sequenceOrigin } from '../sequence-numbers.ts';
import type { Input } from '../shapes.ts';
import type { KeptRecord } from '../shard-log.ts';
import { isOpen, type Shard, shardId, shardIndex } from '../shards.ts';
import type { Stream } from '../streams.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

export const getShardIterator: Action<'GetShardIterator'> = async (input, context) => {
  const { streams, account, engine, iterators } = context;
  const name = streamNameOf(input);
  const index = shardIndex(input.ShardId);
  if (index === undefined) throw shardNotFound(input.ShardId, name, account.id);
  const stream = streams.find(name);
  const shard = stream && streams.shards(stream).find((candidate) => candidate.ShardId === shardId(index));
  if (stream === undefined || shard === undefined) throw shardDoesNotExist(shardId(index), name, account.id);
  refuseStart(input, stream, shard, context);
  return {
    ShardIterator: iterators.seal({
      createdAt: account.now(),
      streamName: stream.name,
      streamSerial: stream.serial,
      shardIndex: index,
      position: await startOf(input, stream, shard, engine),
    }),
  };
};

/** Where an iterator begins. Only a time has to be looked up by the engine. */
async function startOf(
  {
    ShardIteratorType: type,
    StartingSequenceNumber: sequenceNumber = '',
    Timestamp,
  }: Input<'GetShardIterator'>,
  stream: Stream,
  shard: Shard,
  engine: Engine,
): Promise<Position> {
  const newest = stream.logs.get(shard.ShardId)?.newest?.SequenceNumber;
  // The front's own number of a shard's beginning, which the engine does not know.
  if (sequenceNumber === shard.SequenceNumberRange.StartingSequenceNumber) return { kind: 'oldest' };
  switch (type) {
    case 'AT_SEQUENCE_NUMBER':
      return { kind: 'at', sequenceNumber };
    case 'AFTER_SEQUENCE_NUMBER':
      return { kind: 'after', sequenceNumber };
    case 'LATEST':
      return newest === undefined ? { kind: 'oldest' } : { kind: 'after', sequenceNumber: newest };
    case 'AT_TIMESTAMP':
      return {
        kind: 'engine',
        iterator: await engineIterator(engine, stream, shard.ShardId, { type, Timestamp }),
      };
    default:
      return { kind: 'oldest' };
  }
}

async function engineIterator(
  engine: Engine,
  stream: Stream,
  ShardId: string,
  { type, ...start }: { type: string; StartingSequenceNumber?: string; Timestamp?: number | undefined },
): Promise<string> {
  const answer = await callEngine(engine, stream, 'GetShardIterator', {
    ShardId,
    ShardIteratorType: type,
    ...start,
  });
  return String(answer.ShardIterator);
}

const ENGINE_TYPES = {
  oldest: 'TRIM_HORIZON',
  at: 'AT_SEQUENCE_NUMBER',
  after: 'AFTER_SEQUENCE_NUMBER',
} as const;

function engineIteratorAt(place: IteratorPlace, stream: Stream, engine: Engine): Promise<string> | string {
  const { position } = place;
  if (position.kind === 'engine') return position.iterator;
  return engineIterator(engine, stream, shardId(place.shardIndex), {
    type: ENGINE_TYPES[position.kind],
    ...(position.kind === 'oldest' ? {} : { StartingSequenceNumber: position.sequenceNumber }),
  });
}

/**
 * An open shard is read from the front's copy; the engine is asked for a time, and for closed shards, whose chain of
 * iterators ends.
 */
function readCopy(
  { position, shardIndex: index }: IteratorPlace,
  stream: Stream,
  limit: number | undefined,
): KeptRecord[] | undefined {
  const shard = stream.shards.find(({ ShardId }) => ShardId === shardId(index));
  if (shard === undefined || !isOpen(shard) || position.kind === 'engine') return undefined;
  return stream.logs.get(shard.ShardId)?.read(position, limit) ?? [];
}

export const getRecords: Action<'GetRecords'> = async (input, { iterators, account, streams, engine }) => {
  const place = iterators.open(input.ShardIterator);
  const now = account.now();
  if (place === undefined || place.createdAt > now) throw invalidArgument('Invalid ShardIterator.');
  refuseExpired(place, now);
  const stream = streams.find(place.streamName);
  // What AWS says of an iterator whose stream was deleted and created again is not recorded (inferred).
  if (stream === undefined || stream.serial !== place.streamSerial) {
    throw shardDoesNotExist(shardId(place.shardIndex), place.streamName, account.id);
  }
  const goOn = (position: Position) => iterators.seal({ ...place, createdAt: now, position });
  const log = stream.logs.get(shardId(place.shardIndex));
  const copy = readCopy(place, stream, input.Limit);
  if (copy !== undefined) {
    const last = copy.at(-1);
    const isBehind = last !== undefined && last !== log?.newest;
    return {
      MillisBehindLatest: isBehind
        ? Math.max(1, Math.round(now - last.ApproximateArrivalTimestamp * 1000))
        : 0,
      NextShardIterator: goOn(
        last === undefined ? place.position : { kind: 'after', sequenceNumber: last.SequenceNumber },
      ),
      Records: copy,
    };
  }
  const answer = (await callEngine(engine, stream, 'GetRecords', {
    ShardIterator: await engineIteratorAt(place, stream, engine),
    ...(input.Limit === undefined ? {} : { Limit: input.Limit }),
  })) as unknown as EngineRecords;
  const last = answer.Records.at(-1)?.SequenceNumber;
  return {
    ...(answer.ChildShards?.length ? { ChildShards: answer.ChildShards.map(toAws(stream)) } : {}),
    MillisBehindLatest: answer.MillisBehindLatest,
    ...(answer.NextShardIterator
      ? {
          NextShardIterator: goOn(
            last === undefined
              ? { kind: 'engine', iterator: answer.NextShardIterator }
              : { kind: 'after', sequenceNumber: last },
          ),
        }
      : {}),
    // No EncryptionType on an unencrypted stream (facts 4.1).
    Records: answer.Records.map(({ ApproximateArrivalTimestamp, Data, PartitionKey, SequenceNumber }) => ({
      ApproximateArrivalTimestamp,
      Data: log?.find(SequenceNumber)?.Data ?? Data,
      PartitionKey,
      SequenceNumber,
    })),
  };
};

interface EngineRecords {
  readonly ChildShards: readonly ChildShard[] | null;
  readonly MillisBehindLatest: number;
  readonly NextShardIterator: string | null;
  readonly Records: readonly {
    readonly ApproximateArrivalTimestamp: number;
    readonly Data: string;
    readonly PartitionKey: string;
    readonly SequenceNumber: string;
  }[];
}

type ChildShard = Pick<Shard, 'ShardId' | 'HashKeyRange'> & { readonly ParentShards: readonly string[] };

function toAws(stream: Stream): (child: ChildShard) => ChildShard {
  return ({ ShardId, ParentShards, HashKeyRange }) => ({
    ShardId,
    ParentShards,
    HashKeyRange: stream.shards.find((shard) => shard.ShardId === ShardId)?.HashKeyRange ?? HashKeyRange,
  });
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

/** `Thu Jan 22 01:22:02 UTC 2015`. */
function javaDate(millis: number): string {
  const [weekday, day, month, year, time] = new Date(millis).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

/** Iterator type and starting point must suit each other and the shard (texts: facts 4.3, KL getShardIterator). */
function refuseStart(input: Input<'GetShardIterator'>, stream: Stream, shard: Shard, context: Context): void {
  const { ShardIteratorType: type, StartingSequenceNumber: start } = input;
  const wantsStart = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (type === 'AT_TIMESTAMP') refuseTimestamp(input.Timestamp, context);
  else if (wantsStart !== (start !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${wantsStart ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  if (start !== undefined && wantsStart) refuseSequenceNumber(start, stream, shard, context);
}

function refuseTimestamp(timestamp: number | undefined, { account }: Context): void {
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
}

function refuseSequenceNumber(start: string, stream: Stream, shard: Shard, { account }: Context): void {
  const used =
    `StartingSequenceNumber ${start} used in GetShardIterator on shard ${shard.ShardId} ` +
    `in stream ${stream.name} under account ${account.id} is invalid`;
  const origin = sequenceOrigin(start);
  if (origin === undefined) throw invalidArgument(`${used}.`);
  if (origin.shardIndex !== shardIndex(shard.ShardId)) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardId(origin.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.ShardId}`,
    );
  }
  const beginnings = [
    shard.SequenceNumberRange.StartingSequenceNumber,
    stream.engineStarts.get(shard.ShardId),
  ]
    .filter((number) => number !== undefined)
    .map(sequenceOrigin);
  const isOwn = beginnings.some(
    (first) => origin.version === first?.version && origin.shardCreated === first.shardCreated,
  );
  if (isOwn) return;
  if (origin.version === 0) throw internalFailure();
  throw invalidArgument(`${used} because it did not come from this stream.`);
}
