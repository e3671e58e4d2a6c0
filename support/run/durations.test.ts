import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import {
  DURATIONS_FILE,
  durationsOf,
  durationsOfRun,
  estimate,
  readRecorded,
  recordedDurations,
} from './durations.ts';
import { ROOT } from './suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-durations-'));
after(() => rmSync(folder, { recursive: true }));

function file(content: unknown, name = 'conformance.json'): string {
  const own = path.join(folder, name);
  writeFileSync(own, typeof content === 'string' ? content : JSON.stringify(content));
  return own;
}

test('of several runs the median counts, and scenarios that were not executed are ignored', () => {
  const durations = durationsOf([
    { id: 'b', result: 'passed', durationMs: 9 },
    { id: 'b', result: 'failed', durationMs: 1 },
    { id: 'b', result: 'diverged', durationMs: 5 },
    { id: 'a', result: 'flaky', durationMs: 2 },
    { id: 'c', result: 'skipped', durationMs: 0 },
    { id: 'd', result: 'error', durationMs: 60_000 },
  ]);
  assert.deepEqual(Object.entries(durations), [
    ['a', 2],
    ['b', 5],
  ]);
});

test('a scenario without a duration is expected to take the median of the others', () => {
  const expected = estimate({ a: 10, b: 2, c: 900 });
  assert.equal(expected({ id: 'a' }), 10);
  assert.equal(expected({ id: 'new' }), 10);
  assert.equal(estimate({})({ id: 'new' }), 1);
});

test('an earlier run is read from its folder or its file', () => {
  const results = file({ scenarios: [{ id: 'a', result: 'passed', durationMs: 3 }] });
  assert.deepEqual(durationsOfRun(results), { a: 3 });
  assert.deepEqual(durationsOfRun(folder), { a: 3 });
});

test('durations are recorded for embedded and LocalStack, and none are made up for other targets', () => {
  for (const kind of ['embedded', 'localstack'] as const)
    assert.ok(Object.keys(recordedDurations(ROOT, kind)).length > 100, `${DURATIONS_FILE}: ${kind}`);
  assert.deepEqual(recordedDurations(ROOT, 'url'), {});
  assert.deepEqual(readRecorded(path.join(folder, 'absent.json')), {});
});

for (const [what, content] of [
  ['no JSON', '{'],
  ['no scenarios', {}],
  ['a scenario without a duration', { scenarios: [{ id: 'a', result: 'passed' }] }],
  ['a negative duration', { scenarios: [{ id: 'a', result: 'passed', durationMs: -1 }] }],
] as const)
  test(`refused as an earlier run: ${what}`, () =>
    assert.throws(() => durationsOfRun(file(content)), UsageError));

for (const content of ['[', '3', 'null', '{"embedded": 3}', '{"embedded": {"a": "1"}}'])
  test(`refused as recorded durations: ${content}`, () =>
    assert.throws(() => readRecorded(file(content, 'durations.json')), UsageError));
