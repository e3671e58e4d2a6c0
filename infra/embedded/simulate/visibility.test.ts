import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideNew } from './visibility.ts';

const read = (...arrivals: number[]) => ({
  status: 200,
  headers: [],
  body: JSON.stringify({
    Records: arrivals.map((ApproximateArrivalTimestamp) => ({ ApproximateArrivalTimestamp, Data: 'eA==' })),
    NextShardIterator: 'next',
    MillisBehindLatest: 5,
  }),
});
const at = { iterator: 'same', youngest: 50, now: 10_000 };

test('records are visible once the newest of them is old enough', () => {
  for (const old of [read(), read(9.95), read(1, 2.5, 9.9)]) assert.equal(hideNew(old, at), old);
});

test('until then the answer is empty, and its iterator is at the same position', () => {
  const { body } = hideNew(read(1, 9.951), at);
  const empty = { Records: [], NextShardIterator: 'same', MillisBehindLatest: 0 };
  assert.deepEqual(JSON.parse(String(body)), empty);
});
