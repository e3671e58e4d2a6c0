import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOCK_VARIABLE } from './clock.ts';
import { pace } from './pace.ts';
import { backoff, repeat } from './repeat.ts';

process.env[CLOCK_VARIABLE] = '100';

test('a call is repeated while there is trouble, and each repetition is counted', async () => {
  pace.takeTroubles();
  let attempts = 0;
  const heard: unknown[] = [];
  const value = await repeat(
    { action: 'PutRecord' },
    async () => ++attempts,
    (outcome) => ('value' in outcome && outcome.value < 3 ? 'throttled' : undefined),
    (outcome) => heard.push(outcome),
  );
  assert.equal(value, 3);
  assert.deepEqual(heard, [{ value: 1 }, { value: 2 }]);
  const counted = { throttled: 2, serverErrors: 0, lostConnections: 0, repeated: { PutRecord: 2 } };
  assert.deepEqual(pace.takeTroubles(), counted);
  assert.equal(pace.takeTroubles().throttled, 0);
});

test('what is no trouble is thrown at once', async () => {
  let attempts = 0;
  const calling = repeat(
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

test('trouble without an end is given up, with the last error', async () => {
  let attempts = 0;
  const calling = repeat(
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
