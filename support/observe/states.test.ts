import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Waits } from '../../infra/retry/waits.ts';
import { watchStates } from './states.ts';

const waits = new Waits('embedded', {});

/** Looks that give one state after the other, the last for ever. */
function looks(...states: string[]) {
  return async () => (states.length > 1 ? states.shift() : states[0]) as string;
}

test('a state is seen, then the one waited for', async () => {
  const look = { proxy: looks('CREATING', 'CREATING', 'ACTIVE'), kinesis: looks('CREATING', 'CREATING') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['CREATING', 'ACTIVE'], missed: false });
});

test('a state that was over before the first look is missed', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('ACTIVE') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['ACTIVE'], missed: true });
});

test('a state that only the proxy does not show is not missed', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('CREATING') };
  assert.deepEqual(await watchStates('ACTIVE', look, waits), { seen: ['ACTIVE'], missed: false });
});

test('a proxy that lags behind Kinesis gets one look more', async () => {
  const look = { proxy: looks('DELETING', 'DELETING', 'ACTIVE'), kinesis: looks('DELETING', 'not found') };
  assert.deepEqual((await watchStates('not found', look, waits)).seen, ['DELETING', 'ACTIVE']);
});

test('a stream that does not even set out ends the watch early', async () => {
  const look = { proxy: looks('ACTIVE'), kinesis: looks('ACTIVE') };
  const started = performance.now();
  assert.deepEqual(await watchStates('not found', look, waits), { seen: ['ACTIVE'], missed: false });
  assert.ok(performance.now() - started < 5_000);
});
