import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { compareEvidence } from '../../support/evidence/compare.ts';
import type { ClauseEvidence } from '../../support/evidence/evidence.ts';
import { evidenceOf } from '../../support/evidence/store.ts';
import { parseOptions } from '../../support/run/options.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-runs-'));
after(() => rmSync(folder, { recursive: true }));

const CLAUSES = ['CREATE-1', 'CREATE-4', 'DESC-5', 'PUT-1', 'PUTS-1', 'GET-4', 'GW-1', 'ROLE-5', 'LIST-1'];

async function record(...flags: string[]): Promise<ReadonlyMap<string, ClauseEvidence>> {
  const clauses = CLAUSES.flatMap((id) => ['--clause', id]);
  const options = parseOptions(['--evidence', folder, ...clauses, ...flags], {}, folder);
  const { results, recording } = await executeRun(planRun(options, ROOT));
  assert.ok(recording);
  assert.ok(
    results.scenarios.every(({ result, exchanges }) => result !== 'passed' || exchanges.length === 0),
    'a passed scenario keeps no exchanges in the report',
  );
  return new Map(evidenceOf(results, recording).map((clause) => [clause.clause, clause]));
}

test('two runs on the embedded AWS leave the same evidence, and a different API leaves different evidence', async () => {
  const first = await record();
  assert.deepEqual([...first.keys()].sort(), [...CLAUSES].sort());
  for (const { source, clause, scenarios } of first.values()) {
    assert.equal(source, 'simulation');
    assert.ok(
      scenarios.every(({ exchanges }) => exchanges.length > 0),
      clause,
    );
  }
  const again = compareEvidence(first, await record());
  assert.deepEqual(again.differences, []);
  assert.equal(again.inferences, undefined, 'the embedded AWS confirms nothing');

  const file = path.join(folder, 'four.yaml');
  const text = readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8');
  writeFileSync(file, text.replace(/== ''\) 5 #else/, "== '') 4 #else"));
  const other = compareEvidence(first, await record('--definition', file));
  assert.deepEqual([...new Set(other.differences.map(({ clause }) => clause))], ['CREATE-1']);
});
