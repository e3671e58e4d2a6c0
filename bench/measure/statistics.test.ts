import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairRatios, quantile, summarize } from './statistics.ts';

test('the median of an odd and of an even number of measurements, in any order', () => {
  assert.equal(summarize([9, 1, 5]).median, 5);
  assert.equal(summarize([4, 1, 3, 2]).median, 2.5);
});

test('the quartiles of five measurements are the second and the fourth', () => {
  assert.deepEqual(summarize([50, 10, 40, 20, 30]), { n: 5, median: 30, low: 20, high: 40 });
});

test('numbers are ordered as numbers, not as text', () => {
  assert.equal(quantile([100, 9, 20], 1), 100);
  assert.equal(quantile([100, 9, 20], 0), 9);
});

test('one measurement is its own median and has no spread', () => {
  assert.deepEqual(summarize([7]), { n: 1, median: 7, low: 7, high: 7 });
});

test('a percentile is interpolated between neighbours', () => {
  assert.equal(quantile([0, 10], 0.95), 9.5);
});

test('the measurements given stay in their order', () => {
  const values = [3, 1, 2];
  summarize(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test('no measurements have no median', () => {
  assert.throws(() => summarize([]), RangeError);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('ratios are taken round by round, so that a slow round of both cancels out', () => {
  assert.deepEqual(pairRatios([2, 20], [4, 40]), [0.5, 0.5]);
});

test('rounds that cannot be paired, or a ratio to zero, are errors', () => {
  assert.throws(() => pairRatios([1, 2], [1]), /2 measurements cannot be paired with 1/);
  assert.throws(() => pairRatios([1], [0]), RangeError);
});
