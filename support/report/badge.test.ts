import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../run/results.ts';
import { toBadge } from './badge.ts';

const badge = (verdict: Results['verdict'], failed: number, complete = true) =>
  JSON.parse(
    toBadge({
      verdict,
      selection: { complete },
      summary: { clauses: { failed, notApplicable: 8 } },
      clauses: Array(22).fill({}),
    } as unknown as Results),
  );

test('a badge has the verdict, the number of failures, and whether the whole contract was judged', () => {
  assert.deepEqual(badge('conformant', 0), {
    schemaVersion: 1,
    label: 'Kinesis proxy',
    message: 'conformant',
    color: 'brightgreen',
  });
  assert.equal(badge('conformant', 0, false).message, 'conformant (part of the contract)');
  assert.equal(badge('not-conformant', 7).message, 'not-conformant: 7 of 14 clauses failed');
  assert.equal(badge('not-conformant', 7).color, 'red');
  // A stale divergence fails a run in which no clause fails.
  assert.equal(badge('not-conformant', 0).message, 'not-conformant');
  assert.equal(badge('partial', 0).color, 'yellow');
  assert.equal(badge('error', 0).isError, true);
});
