import aws4 from 'aws4';
import { type Dispatcher, request } from 'undici';
import { TargetError } from '../../infra/errors.ts';

/** How to reach Kinesis without the proxy. */
export interface KinesisAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request for undici, relative to an origin. */
export interface Prepared {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** A signed call of Kinesis in JSON 1.1. Its signature is valid for five minutes on AWS, and indefinitely here. */
export function kinesisRequest(access: KinesisAccess, action: string, input: object): Prepared {
  const { host, pathname } = new URL(access.endpoint);
  const body = JSON.stringify(input);
  const signed = aws4.sign(
    {
      service: 'kinesis',
      region: access.region,
      method: 'POST',
      host,
      path: pathname,
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `Kinesis_20131202.${action}`,
      },
      body,
    },
    access,
  );
  const headers = Object.fromEntries(Object.entries(signed.headers ?? {}).map(([k, v]) => [k, String(v)]));
  // undici sets these itself.
  for (const name of ['Host', 'Content-Length']) delete headers[name];
  return { method: 'POST', path: pathname, headers, body };
}

/** Calls Kinesis once. @throws TargetError with the answer if Kinesis refuses. */
export async function callKinesis<T = Record<string, unknown>>(
  access: KinesisAccess,
  action: string,
  input: object,
): Promise<T> {
  const { path, ...options } = kinesisRequest(access, action, input);
  const answer = await request(new URL(path, access.endpoint), options);
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new TargetError(`${action} at ${access.endpoint} was answered with ${answer.statusCode}: ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** Milliseconds between two checks of a stream that is not ready yet. */
const POLL_MILLIS = 10;
const MAX_CREATION_MILLIS = 30_000;

/**
 * Creates a stream and waits until it is ACTIVE: with one shard, or on demand, which accepts records at any rate: where
 * its shards have limits, the embedded AWS is told to have none.
 */
export async function createStream(
  access: KinesisAccess,
  StreamName: string,
  capacity: 'one shard' | 'on demand',
): Promise<void> {
  await callKinesis(access, 'CreateStream', {
    StreamName,
    ...(capacity === 'one shard' ? { ShardCount: 1 } : { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  });
  for (const began = performance.now(); performance.now() - began < MAX_CREATION_MILLIS; ) {
    const { StreamDescriptionSummary } = await callKinesis<{
      StreamDescriptionSummary: { StreamStatus: string };
    }>(access, 'DescribeStreamSummary', { StreamName });
    if (StreamDescriptionSummary.StreamStatus === 'ACTIVE')
      return capacity === 'on demand' ? unlimit(access, StreamName) : undefined;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
  throw new TargetError(`the stream ${StreamName} was not ACTIVE in ${MAX_CREATION_MILLIS / 1000} s`);
}

/** What is not the embedded AWS answers an error, and has no limits. */
async function unlimit({ endpoint }: KinesisAccess, name: string): Promise<void> {
  const body = JSON.stringify({ unlimited: [name] });
  const answer = await request(new URL('/_kpc/conditions', endpoint), { method: 'POST', body });
  await answer.body.dump();
}

/**
 * Creates streams with one shard each, several at a time, numbered from `first`, without waiting for them to be
 * ACTIVE.
 */
export async function createStreams(access: KinesisAccess, count: number, first = 1): Promise<void> {
  let next = first;
  const creator = async () => {
    while (next < first + count) {
      const StreamName = `many-${String(next).padStart(6, '0')}`;
      next += 1;
      await callKinesis(access, 'CreateStream', { StreamName, ShardCount: 1 });
    }
  };
  await Promise.all(Array.from({ length: 8 }, creator));
}

/** A record as Kinesis stores it. */
export interface StoredRecord {
  /** Its shard and sequence number. */
  readonly place: string;
  /** Decoded, as UTF-8. */
  readonly data: string;
}

/** Reads a whole stream, shard by shard. */
export async function readStream(access: KinesisAccess, StreamName: string): Promise<StoredRecord[]> {
  const { Shards } = await callKinesis<{ Shards: { ShardId: string }[] }>(access, 'ListShards', {
    StreamName,
  });
  const records: StoredRecord[] = [];
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await callKinesis<{ ShardIterator?: string }>(access, 'GetShardIterator', from);
    while (ShardIterator !== undefined) {
      const page: {
        Records: { SequenceNumber: string; Data: string }[];
        NextShardIterator?: string;
        MillisBehindLatest: number;
      } = await callKinesis(access, 'GetRecords', { ShardIterator });
      for (const { SequenceNumber, Data } of page.Records)
        records.push({ place: `${ShardId} ${SequenceNumber}`, data: Buffer.from(Data, 'base64').toString() });
      ShardIterator = page.MillisBehindLatest > 0 ? page.NextShardIterator : undefined;
    }
  }
  return records;
}
