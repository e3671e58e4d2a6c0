import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import type { ClauseResult } from '../../support/run/results.ts';
import { entriesOf } from './entries.ts';
import { judgeEntry } from './judge.ts';
import { countSleeps } from './sleeps.ts';

/** Milliseconds of one sleep. A second that shards count in is let pass on the embedded AWS, not waited for. */
const LONG = 20;

const entries = [...entriesOf('corpus.yaml'), ...entriesOf('terraform.yaml')];

describe('the verdict on each definition of the corpus', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'kpc-corpus-'));
  after(() => rmSync(directory, { recursive: true }));

  for (const entry of entries)
    test(`${entry.file} is ${entry.expected.verdict}, for its own faults alone`, async () => {
      const counted = countSleeps();
      const { verdict, because, clauses } = await judgeEntry(entry, directory).finally(counted.stop);
      const idsOf = (result: ClauseResult['result']) =>
        clauses.filter((clause) => clause.result === result).map(({ id }) => id);
      const { expected } = entry;
      const sorted = (ids: readonly string[] = []) => [...ids].sort();
      assert.deepEqual(
        {
          verdict,
          failed: sorted(idsOf('failed')),
          notApplicable: sorted(idsOf('not-applicable')),
          notObservable: sorted(idsOf('not-observable')),
        },
        {
          verdict: expected.verdict,
          failed: sorted(Object.keys(expected.failed ?? {})),
          notApplicable: sorted(Object.keys(expected.notApplicable ?? {})),
          notObservable: sorted(Object.keys(expected.notObservable ?? {})),
        },
        because,
      );
      const long = counted.sleeps.filter((millis) => millis >= LONG);
      assert.deepEqual(long, [], 'a run sleeps no longer than between two looks');
    });
});

test('every form is judged, and some definition of another shape than the tutorial is conformant', () => {
  const forms = new Set(entries.map(({ form }) => form));
  assert.deepEqual([...forms].sort(), ['cloudformation', 'openapi', 'terraform']);
  const good = entries.filter(
    ({ expected: { verdict, notApplicable } }) => verdict === 'conformant' && notApplicable !== undefined,
  );
  assert.ok(good.length >= 2, `${good.length} are conformant at level production`);
});
