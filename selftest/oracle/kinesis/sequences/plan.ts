import type { Observation, ShardMeaning } from './meaning.ts';
import { endPlace, recordPlace, type SequenceRequest, startPlace } from './request.ts';
import type { Step, StreamSlot } from './steps.ts';

const HASH_SPACE = 2n ** 128n;
const HASH_KEYS = [0n, HASH_SPACE / 4n, HASH_SPACE / 2n, HASH_SPACE - 1n].map(String);
/** Later than any run: seconds since the epoch. */
const FUTURE = 99_999_999_999;
const TAG_KEYS = ['a', 'b b', 'é', 'c'];

/** The placeholder for a read without an iterator. */
const FROM_THE_START = {
  do: 'iterate',
  stream: 0,
  shard: 'of-record',
  type: 'TRIM_HORIZON',
  number: 'record',
  time: 'mark',
  nth: 0,
} as const;

interface PlannedRecord {
  readonly label: string;
  readonly stream: string;
  readonly shard: string;
  /** How many marks there were when it was put. */
  readonly marks: number;
}

interface PlannedIterator {
  readonly place: string;
  readonly stream: string;
  readonly origin: SequenceRequest;
}

/**
 * Turns steps into requests, based on our implementation's answers so far: they decide what exists, so that every
 * implementation gets the same requests.
 */
export class Plan {
  readonly #prefix: string;
  /** The shards of each existing stream, in the order of their ids. */
  readonly #shards = new Map<string, readonly ShardMeaning[]>();
  #records: PlannedRecord[] = [];
  #iterators: PlannedIterator[] = [];
  #marks = 0;
  #recordCount = 0;
  #requests = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Undefined for a step that has nothing to act on. */
  next(step: Step): SequenceRequest | undefined {
    const request = this.#request(step);
    if (request !== undefined) this.#requests += 1;
    return request;
  }

  /** Records our implementation's answer. */
  learn(
    { action, input, fills, records = [], about, ...request }: SequenceRequest,
    { outcome, meaning }: Observation,
  ): void {
    if (outcome.status !== 200) return;
    const stream = String(input.StreamName);
    if (action === 'CreateStream') this.#forget(stream);
    if (action === 'DeleteStream') this.#shards.delete(stream);
    else if (request.settles !== undefined) this.#shards.set(stream, meaning.shards ?? []);
    for (const [index, { shard }] of (meaning.placed ?? []).entries())
      this.#records.push({ label: String(records[index]), stream, shard, marks: this.#marks });
    if (action === 'GetShardIterator' || (action === 'GetRecords' && meaning.iterator === 'well-formed')) {
      const origin = about.origin ?? { action, input, about };
      this.#iterators.push({ place: String(fills), stream: String(origin.input.StreamName), origin });
    }
  }

  #name(slot: StreamSlot): string {
    return `${this.#prefix}${'ab'[slot]}`;
  }

  /** Forgets a stream's records and iterators, as a new stream of the same name does not have them. */
  #forget(stream: string): void {
    this.#records = this.#records.filter((record) => record.stream !== stream);
    this.#iterators = this.#iterators.filter((iterator) => iterator.stream !== stream);
  }

  #request(step: Step): SequenceRequest | undefined {
    if (step.do === 'mark') {
      this.#marks += 1;
      return { ...call('mark', {}), fills: `<time ${this.#marks}>` };
    }
    if (step.do === 'streams') {
      const start = step.after === undefined ? this.#prefix : this.#name(step.after);
      return call('ListStreams', { ExclusiveStartStreamName: start });
    }
    if (step.do === 'read') return this.#read(step);
    const StreamName = this.#name(step.stream);
    switch (step.do) {
      case 'create':
        return call('CreateStream', { StreamName, ShardCount: step.shards }, StreamName);
      case 'delete':
        return call('DeleteStream', { StreamName }, StreamName);
      case 'put':
      case 'put-many':
        return this.#put(step, StreamName);
      case 'split':
        return this.#split(step, StreamName);
      case 'merge':
        return this.#merge(step, StreamName);
      case 'scale':
        return call(
          'UpdateShardCount',
          { StreamName, TargetShardCount: step.count, ScalingType: 'UNIFORM_SCALING' },
          StreamName,
        );
      case 'iterate':
        return this.#iterate(step, StreamName);
      case 'shards':
        return call('ListShards', { StreamName, ...this.#after(step.after, StreamName) });
      case 'describe':
        return call('DescribeStream', { StreamName, ...this.#after(step.after, StreamName) });
      case 'summary':
        return call('DescribeStreamSummary', { StreamName });
      case 'tags':
        return call('ListTagsForStream', {
          StreamName,
          ...(step.after === undefined ? {} : { ExclusiveStartTagKey: TAG_KEYS[step.after] }),
        });
      case 'tag':
        return call('AddTagsToStream', {
          StreamName,
          Tags: { [String(TAG_KEYS[step.key])]: `${this.#requests}` },
        });
      case 'untag':
        return call('RemoveTagsFromStream', { StreamName, TagKeys: [TAG_KEYS[step.key]] });
      case 'longer':
        return call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: step.hours });
      case 'shorter':
        return call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: step.hours });
    }
  }

  #put(step: Step & { do: 'put' | 'put-many' }, StreamName: string): SequenceRequest {
    const records: string[] = [];
    const record = (key: number) => {
      this.#recordCount += 1;
      const label = `record ${this.#recordCount}`;
      records.push(label);
      return { Data: Buffer.from(label).toString('base64'), PartitionKey: `key ${key}` };
    };
    const about = { shards: this.#shards.get(StreamName)?.length ?? 0 };
    if (step.do === 'put-many')
      return { action: 'PutRecords', input: { StreamName, Records: step.keys.map(record) }, records, about };
    const hash = step.hash === undefined ? {} : { ExplicitHashKey: HASH_KEYS[step.hash] };
    return { action: 'PutRecord', input: { StreamName, ...record(step.key), ...hash }, records, about };
  }

  #after(nth: number | undefined, stream: string): { ExclusiveStartShardId?: string } {
    const shard = nth === undefined ? undefined : newest(this.#shards.get(stream) ?? [], nth);
    return shard === undefined ? {} : { ExclusiveStartShardId: shard.id };
  }

  #split({ shard: nth, closed }: Step & { do: 'split' }, StreamName: string): SequenceRequest | undefined {
    const shards = (this.#shards.get(StreamName) ?? []).filter(
      (shard) => isOpen(shard) !== (closed === true),
    );
    const shard = newest(shards, nth);
    if (shard === undefined) return undefined;
    const [start, end] = shard.range.map(BigInt) as [bigint, bigint];
    const NewStartingHashKey = String((start + end + 1n) / 2n);
    return call('SplitShard', { StreamName, ShardToSplit: shard.id, NewStartingHashKey }, StreamName);
  }

  #merge({ shard: nth, wrong }: Step & { do: 'merge' }, StreamName: string): SequenceRequest | undefined {
    const shards = this.#shards.get(StreamName) ?? [];
    const inOrder = shards
      .filter(isOpen)
      .sort((one, other) => (BigInt(one.range[0]) < BigInt(other.range[0]) ? -1 : 1));
    const pairs = inOrder.slice(1).map((shard, index) => [inOrder[index] as ShardMeaning, shard] as const);
    const [first, second] = newest(pairs, nth) ?? [];
    if (first === undefined || second === undefined) return undefined;
    const closed = shards.find((shard) => !isOpen(shard)) ?? second;
    const [one, other] = {
      none: [first, second],
      order: [second, first],
      same: [first, first],
      closed: [first, closed],
    }[wrong ?? 'none'] as [ShardMeaning, ShardMeaning];
    return call(
      'MergeShards',
      { StreamName, ShardToMerge: one.id, AdjacentShardToMerge: other.id },
      StreamName,
    );
  }

  #iterate(step: Step & { do: 'iterate' }, StreamName: string): SequenceRequest | undefined {
    const shards = this.#shards.get(StreamName) ?? [];
    const records = this.#records.filter(({ stream }) => stream === StreamName);
    const record = newest(records, step.nth);
    const isOfRecord = step.shard === 'of-record' || (isAtNumber(step) && step.number === 'record');
    const nth = step.shard === 'of-record' ? 0 : step.shard;
    const shard = (isOfRecord && shards.find(({ id }) => id === record?.shard)) || newest(shards, nth);
    if (shard === undefined) return undefined;
    const start = this.#startOf(step, StreamName, shard, records);
    if (start === undefined) return undefined;
    return {
      action: 'GetShardIterator',
      input: { StreamName, ShardId: shard.id, ShardIteratorType: step.type, ...start.input },
      fills: `<iterator ${this.#requests + 1}>`,
      about: { isChild: shard.parents.length > 0, ...start.about },
    };
  }

  #startOf(
    step: Step & { do: 'iterate' },
    stream: string,
    shard: ShardMeaning,
    records: readonly PlannedRecord[],
  ): Pick<SequenceRequest, 'input' | 'about'> | undefined {
    if (step.type === 'AT_TIMESTAMP') {
      if (step.time === 'future') return { input: { Timestamp: FUTURE }, about: {} };
      const mark = step.time === 'past' ? 0 : this.#marks - (step.nth % Math.max(1, this.#marks));
      const isLater = (record: PlannedRecord) => record.shard === shard.id && record.marks >= mark;
      const about = { hasLaterRecord: records.some(isLater) };
      return { input: { Timestamp: mark === 0 ? 1 : `<time ${mark}>` }, about };
    }
    if (!isAtNumber(step)) return { input: {}, about: {} };
    const place = this.#numberOf(step, stream, shard, records);
    return place === undefined ? undefined : { input: { StartingSequenceNumber: place }, about: {} };
  }

  #numberOf(
    { number, nth }: Step & { do: 'iterate' },
    stream: string,
    shard: ShardMeaning,
    records: readonly PlannedRecord[],
  ): string | undefined {
    if (number === 'start' || records.length === 0) return startPlace(stream, shard.id);
    if (number === 'end') return isOpen(shard) ? undefined : endPlace(stream, shard.id);
    const candidates = number === 'record' ? records : records.filter((record) => record.shard !== shard.id);
    const record = newest(candidates, nth);
    return record === undefined ? undefined : recordPlace(record.label);
  }

  #read({ iterator: nth, limit }: Step & { do: 'read' }): SequenceRequest | undefined {
    const iterator = newest(this.#iterators, nth);
    if (iterator === undefined)
      return this.#records.length > 0 ? this.#iterate(FROM_THE_START, this.#name(0)) : undefined;
    return {
      action: 'GetRecords',
      input: { ShardIterator: iterator.place, ...(limit === undefined ? {} : { Limit: limit }) },
      fills: `<iterator ${this.#requests + 1}>`,
      about: { origin: iterator.origin },
    };
  }
}

function call(action: string, input: Readonly<Record<string, unknown>>, settles?: string): SequenceRequest {
  return { action, input, about: {}, ...(settles === undefined ? {} : { settles }) };
}

function isOpen({ ends }: ShardMeaning): boolean {
  return ends === 'none';
}

function isAtNumber({ type }: Step & { do: 'iterate' }): boolean {
  return type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
}

/** The nth from the end, modulo the length; undefined for an empty list. */
function newest<T>(values: readonly T[], nth: number): T | undefined {
  return values.length === 0 ? undefined : values[values.length - 1 - (nth % values.length)];
}
