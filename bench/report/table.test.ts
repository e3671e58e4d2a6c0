import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize } from '../measure/statistics.ts';
import { short, tableOf } from './table.ts';

test('three significant digits, whatever the size', () => {
  const shown = [0.01234, 0.3999, 1.5, 9.996, 23.456, 99.99, 512.4, 9876, 12345.6, 0].map(short);
  assert.deepEqual(shown, ['0.0123', '0.400', '1.50', '10.0', '23.5', '100', '512', '9876', '12,346', '0']);
});

test('a row has the median, the quartiles, the count, and the comparison', () => {
  const figure = { summary: summarize([1, 2, 3, 4, 5]), unit: 's' } as const;
  const run = { what: 'a run', figure };
  const compared = { what: 'an older one', figure, ratio: summarize([0.5]) };
  const text = '3.00 (2.00 to 4.00) s';
  assert.deepEqual(tableOf([run, { ...run, compared }]).slice(1), [
    ['a run', text, '5', '', '', ''],
    ['a run', text, '5', 'an older one', text, '0.500'],
  ]);
  assert.deepEqual(tableOf([run]).slice(1), [['a run', text, '5']]);
});
