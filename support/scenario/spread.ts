import { createHash } from 'node:crypto';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import type { IntendedRecord } from '../client/by-interface.ts';
import type { ExpectedRecord } from '../client/expected-input.ts';
import { expect } from '../expect/expect.ts';
import type { StoredRecord } from '../observe/records.ts';
import type { ProxyWorld } from '../world.ts';
import { putsTextsWith } from './puts.ts';
import { holdsAsMany, newRecords, toldByStream } from './stored.ts';

/** What one method stored in a stream, and what it should have stored. */
export interface PutApart {
  readonly call: Call;
  readonly stream: string;
  readonly held: readonly StoredRecord[];
  readonly expected: readonly ExpectedRecord[];
}

/**
 * Puts groups of records by each method that offers an action, and reads after each what it stored: keys of one method
 * that spread must not hide those of another that do not.
 */
export async function putsApart(
  world: ProxyWorld,
  action: string,
  groups: readonly (readonly IntendedRecord[])[],
): Promise<void> {
  const { offered } = world;
  const seen = new Set<StoredRecord>();
  for (const call of offered.calls(action)) {
    for (const records of groups) await putsTextsWith(world, call, records);
    const told = toldByStream(offered.attempts);
    const own = toldByStream(offered.attempts.filter((attempt) => attempt.call === call));
    for (const [stream, all] of await newRecords(world, told)) {
      const held = all.filter((record) => !seen.has(record));
      for (const record of held) seen.add(record);
      const expected = own.get(stream);
      if (expected !== undefined) world.putApart.push({ call, stream, held, expected });
    }
  }
}

/** Asserts that no shard of five with equal ranges of hash keys would hold more than half of a method's records. */
export function isSpread({ putApart }: ProxyWorld): void {
  for (const { call, stream, held, expected } of putApart) {
    holdsAsMany(stream, held, expected);
    const shards = Map.groupBy(held, ({ partitionKey }) => fifthOf(partitionKey));
    const most = Math.max(...[...shards.values()].map(({ length }) => length));
    if (most > expected.length / 2)
      expect.fail(
        `expected the keys of ${expected.length} records of ${nameOfCall(call)} to spread, and of five shards one would hold ${most} of them`,
      );
  }
}

/** The fifth of the hash key range that holds a partition key's MD5 (docs/facts/kinesis.md#shards). */
function fifthOf(partitionKey: string): number {
  return Math.floor((createHash('md5').update(partitionKey).digest().readUInt32BE(0) / 2 ** 32) * 5);
}
