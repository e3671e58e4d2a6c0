import { APIGATEWAY_QUOTAS, EVERY_OPERATION, QUOTAS } from '../embedded/quotas.ts';
import type { LimitedCall } from './rate-limit.ts';

/** The shard of each iterator that this thread has seen; an iterator itself does not reveal it. */
const shards = new Map<string, string>();
const MAX_ITERATORS = 5_000;

/** Remembers the shard of an iterator. */
export function noteIterator(iterator: unknown, shard: string | undefined): void {
  if (typeof iterator !== 'string' || shard === undefined) return;
  if (shards.size >= MAX_ITERATORS) shards.delete(shards.keys().next().value as string);
  shards.set(iterator, shard);
}

/** A shard's name in its quotas; Kinesis reads any prefix before the number (docs/facts/kinesis.md#shards). */
export function shardKey(stream: string | undefined, shardId: string | undefined): string {
  const number = /(\d+)$/.exec(shardId ?? '')?.[1];
  return `${stream ?? ''}/${number === undefined ? (shardId ?? '') : Number(number)}`;
}

export function shardOfIterator(iterator: string | undefined): string {
  return shards.get(iterator ?? '') ?? 'an unknown shard';
}

/** The quotas that count a call, as keys of their buckets; none for a call that AWS counts nowhere. */
export function quotaKeys(
  { action, shard }: LimitedCall,
  isApiGateway = action in APIGATEWAY_QUOTAS,
): string[] {
  const quota = QUOTAS[action];
  const own = quota === undefined ? [] : [quota.scope === 'shard' ? `${action} of ${shard ?? ''}` : action];
  return isApiGateway ? [...own, EVERY_OPERATION] : own;
}

const STREAM_ACTIONS: Readonly<Record<string, string>> = {
  'POST ': 'CreateStream',
  'GET ': 'DescribeStream',
  'DELETE ': 'DeleteStream',
  'PUT record': 'PutRecord',
  'PUT records': 'PutRecords',
  'GET sharditerator': 'GetShardIterator',
  'GET records': 'GetRecords',
};

/**
 * The call to Kinesis that a call of the tutorial's proxy leads to, by verb and path; undefined for any other.
 * Calls to a definition with other paths are not rate limited.
 */
export function callBehind(request: {
  readonly method: string;
  /** Below the stage, percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
}): LimitedCall | undefined {
  const header = (name: string) =>
    Object.entries(request.headers).find(([own]) => own.toLowerCase() === name)?.[1];
  // Replaces the verb (docs/facts/gateway.md#routing).
  const method = header('x-http-method-override')?.toUpperCase() ?? request.method;
  const [, name, rest = ''] = /^\/streams(?:\/([^/?]*)(?:\/([^/?]*))?)?\/?$/.exec(request.path) ?? ['', null];
  if (name === null) return undefined;
  if (name === undefined || name === '') return method === 'GET' ? { action: 'ListStreams' } : undefined;
  const action = STREAM_ACTIONS[`${method} ${rest}`];
  if (action === undefined) return undefined;
  if (action === 'GetRecords') return { action, shard: shardOfIterator(header('shard-iterator')) };
  if (action !== 'GetShardIterator') return { action };
  const shardId = request.query.find(([own]) => own === 'shard-id')?.[1];
  return { action, shard: shardKey(decoded(name), shardId) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
