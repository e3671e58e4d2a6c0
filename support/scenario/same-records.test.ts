import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsSame } from './same-records.ts';

test('a failure says in a sentence what a stream lacks, holds besides, or holds in another order', () => {
  const said = (held: readonly string[], expected: readonly string[], partitionKey?: string) => {
    const asShown = (data: string) => ({ data, ...(partitionKey !== undefined && { partitionKey }) });
    try {
      holdsSame('orders', held.map(asShown), expected.map(asShown));
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  assert.equal(said(['a', 'b'], ['b', 'a']), undefined, 'without keys there is no order');
  assert.equal(said(['a'], ['a', 'b']), 'expected orders to hold what was put, and it lacks "b"');
  assert.equal(
    said(['a'], ['b'], 'k'),
    'expected orders to hold what was put, and it lacks "b" under the key "k" and holds "a" under the key "k"',
  );
  assert.equal(said(['a', 'a'], ['a']), 'expected orders to hold what was put, and it holds "a" besides');
  const many = Array.from({ length: 8 }, (_, index) => `r${index}`);
  assert.match(said([], many) ?? '', /it lacks "r0", "r1", "r2", "r3", "r4" and 3 more$/);
  assert.equal(
    said(['a', 'b'], ['b', 'a'], 'k'),
    `expected orders, under the key "k", to hold [ 'b', 'a' ], and it holds [ 'a', 'b' ]`,
  );
});
