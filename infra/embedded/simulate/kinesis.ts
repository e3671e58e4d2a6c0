import { type HttpResponse, headerValue } from '../http.ts';
import { internalFailure, KinesisError, streamNotFound } from '../kinesis/errors.ts';
import { kinesisResponse } from '../kinesis/service.ts';
import type { KinesisRequest, KinesisService } from '../kinesis/types.ts';
import type { Consistency } from './consistency.ts';
import type { Fault, Faults } from './faults.ts';
import { Listing } from './listing.ts';
import type { Meter } from './meter.ts';
import { hideNew } from './visibility.ts';

type Input = Readonly<Record<string, unknown>>;

/** Actions whose quota or load is per shard. */
const OF_A_SHARD = /^(GetRecords|GetShardIterator|PutRecords?)$/;
const READS = /^(List|Describe|Get)/;
/** How many iterators are remembered with their shard, which their text does not reveal. */
const MAX_ITERATORS = 20_000;

/** A Kinesis with quotas, faults and lists that lag behind. */
export function simulatedKinesis(
  call: KinesisService['call'],
  parts: {
    readonly accountId: string;
    readonly meter: Meter;
    readonly faults: Faults;
    readonly consistency: Consistency;
    /** Milliseconds since the epoch. */
    readonly now: () => number;
    /** How old a record must be before it can be read, in real milliseconds. */
    readonly youngest: () => number;
  },
): KinesisService['call'] {
  const { accountId, meter, faults, consistency, now, youngest } = parts;
  const shards = new Map<string, string>();
  const listing = new Listing(consistency);

  return async (request) => {
    const { action = '' } = request;
    const input = parsed(request.body);
    const shard = shardOf(action, input);
    if (!meter.take(action, shard)) return refusal(rateExceeded(action, shard));
    const fault = faults.next(possibleFaults(action, request));
    if (fault === 'throttle') return refusal(rateExceeded(action, shard));
    if (fault === 'server-error') return refusal(internalFailure());
    const name = String(input.StreamName ?? '');
    if (/^PutRecords?$/.test(action) && name !== '' && !consistency.isWritable(name))
      return refusal(streamNotFound(name, accountId));
    const answer = await call(request);
    return answer.status === 200 ? notice(action, input, shard, answer) : answer;
  };

  function shardOf(action: string, { StreamName, StreamARN, ShardId, ShardIterator }: Input): string {
    if (action === 'GetRecords') return shards.get(String(ShardIterator)) ?? 'an unknown shard';
    if (action !== 'GetShardIterator') return '';
    const stream = StreamName ?? String(StreamARN).split('/')[1];
    // Kinesis accepts any prefix before the number (docs/facts/kinesis.md#shards).
    return `${stream}/${Number(/(\d+)$/.exec(String(ShardId))?.[1] ?? Number.NaN)}`;
  }

  function notice(action: string, input: Input, shard: string, answer: HttpResponse): HttpResponse {
    const name = String(input.StreamName ?? '');
    if (action === 'CreateStream') {
      consistency.streamMade(name);
      listing.expect(name);
    }
    if (action === 'DescribeStream') {
      const { StreamDescription } = parsed(answer.body) as { StreamDescription?: { StreamStatus?: string } };
      if (StreamDescription?.StreamStatus === 'ACTIVE') consistency.streamActive(name);
    }
    if (action === 'ListStreams') return listing.answer(input, answer);
    if (action === 'GetShardIterator' || action === 'GetRecords') {
      const { ShardIterator, NextShardIterator } = parsed(answer.body);
      if (shards.size > MAX_ITERATORS) shards.delete(shards.keys().next().value as string);
      shards.set(String(ShardIterator ?? NextShardIterator), shard);
    }
    if (action === 'GetRecords') {
      const iterator = String(input.ShardIterator);
      return hideNew(answer, { iterator, youngest: youngest(), now: now() });
    }
    return answer;
  }

  /** Of AWS's texts only the beginning is known, "Rate exceeded" (docs/facts/kinesis.md#limits). */
  function rateExceeded(action: string, shard: string): KinesisError {
    return OF_A_SHARD.test(action)
      ? new KinesisError(
          'ProvisionedThroughputExceededException',
          `Rate exceeded for shard ${shard} under account ${accountId}.`,
        )
      : new KinesisError('LimitExceededException', `Rate exceeded for ${action} under account ${accountId}.`);
  }
}

/** The possible faults of a call. Writes through API Gateway get none after which a client could not safely retry. */
function possibleFaults(action: string, { headers }: KinesisRequest): readonly Fault[] {
  const isFromGateway = headerValue(headers, 'x-amzn-apigateway-api-id') !== undefined;
  return isFromGateway && !READS.test(action) ? ['throttle'] : ['throttle', 'server-error'];
}

function refusal({ status, body }: KinesisError): HttpResponse {
  return kinesisResponse(status, JSON.stringify(body));
}

function parsed(body: Buffer | string): Input {
  try {
    return (JSON.parse(body.toString()) as Input | null) ?? {};
  } catch {
    return {};
  }
}
