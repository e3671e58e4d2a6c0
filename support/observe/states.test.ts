import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Waits } from '../../infra/retry/waits.ts';
import { watchStates } from './states.ts';

const waits = new Waits('embedded', {});

/** Looks that return one state after another, and then the last one for ever. */
function looks(...states: string[]) {
  return async () => (states.length > 1 ? states.shift() : states[0]) as string;
}

test('a state is seen before the expected one', async () => {
  const look = { proxy: looks('CREATING', 'CREATING', 'ACTIVE'), kinesis: looks('CREATING', 'CREATING') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['CREATING', 'ACTIVE'], missed: false });
});

test('a state that ended before the first look is missed', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('ACTIVE') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['ACTIVE'], missed: true });
});

test('a state that Kinesis shows and the proxy does not is not missed', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('CREATING') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['ACTIVE'], missed: false });
});

test('a proxy that lags behind Kinesis gets one more look', async () => {
  const look = { proxy: looks('DELETING', 'DELETING', 'ACTIVE'), kinesis: looks('DELETING', 'not found') };
  assert.deepEqual((await watchStates('not found', look, waits)).seen, ['DELETING', 'ACTIVE']);
});

test('the watch ends early if the stream does not start to change', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('ACTIVE') };
  const started = performance.now();
  assert.deepEqual(await watchStates('not found', look, waits), { seen: ['ACTIVE'], missed: false });
  assert.ok(performance.now() - started < 5_000);
});
