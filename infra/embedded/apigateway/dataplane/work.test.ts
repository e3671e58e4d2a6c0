import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from './gateway-error.ts';
import { bounded, terminable } from './work.ts';

const inTime = <T>(work: () => T) => bounded('Unable to work', 0, undefined, () => terminable(work));

test('work that a busy machine delays is restarted, and completes', () => {
  const still = new Int32Array(new SharedArrayBuffer(4));
  let times = 0;
  // A waiting thread uses no CPU time, like one that the machine does not schedule.
  const slow = () => {
    times += 1;
    Atomics.wait(still, 0, 0, 900);
    return 'done';
  };
  assert.equal(inTime(slow), 'done');
  assert.equal(times, 2);
});

test('endless work is interrupted', () => {
  const endless = () => {
    for (;;);
  };
  assert.throws(
    () => inTime(endless),
    (error) =>
      error instanceof GatewayError && /take more time than one call may/.test(String(error.details.log)),
  );
});
