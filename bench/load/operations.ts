import { callKinesis, createStream, type KinesisAccess, kinesisRequest, type Prepared } from './kinesis.ts';

export const OPERATIONS = ['list', 'put', 'put of 500', 'get'] as const;
export type OperationName = (typeof OPERATIONS)[number];
export const PATHS = ['gateway', 'direct'] as const;
/** Through the deployed proxy, or directly to Kinesis. */
export type Path = (typeof PATHS)[number];

/** A repeatable call, and the check of its answer. */
export interface Operation {
  /** Requests that are sent in rotation, so that records go to several shards. */
  readonly requests: readonly Prepared[];
  /** @returns the error in an answer; undefined if it is correct. */
  check(status: number, body: string): string | undefined;
}

export const PUT_STREAM = 'bench-put';
const READ_STREAM = 'bench-read';
const BYSTANDERS = ['bench-1', 'bench-2', 'bench-3', 'bench-4'];
const BATCH = 500;
const RECORDS_TO_READ = 10;
/** About a hundred bytes, a common size of records. */
const DATA =
  'The quick brown fox jumps over the lazy dog, and then over the fence, and is seen no more today.';

/** Creates the streams of the operations. @returns the iterator for `get`. */
export async function prepare(access: KinesisAccess): Promise<{ iterator: string; names: string[] }> {
  await createStream(access, PUT_STREAM, 'on demand');
  await createStream(access, READ_STREAM, 'one shard');
  for (const name of BYSTANDERS) await createStream(access, name, 'one shard');
  for (let index = 0; index < RECORDS_TO_READ; index += 1)
    await callKinesis(access, 'PutRecord', {
      StreamName: READ_STREAM,
      Data: base64(dataOf(index)),
      PartitionKey: `key ${index}`,
    });
  return {
    iterator: await iteratorOf(access),
    names: [PUT_STREAM, READ_STREAM, ...BYSTANDERS].sort(),
  };
}

/** An iterator at the start of the stream to read. It expires after five minutes, so each round gets a new one. */
export async function iteratorOf(access: KinesisAccess): Promise<string> {
  const { Shards } = await callKinesis<{ Shards: { ShardId: string }[] }>(access, 'ListShards', {
    StreamName: READ_STREAM,
  });
  const { ShardIterator } = await callKinesis<{ ShardIterator: string }>(access, 'GetShardIterator', {
    StreamName: READ_STREAM,
    ShardId: Shards[0]?.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return ShardIterator;
}

/** Empties the stream for puts, so that each round starts with the same memory. */
export async function empty(access: KinesisAccess): Promise<void> {
  await callKinesis(access, 'DeleteStream', { StreamName: PUT_STREAM });
  for (;;) {
    const { StreamNames } = await callKinesis<{ StreamNames: string[] }>(access, 'ListStreams', {});
    if (!StreamNames.includes(PUT_STREAM)) break;
    await callKinesis(access, 'DescribeStreamSummary', { StreamName: PUT_STREAM }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await createStream(access, PUT_STREAM, 'on demand');
}

/**
 * @param baseUrl the URL of the deployed proxy's stage, for the path `gateway`.
 * @param size the number of records in a put of many.
 */
export function operation(
  name: OperationName,
  options: {
    path: Path;
    access: KinesisAccess;
    baseUrl?: string | undefined;
    iterator: string;
    names: readonly string[];
    stream?: string;
    size?: number;
  },
): Operation {
  const { path, access, iterator, stream = PUT_STREAM, size = BATCH } = options;
  const base = options.baseUrl === undefined ? '' : new URL(options.baseUrl).pathname;
  const gateway = (method: 'GET' | 'PUT', below: string, body?: object, headers = {}): Prepared => ({
    method,
    path: `${base}${below}`,
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const direct = (action: string, input: object) => kinesisRequest(access, action, input);
  const isDirect = path === 'direct';
  switch (name) {
    case 'list':
      return {
        requests: [isDirect ? direct('ListStreams', {}) : gateway('GET', '/streams')],
        check: answered((body) => {
          const { StreamNames, HasMoreStreams } = body as { StreamNames: string[]; HasMoreStreams: boolean };
          return HasMoreStreams === false && StreamNames.toSorted().join() === options.names.join();
        }),
      };
    case 'put': {
      const seen = new Set<string>();
      const request = (key: string) =>
        isDirect
          ? direct('PutRecord', { StreamName: stream, Data: base64(DATA), PartitionKey: key })
          : gateway('PUT', `/streams/${stream}/record`, { Data: DATA, PartitionKey: key });
      return { requests: keys(16).map(request), check: answered((body) => isPlace(body, seen)) };
    }
    case 'put of 500': {
      const records = keys(size);
      return {
        requests: [
          isDirect
            ? direct('PutRecords', {
                StreamName: stream,
                Records: records.map((PartitionKey) => ({ Data: base64(DATA), PartitionKey })),
              })
            : gateway('PUT', `/streams/${stream}/records`, {
                records: records.map((key) => ({ data: DATA, 'partition-key': key })),
              }),
        ],
        check: answered((body) => {
          const { FailedRecordCount, Records } = body as { FailedRecordCount: number; Records: object[] };
          const seen = new Set<string>();
          return (
            FailedRecordCount === 0 &&
            Records.length === size &&
            Records.every((record) => isPlace(record, seen))
          );
        }),
      };
    }
    case 'get':
      return {
        requests: [
          isDirect
            ? direct('GetRecords', { ShardIterator: iterator })
            : gateway('GET', `/streams/${READ_STREAM}/records`, undefined, { 'Shard-Iterator': iterator }),
        ],
        check: answered((body) => {
          const { Records } = body as { Records: { Data: string }[] };
          return (
            Records.length === RECORDS_TO_READ &&
            Records.every(({ Data }, index) => Data === base64(dataOf(index)))
          );
        }),
      };
  }
}

function answered(isRight: (body: unknown) => boolean): Operation['check'] {
  return (status, text) => {
    if (status !== 200) return `${status} ${text.slice(0, 200)}`;
    try {
      if (isRight(JSON.parse(text))) return undefined;
    } catch {
      // Invalid JSON, or missing fields: also a wrong answer.
    }
    return `a wrong answer: ${text.slice(0, 200)}`;
  };
}

/** Whether it is a position in a stream that no earlier record had. */
function isPlace(value: unknown, seen: Set<string>): boolean {
  const { ShardId, SequenceNumber } = value as { ShardId: string; SequenceNumber: string };
  if (!/^shardId-\d{12}$/.test(ShardId) || !/^\d{1,128}$/.test(SequenceNumber)) return false;
  const place = `${ShardId} ${SequenceNumber}`;
  if (seen.has(place)) return false;
  seen.add(place);
  return true;
}

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `partition key ${index}`);
}

function dataOf(index: number): string {
  return `${index} ${DATA}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
