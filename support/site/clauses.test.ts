import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { toJson } from '../report/json.ts';
import { sampleResults } from '../report/testing/sample.ts';
import type { Clause } from '../run/catalogue.ts';
import type { PlannedScenario } from '../run/plan.ts';
import { toClauses } from './clauses.ts';
import { toFeature } from './features.ts';
import { readKept } from './kept-results.ts';
import { toTables } from './matrix.ts';

const RESULTS = sampleResults();
const RUN = { folder: 'results/1.0/x', target: 'embedded AWS 1', isProduction: false, results: RESULTS };
const FEATURE = toFeature(
  'features/streams/list.feature',
  'Feature: List\n  @LIST-1\n  Rule: R\n    Scenario: Names come back\n      Given a stream\n',
);

function clauses(id: string) {
  const clause: Clause = {
    id,
    level: 'core',
    grade: 'T',
    statement: 'It holds.',
    source: 'tutorial; docs/facts/kinesis.md#errors',
    observed: ['answer', 'kinesis'],
    gating: true,
  };
  const scenario = {
    id: 'streams/list.feature: Names come back',
    name: 'Names come back',
    feature: 'features/streams/list.feature',
    line: 4,
    clauses: [id],
  } as unknown as PlannedScenario;
  return toClauses({
    clauses: [clause],
    scenarios: [scenario],
    features: [FEATURE],
    runs: [RUN],
    defects: [
      { kind: 'mutant', name: 'breaks-it', why: 'W.', mustFail: [id] },
      { kind: 'mutant', name: 'breaks-another', why: 'W.', mustFail: ['GET-1'] },
    ],
    divergences: [
      { target: 'T', scenario: scenario.id, reason: 'r', link: 'l', expires: '2027-01-01' },
      { target: 'T', clause: 'GET-1', reason: 'r', link: 'l', expires: '2027-01-01' },
    ],
  });
}

test('a clause has its scenarios, results, divergences and the defects that have to fail it', () => {
  const [clause] = clauses('LIST-1');
  assert.equal(clause?.noun, 'List streams');
  assert.equal(clause?.source[1]?.href, 'docs/facts/kinesis.html#errors');
  assert.deepEqual(
    clause?.scenarios.map(({ href, rows }) => [href, rows]),
    [['features/streams/list.html#names-come-back', 1]],
  );
  assert.deepEqual(
    clause?.defects.map(({ name }) => name),
    ['breaks-it'],
  );
  assert.deepEqual(
    clause?.divergences.map(({ subject, href }) => [subject, href]),
    [['Names come back', 'features/streams/list.html#names-come-back']],
  );
  const expected = RESULTS.clauses.find(({ id }) => id === 'LIST-1')?.result;
  assert.deepEqual(
    clause?.results.map(({ target, word }) => [target, word]),
    [['embedded AWS 1', expected]],
  );
});

test('a run that does not cover a clause is not listed as a result', () => {
  assert.deepEqual(clauses('GW-1')[0]?.results, []);
});

test('the bar of a target includes all of its clauses', () => {
  const [table] = toTables({ version: '1.0', runs: [RUN] });
  const counts = table?.targets[0]?.counts ?? [];
  assert.equal(
    counts.reduce((sum, { count }) => sum + count, 0),
    RESULTS.clauses.length,
  );
  assert.equal(Math.round(counts.reduce((sum, { width }) => sum + width, 0)), 100);
});

test('the newest results are shown, with the version from the folder if the target has none', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'kpc-kept-'));
  t.after(() => rmSync(root, { recursive: true }));
  const keep = (folder: string, version: string) => {
    mkdirSync(path.join(root, 'results', folder), { recursive: true });
    const results = { ...RESULTS, target: { ...RESULTS.target, name: 'moto', version } };
    writeFileSync(path.join(root, 'results', folder, 'conformance.json'), toJson(results));
  };
  keep('0.9.0/moto-5', '5');
  keep('0.10.0/moto-5.2.5', 'unknown');
  const { version, runs } = readKept(root);
  assert.equal(version, '0.10.0');
  assert.deepEqual(
    runs.map(({ target, folder }) => [target, folder]),
    [['moto 5.2.5', 'results/0.10.0/moto-5.2.5']],
  );
});

test('without results it says how to create them', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'kpc-kept-'));
  t.after(() => rmSync(root, { recursive: true }));
  assert.throws(
    () => readKept(root),
    (error) => error instanceof UsageError && /npm run matrix/.test(error.message),
  );
});
