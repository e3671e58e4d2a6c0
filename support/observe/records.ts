import {
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type KinesisClient,
  type _Record as KinesisRecord,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { NotObservable } from '../../infra/errors.ts';
import { sdkCall } from './sdk-call.ts';

/** A record as Kinesis stores it. */
export interface StoredRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** Whether the sequence numbers increase. They are too large for a JavaScript number. */
export function isIncreasing(sequenceNumbers: readonly string[]): boolean {
  return sequenceNumbers.every(
    (number, i) => i === 0 || BigInt(sequenceNumbers[i - 1] ?? '') < BigInt(number),
  );
}

/** An iterator is valid for five minutes (docs/facts/kinesis.md#records); older ones are not used. Milliseconds. */
const ITERATOR_LIFE = 4 * 60_000;

/** Pages of one shard that are read in one go; the suite's own streams have a few. */
export const MAX_PAGES_PER_SHARD = 500;

/** Puts one record; @returns its place. */
export async function store(
  kinesis: KinesisClient,
  stream: string,
  record: { data: string; partitionKey: string },
): Promise<{ shardId: string; sequenceNumber: string }> {
  const { ShardId = '', SequenceNumber = '' } = await sdkCall(
    `put a record into the stream ${stream}`,
    kinesis.send(
      new PutRecordCommand({
        StreamName: stream,
        Data: new TextEncoder().encode(record.data),
        PartitionKey: record.partitionKey,
      }),
    ),
  );
  return { shardId: ShardId, sequenceNumber: SequenceNumber };
}

/** An iterator at a shard's oldest record, at the record with a sequence number, or at those since a time. */
export async function iteratorAt(
  kinesis: KinesisClient,
  stream: string,
  shardId: string,
  at: { sequenceNumber?: string; after?: string; since?: Date } = {},
): Promise<string> {
  const start = at.sequenceNumber ?? at.after;
  const { ShardIterator } = await sdkCall(
    `give an iterator of ${shardId} of the stream ${stream}`,
    kinesis.send(
      new GetShardIteratorCommand({
        StreamName: stream,
        ShardId: shardId,
        ...(start === undefined
          ? at.since
            ? { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: at.since }
            : { ShardIteratorType: 'TRIM_HORIZON' }
          : {
              ShardIteratorType: at.after === undefined ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER',
              StartingSequenceNumber: start,
            }),
      }),
    ),
  );
  if (ShardIterator === undefined) throw new Error(`Kinesis gave no iterator of ${shardId} of ${stream}`);
  return ShardIterator;
}

/** Reads with an iterator to the end of the shard. */
export async function readOn(
  kinesis: KinesisClient,
  iterator: string,
  shardId: string,
): Promise<{ records: StoredRecord[]; next: string | undefined }> {
  const records: StoredRecord[] = [];
  let next: string | undefined = iterator;
  for (let pages = 1; next !== undefined; pages++) {
    if (pages > MAX_PAGES_PER_SHARD)
      throw new NotObservable(`${shardId} has more pages than the suite reads`);
    const page: GetRecordsCommandOutput = await sdkCall(
      `read ${shardId}`,
      kinesis.send(new GetRecordsCommand({ ShardIterator: next })),
    );
    records.push(...(page.Records ?? []).map((record) => toStored(record, shardId)));
    next = page.NextShardIterator ?? undefined;
    if (!page.MillisBehindLatest) break;
  }
  return { records, next };
}

function toStored(record: KinesisRecord, shardId: string): StoredRecord {
  return {
    shardId,
    sequenceNumber: record.SequenceNumber ?? '',
    partitionKey: record.PartitionKey ?? '',
    data: Buffer.from(record.Data ?? []),
    arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? Number.NaN,
  };
}

/** How far a shard was read; `last` is the newest sequence number seen. */
interface Position {
  readonly shardId: string;
  iterator?: string | undefined;
  madeAt: number;
  last?: string | undefined;
}

/** Reads a stream incrementally: each time only the new records, so that shared streams are not read again. */
export class StreamTail {
  readonly #kinesis: KinesisClient;
  readonly #stream: string;
  readonly #positions: Position[];
  readonly #since: Date | undefined;

  /** From the stream's oldest record on, or from a time. */
  constructor(kinesis: KinesisClient, stream: string, shardIds: readonly string[], since?: Date) {
    this.#kinesis = kinesis;
    this.#stream = stream;
    this.#since = since;
    this.#positions = shardIds.map((shardId) => ({ shardId, madeAt: 0 }));
  }

  /** The records since the last reading, shard by shard, in order within a shard. */
  async read(): Promise<StoredRecord[]> {
    const pages = await Promise.all(this.#positions.map((position) => this.#readShard(position)));
    return pages.flat();
  }

  async #readShard(position: Position): Promise<StoredRecord[]> {
    try {
      return await this.#readOn(position);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ExpiredIteratorException')) throw error;
      // Where the target's clock can be advanced, iterators may be older than they seem.
      position.iterator = undefined;
      return this.#readOn(position);
    }
  }

  async #readOn(position: Position): Promise<StoredRecord[]> {
    if (position.iterator === undefined || Date.now() - position.madeAt > ITERATOR_LIFE)
      position.iterator = await iteratorAt(
        this.#kinesis,
        this.#stream,
        position.shardId,
        position.last !== undefined
          ? { after: position.last }
          : this.#since === undefined
            ? {}
            : { since: this.#since },
      );
    const { records, next } = await readOn(this.#kinesis, position.iterator, position.shardId);
    position.last = records.at(-1)?.sequenceNumber ?? position.last;
    position.iterator = next;
    position.madeAt = Date.now();
    return records;
  }
}
