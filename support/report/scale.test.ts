import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../run/results.ts';
import { type BenchRun, costTable, shardTable } from './scale.ts';
import { sampleResults } from './testing/sample.ts';

const cells = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((row) => row.slice(1, -1));

/** A run that takes 10 s in addition to scenarios of the given seconds. */
function run(...seconds: number[]): Results {
  const [first] = sampleResults().scenarios;
  const scenarios = seconds.map((duration, index) => ({
    ...(first as Results['scenarios'][number]),
    id: `scenario ${index}`,
    durationMs: duration * 1000,
  }));
  const durationMs = 10_000 + scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0);
  return sampleResults({ scenarios, durationMs });
}

test("a shard takes the time of a run's start plus its own scenarios", () => {
  const [, , row] = cells(shardTable([run(4, 2, 2, 1, 1, 1, 1, 1)]));
  assert.deepEqual(row?.slice(1), ['10.0 s', '23.0 s', '17.0 s', '14.0 s', '14.0 s']);
});

test('runs cost their median, divided by the number of machines', () => {
  const bench = {
    series: [
      { measure: 'verdict', labels: { selection: 'core', checkout: 'this' }, values: [9, 1.8, 1] },
      { measure: 'verdict', labels: { selection: 'core', checkout: '0.1.0' }, values: [70] },
      { measure: 'verdict', labels: { selection: 'whole', checkout: 'this' }, values: [3, 4.2] },
    ],
  };
  const rows = cells(costTable(bench, run(50)));
  assert.deepEqual(rows[2]?.slice(1), ['1.8 s', '30 min', '15 min', '8 min', '4 min']);
  assert.deepEqual(rows[3]?.slice(1, 3), ['3.6 s', '1 h 00 min']);
  assert.deepEqual(rows[4]?.slice(1, 3), ['60.0 s', '40 min']);
  assert.deepEqual(rows[5]?.slice(1, 3), ['50.0 s', '33 min']);
});

test("the bench's LocalStack results take precedence over a recorded run, and missing ones are noted", () => {
  const bench: BenchRun = {
    series: [
      { measure: 'ready', labels: { target: 'LocalStack' }, values: [15] },
      { measure: 'verdict on LocalStack', labels: { selection: 'whole' }, values: [45] },
    ],
  };
  const rows = cells(costTable(bench, run(50)));
  assert.deepEqual(rows[2]?.slice(1, 3), ['not measured', '']);
  assert.deepEqual(rows[4]?.slice(1, 3), ['45.0 s', '30 min']);
  assert.deepEqual(rows[5]?.slice(1, 3), ['30.0 s', '20 min']);
});
