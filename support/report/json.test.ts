import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { readResults, toJson } from './json.ts';
import { sampleResults } from './testing/sample.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-json-'));
after(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = path.join(folder, 'conformance.json');
  writeFileSync(file, text);
  return readResults(file);
}

test('written results can be read', () => {
  const results = sampleResults();
  assert.deepEqual(read(toJson(results)), results);
});

test('invalid results are never written', () => {
  assert.throws(() => toJson({ ...sampleResults(), verdict: 'fine' as never }), /do not fit/);
});

const good = () => JSON.parse(toJson(sampleResults()));
const edited = (edit: (results: ReturnType<typeof good>) => void) => {
  const results = good();
  edit(results);
  return JSON.stringify(results);
};

const REFUSED: readonly [string, () => string, RegExp][] = [
  ['a file cut short', () => toJson(sampleResults()).slice(0, 300), /cannot be read as results/],
  ['an empty file', () => '', /cannot be read as results/],
  ['another schema version', () => edited((r) => (r.schemaVersion = 2)), /schema version 2/],
  ['no schema version', () => '{}', /schema version/],
  ['null', () => 'null', /schema version/],
  ['an unknown verdict', () => edited((r) => (r.verdict = 'fine')), /not what a run writes/],
  ['a missing part', () => edited((r) => delete r.clauses), /not what a run writes/],
  ['a verdict improved by hand', () => edited((r) => (r.verdict = 'conformant')), /contradicts itself/],
  ['a clause improved by hand', () => edited((r) => (r.clauses[1].result = 'passed')), /contradicts itself/],
  ['a removed scenario', () => edited((r) => r.scenarios.pop()), /contradicts itself/],
];

for (const [what, text, message] of REFUSED)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => read(text()),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });

test('the error for a missing file names it', () => {
  assert.throws(() => readResults(path.join(folder, 'none.json')), /none\.json cannot be read/);
});
