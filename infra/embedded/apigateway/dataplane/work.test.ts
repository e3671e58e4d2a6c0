import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from './gateway-error.ts';
import { bounded, terminable } from './work.ts';

const inTime = <T>(work: () => T) => bounded('Unable to work', 0, undefined, () => terminable(work));

test('work that a busy machine holds up is done again, and comes to its end', () => {
  const still = new Int32Array(new SharedArrayBuffer(4));
  let times = 0;
  // A thread that waits uses no processor, like one that the machine does not run.
  const slow = () => {
    times += 1;
    Atomics.wait(still, 0, 0, 900);
    return 'done';
  };
  assert.equal(inTime(slow), 'done');
  assert.equal(times, 2);
});

test('work without an end is ended', () => {
  const endless = () => {
    for (;;);
  };
  assert.throws(
    () => inTime(endless),
    (error) =>
      error instanceof GatewayError && /take more time than one call may/.test(String(error.details.log)),
  );
});
