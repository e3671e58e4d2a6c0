import { randomFillSync } from 'node:crypto';
import type { CallIds } from './context.ts';

/** A source of random bytes, which tests and simulations can replace. */
export type Random = (bytes: number) => Buffer;

const POOL_BYTES = 4096;

/** Takes the bytes from a pool: a system call for a few bytes costs more than the rest of a request. */
export function pooledRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (bytes) => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return Buffer.from(pool.subarray(used - bytes, used));
  };
}

export function callIds(random: Random): CallIds {
  const hex = random(16).toString('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ];
  return { requestId: groups.join('-'), extendedRequestId: random(11).toString('base64') };
}

/**
 * `Root=1-…;Parent=…;Sampled=…`: keeps the parts that the client sent, above all its Root
 * (docs/facts/gateway.md#response-headers, LS-T:common).
 */
export function traceId(incoming: string | undefined, time: number, random: Random): string {
  const given = new Map<string, string>();
  for (const part of (incoming ?? '').split(';')) {
    const [name = '', value] = part.trim().split('=', 2);
    if (value) given.set(name.toLowerCase(), value);
  }
  const seconds = Math.floor(time / 1000)
    .toString(16)
    .padStart(8, '0');
  const root = given.get('root') ?? `1-${seconds}-${random(12).toString('hex')}`;
  const parent = given.get('parent');
  const sampled = given.get('sampled') ?? (parent === undefined ? '0' : '1');
  return `Root=${root};Parent=${parent ?? random(8).toString('hex')};Sampled=${sampled}`;
}
