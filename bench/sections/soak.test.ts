import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../measure/result.ts';
import { judgeMemory } from './soak.ts';

/** The result of a soak with these megabytes in its samples. */
async function judge(calls: number, megabytes: readonly number[]) {
  const recorder = new Recorder('soak');
  for (const value of megabytes) recorder.add('memory', 'MB', { calls }, value);
  judgeMemory(recorder, calls);
  const { failures, absent } = await recorder.result();
  return { failures, absent };
}

const level = Array.from({ length: 100 }, () => 100);

test('memory that ends more than a tenth above that after the first tenth of the calls fails the soak', async () => {
  const leaks = level.map((value, look) => value + look * 0.2);
  assert.match(
    (await judge(200_000, leaks)).failures.join(),
    /^memory at the end is 1\.1\d+ of .* the maximum is 1\.1$/,
  );
});

test('memory that is constant, grows within that bound, or grows only in the first tenth, passes', async () => {
  const grows = level.map((value, look) => value + look * 0.08);
  const warms = level.map((value, look) => Math.min(value, 20 + look * 12));
  for (const values of [level, grows, warms])
    assert.deepEqual(await judge(200_000, values), { failures: [], absent: [] });
});

test('if growth cannot be determined, the result says so', async () => {
  assert.match((await judge(49_999, level)).absent.join(), /needs at least 50000 calls/);
  assert.match((await judge(200_000, level.slice(0, 60))).absent.join(), /before there were enough samples/);
  assert.match((await judge(200_000, [])).absent.join(), /this system does not report it/);
});
