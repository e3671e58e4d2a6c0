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

test('records are in order within the key that is stored, not within what is known of it', () => {
  const under = (partitionKey: string, keys: Record<string, string>) =>
    Object.entries(keys).map(([data, storedUnder]) => ({ data, partitionKey, storedUnder }));
  const expected = ['a', 'b', 'c'].map((data) => ({ data, partitionKey: 'game-<index>' }));
  holdsSame('scores', under('game-<index>', { c: 'game-2', b: 'game-1', a: 'game-0' }), expected);
  assert.throws(
    () => holdsSame('scores', under('game-<index>', { c: 'game-1', b: 'game-1', a: 'game-0' }), expected),
    /expected scores, under the key "game-1", to hold \[ 'b', 'c' \], and it holds \[ 'c', 'b' \]/,
  );
});

test('a record that occurs twice may be stored under two keys', () => {
  const twice = ['x', 'y', 'x'].map((data) => ({ data, partitionKey: 'k-<index>' }));
  const held = [
    { data: 'y', partitionKey: 'k-<index>', storedUnder: 'k-1' },
    { data: 'x', partitionKey: 'k-<index>', storedUnder: 'k-1' },
    { data: 'x', partitionKey: 'k-<index>', storedUnder: 'k-0' },
  ];
  holdsSame('scores', held, twice);
});
