import type { KinesisAnswer } from '../implementations/implementation.ts';
import { type Outcome, outcomeOf } from '../requests/outcome.ts';
import type { SequenceRequest } from './request.ts';

/** An implementation's answer in terms that are the same for all. */
export interface Observation {
  readonly outcome: Outcome;
  readonly meaning: Meaning;
}

type Json = Readonly<Record<string, unknown>>;

/** Empty for a refusal. */
export interface Meaning {
  /** The members of the answer; one without a value counts as absent. */
  readonly members?: readonly string[];
  readonly shards?: readonly ShardMeaning[];
  /** For each record that was put. */
  readonly placed?: readonly Placed[];
  /**
   * Whether the indices of the records put follow that of the previous record, in any order
   * (docs/facts/kinesis.md#sequence-numbers).
   */
  readonly isConsecutive?: boolean;
  readonly records?: readonly ReadRecord[];
  readonly iterator?: 'none' | 'well-formed' | 'malformed';
  readonly isBehind?: boolean;
  /** Other members, compared unchanged. */
  readonly values?: Json;
}

export interface ShardMeaning {
  readonly id: string;
  readonly parents: readonly string[];
  readonly range: readonly [start: string, end: string];
  readonly starts: NumberMeaning | 'none';
  readonly ends: NumberMeaning | 'none';
}

export interface NumberMeaning {
  /** Whether the number names its own shard. */
  readonly isOwn: boolean;
  readonly index: string;
}

export interface Placed {
  readonly shard: string;
  readonly isOwn: boolean;
  /** Whether the number is above every earlier number of the shard. */
  readonly rises: boolean;
}

export interface ReadRecord {
  /** By its data. */
  readonly label: string;
  readonly key: string;
  /** Whether its number is that of the answer to its put. */
  readonly hasNumber: boolean;
  readonly arrives: 'now' | 'another-time';
}

/** An implementation's earlier answers, with which later ones are compared. */
export class Memory {
  /** The value of each placeholder. */
  readonly places = new Map<string, string>();
  /** The greatest number of each shard, by stream and shard. */
  readonly #greatest = new Map<string, bigint>();
  /** The index of the last record, by stream. */
  readonly #lastIndex = new Map<string, bigint>();

  place(stream: string, entries: readonly Json[]): Pick<Meaning, 'placed' | 'isConsecutive'> {
    const indices: bigint[] = [];
    const placed = entries.map(({ ShardId, SequenceNumber }) => {
      const [shard, text] = [String(ShardId), String(SequenceNumber)];
      const { isOwn, index } = numberMeaning(text, shard);
      indices.push(BigInt(index));
      const key = `${stream} ${shard}`;
      const rises = BigInt(text) > (this.#greatest.get(key) ?? 0n);
      this.#greatest.set(key, BigInt(text));
      return { shard, isOwn, rises };
    });
    indices.sort((one, other) => (one < other ? -1 : 1));
    const before = this.#lastIndex.get(stream) ?? (indices[0] ?? 0n) - 1n;
    this.#lastIndex.set(stream, indices.at(-1) ?? before);
    const isConsecutive = indices.every((index, position) => index === before + BigInt(position + 1));
    return { placed, isConsecutive };
  }

  /** Forgets a deleted stream, since a new one of the same name starts afresh. */
  forget(stream: string): void {
    this.#lastIndex.delete(stream);
    for (const key of this.#greatest.keys()) if (key.startsWith(`${stream} `)) this.#greatest.delete(key);
  }
}

const PLAUSIBLE_MILLIS = 60_000;

/** Interprets an answer, and fills the placeholders of what the call created. */
export function observe(request: SequenceRequest, answer: KinesisAnswer, memory: Memory): Observation {
  const outcome = outcomeOf(answer);
  if (answer.status !== 200) return { outcome, meaning: {} };
  const json = (answer.body === '' ? {} : JSON.parse(answer.body)) as Json;
  return { outcome: { ...outcome, shards: [] }, meaning: meaningOf(request, json, memory) };
}

function meaningOf(request: SequenceRequest, json: Json, memory: Memory): Meaning {
  const { action, input, fills, records = [] } = request;
  const stream = String(input.StreamName);
  const members = membersOf(json);
  const learn = (place: string, value: unknown) => memory.places.set(place, String(value));
  const placed = (entries: readonly Json[]) => {
    for (const [index, entry] of entries.entries()) learn(`<${records[index]}>`, entry.SequenceNumber);
    return memory.place(stream, entries);
  };
  switch (action) {
    case 'CreateStream':
      memory.forget(stream);
      return { members };
    case 'PutRecord':
      return { members, ...placed([json]) };
    case 'PutRecords':
      return {
        members,
        ...placed(json.Records as Json[]),
        values: { FailedRecordCount: json.FailedRecordCount },
      };
    case 'GetShardIterator':
      learn(String(fills), json.ShardIterator);
      return { members, iterator: iteratorMeaning(json.ShardIterator) };
    case 'GetRecords':
      if (typeof json.NextShardIterator === 'string') learn(String(fills), json.NextShardIterator);
      return {
        members,
        records: (json.Records as Json[]).map((record) => readMeaning(record, memory)),
        iterator: iteratorMeaning(json.NextShardIterator),
        isBehind: Number(json.MillisBehindLatest) > 0,
        ...(json.ChildShards
          ? { shards: (json.ChildShards as Json[]).map((shard) => shardMeaning(shard)) }
          : {}),
      };
    case 'ListShards':
      return { members, shards: shardsMeaning(json.Shards as Json[], stream, learn) };
    case 'DescribeStream': {
      const { Shards, StreamCreationTimestamp: created, ...rest } = json.StreamDescription as Json;
      return {
        members: membersOf(json.StreamDescription as Json),
        shards: shardsMeaning(Shards as Json[], stream, learn),
        values: { ...valuesOf(rest), created: timeMeaning(created) },
      };
    }
    case 'DescribeStreamSummary': {
      const { StreamCreationTimestamp: created, ...rest } = json.StreamDescriptionSummary as Json;
      return {
        members: membersOf(json.StreamDescriptionSummary as Json),
        values: { ...valuesOf(rest), created: timeMeaning(created) },
      };
    }
    case 'ListStreams':
      return { members, values: { StreamNames: json.StreamNames, HasMoreStreams: json.HasMoreStreams } };
    default:
      return { members, values: valuesOf(json) };
  }
}

function shardsMeaning(
  shards: readonly Json[],
  stream: string,
  learn: (place: string, value: unknown) => void,
): readonly ShardMeaning[] {
  return shards.map((shard) => {
    const { StartingSequenceNumber: start, EndingSequenceNumber: end } = shard.SequenceNumberRange as Json;
    learn(`<start of ${shard.ShardId} in ${stream}>`, start);
    if (typeof end === 'string') learn(`<end of ${shard.ShardId} in ${stream}>`, end);
    return shardMeaning(shard);
  });
}

function shardMeaning(shard: Json): ShardMeaning {
  const id = String(shard.ShardId);
  const { StartingSequenceNumber, EndingSequenceNumber } = (shard.SequenceNumberRange ?? {}) as Json;
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange as Json;
  // ChildShards have no documented order.
  const parents = (shard.ParentShards as string[] | undefined)?.toSorted() ?? [
    ...[shard.ParentShardId, shard.AdjacentParentShardId].filter((parent) => typeof parent === 'string'),
  ];
  const number = (text: unknown) => (typeof text === 'string' ? numberMeaning(text, id) : ('none' as const));
  return {
    id,
    parents,
    range: [String(StartingHashKey), String(EndingHashKey)],
    starts: number(StartingSequenceNumber),
    ends: number(EndingSequenceNumber),
  };
}

/**
 * A number of version 2 in hex: 2, 9 digits of the shard's time, 1, 16 of the index, 2, 9 of time, 8 of the shard, 2
 * (docs/facts/kinesis.md#sequence-numbers).
 */
function numberMeaning(text: string, shard: string): NumberMeaning {
  const digits = BigInt(text).toString(16);
  const isOwn =
    digits.length === 47 &&
    digits.startsWith('2') &&
    digits.endsWith('2') &&
    Number.parseInt(digits.slice(38, 46), 16) === Number(shard.split('-')[1]);
  return { isOwn, index: BigInt(`0x${digits.slice(11, 27) || '0'}`).toString() };
}

/**
 * base64 of 152 bytes or 16, 32, … more, of which the first eight are 00…01 (docs/facts/kinesis.md#sequence-numbers).
 */
function iteratorMeaning(iterator: unknown): 'none' | 'well-formed' | 'malformed' {
  if (typeof iterator !== 'string') return 'none';
  const bytes = Buffer.from(iterator, 'base64');
  const isWellFormed =
    bytes.length >= 152 && (bytes.length - 152) % 16 === 0 && bytes.readBigUInt64BE(0) === 1n;
  return isWellFormed ? 'well-formed' : 'malformed';
}

function readMeaning(record: Json, memory: Memory): ReadRecord {
  const label = Buffer.from(String(record.Data), 'base64').toString();
  return {
    label,
    key: String(record.PartitionKey),
    hasNumber: memory.places.get(`<${label}>`) === record.SequenceNumber,
    arrives: timeMeaning(record.ApproximateArrivalTimestamp),
  };
}

function timeMeaning(seconds: unknown): 'now' | 'another-time' {
  const away = Math.abs(Number(seconds) * 1000 - Date.now());
  return away < PLAUSIBLE_MILLIS ? 'now' : 'another-time';
}

function membersOf(json: Json): readonly string[] {
  return Object.keys(json)
    .filter((name) => json[name] !== null && json[name] !== undefined)
    .sort();
}

function valuesOf(json: Json): Json {
  return Object.fromEntries(membersOf(json).map((name) => [name, json[name]]));
}
