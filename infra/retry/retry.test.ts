import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOCK_VARIABLE } from './clock.ts';
import { rateLimiter } from './rate-limit.ts';
import { backoff, retry } from './retry.ts';

process.env[CLOCK_VARIABLE] = '100';

test('a call is retried after each transient error, and each retry is counted', async () => {
  rateLimiter.takeCounts();
  let attempts = 0;
  const heard: unknown[] = [];
  const value = await retry(
    { action: 'PutRecord' },
    async () => ++attempts,
    (outcome) => ('value' in outcome && outcome.value < 3 ? 'throttled' : undefined),
    (outcome) => heard.push(outcome),
  );
  assert.equal(value, 3);
  assert.deepEqual(heard, [{ value: 1 }, { value: 2 }]);
  const counted = { throttled: 2, serverErrors: 0, lostConnections: 0, repeated: { PutRecord: 2 } };
  assert.deepEqual(rateLimiter.takeCounts(), counted);
  assert.equal(rateLimiter.takeCounts().throttled, 0);
});

test('an error that is not transient is thrown at once', async () => {
  let attempts = 0;
  const calling = retry(
    { action: 'PutRecord' },
    async () => {
      attempts++;
      throw new Error('refused');
    },
    () => undefined,
  );
  await assert.rejects(calling, /refused/);
  assert.equal(attempts, 1);
});

test('after the last attempt, its error is thrown', async () => {
  let attempts = 0;
  const calling = retry(
    { action: 'PutRecord' },
    async () => {
      throw new Error(`attempt ${++attempts}`);
    },
    () => 'lost-connection',
  );
  await assert.rejects(calling, /attempt 12/);
});

test('backoff is full jitter below a bound that doubles up to a limit', () => {
  assert.deepEqual(
    [1, 2, 3, 6, 7, 12].map((attempt) => backoff(attempt, () => 1)),
    [500, 1000, 2000, 16_000, 20_000, 20_000],
  );
  assert.equal(
    backoff(5, () => 0),
    0,
  );
});
