import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryCleanup } from './cleanup.ts';

/** A fixed seed, so that a commit always gives the same result; npm run cleanup-test tries other moments. */
const SEED = 20261125;

test('a run that is killed is swept, and one that is interrupted cleans up, among look-alikes', async () => {
  const kills = Number(process.env.KPC_KILLS ?? 2);
  const trials = await tryCleanup({ kills, interrupts: 1, seed: SEED });
  assert.equal(trials.length, kills + 1);
  for (const { ending, problems } of trials) assert.deepEqual(problems, [], JSON.stringify(ending));
});
