import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLValidator } from 'fast-xml-parser';
import { summarize } from '../measure/statistics.ts';
import { barChart, lineChart } from './charts.ts';
import { logScale, ticks } from './svg.ts';

const FRAME = { title: 'A < B & "C"', x: 'streams', y: 'ms' };

test('ticks enclose the measurements', () => {
  assert.deepEqual(ticks([0.3, 4]), [0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(ticks([3, 40_000]), [1, 10, 100, 1_000, 10_000, 100_000]);
  assert.deepEqual(ticks([10, 1_000]), [10, 20, 50, 100, 200, 500, 1_000]);
});

test('each tenfold is the same distance', () => {
  const scale = logScale([1, 100], 0, 200);
  assert.deepEqual([1, 10, 100].map(scale), [0, 100, 200]);
});

test('a plot is well-formed, in light and dark, with labelled axes', () => {
  const svg = lineChart(FRAME, [
    {
      name: 'put',
      points: [
        { x: 1, y: summarize([1, 2, 3]) },
        { x: 10, y: summarize([4]) },
      ],
    },
  ]);
  assert.equal(XMLValidator.validate(svg), true);
  for (const part of ['prefers-color-scheme: dark', '>streams</text>', '>ms</text>', '>put</text>', '&#60;'])
    assert.ok(svg.includes(part), part);
});

test('a bar ends at its median', () => {
  const groups = [{ name: 'list', bars: [{ series: 'this', value: summarize([100, 200, 900]) }] }];
  const svg = barChart(FRAME, ['this'], groups);
  assert.equal(XMLValidator.validate(svg), true);
  assert.ok(svg.includes('>200</text>'));
});
