import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exceeded } from './guard.ts';

const bounds = { a: { measured: 1, max: 1.8 }, b: { measured: 10, max: 18 } };

test('a ratio that has doubled exceeds its bound, and is listed', () => {
  assert.deepEqual(exceeded({ a: 2, b: 10 }, bounds), ['a']);
});

test('a ratio within its bound is not listed', () => {
  assert.deepEqual(exceeded({ a: 1.8, b: 5 }, bounds), []);
});

test('a bound without a ratio, or a ratio without a bound, is an error', () => {
  assert.throws(() => exceeded({ a: 1 }, bounds), /differ in "b"/);
  assert.throws(() => exceeded({ a: 1, b: 1, c: 1 }, bounds), /differ in "c"/);
});
