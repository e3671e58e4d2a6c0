import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exceeded } from './guard.ts';

const bounds = { a: { measured: 1, max: 1.8 }, b: { measured: 10, max: 18 } };

test('a ratio twice as large as it was exceeds its bound, and is named', () => {
  assert.deepEqual(exceeded({ a: 2, b: 10 }, bounds), ['a']);
});

test('a ratio within its bound is none', () => {
  assert.deepEqual(exceeded({ a: 1.8, b: 5 }, bounds), []);
});

test('a bound that nothing is held against, or a ratio without one, is an error', () => {
  assert.throws(() => exceeded({ a: 1 }, bounds), /differ in "b"/);
  assert.throws(() => exceeded({ a: 1, b: 1, c: 1 }, bounds), /differ in "c"/);
});
