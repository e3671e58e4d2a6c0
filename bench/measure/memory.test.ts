import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumOfTree, treeMemory } from './memory.ts';

test('the memory of a tree is that of a process and its descendants only', () => {
  const table = '  40 30 7\n  30 10 5\n  10 1 2\n  50 1 100\n';
  assert.equal(sumOfTree(table, 10), 14 * 1024);
  assert.equal(sumOfTree(table, 40), 7 * 1024);
  assert.equal(sumOfTree(table, 99), undefined);
});

test('this process takes between 10 MB and 2 GB', { skip: process.platform === 'win32' }, async () => {
  const bytes = (await treeMemory(process.pid)) as number;
  assert.ok(bytes > 10e6 && bytes < 2e9, `${bytes} bytes`);
});

test('an ended process has no memory', { skip: process.platform === 'win32' }, async () => {
  assert.equal(await treeMemory(2 ** 22 + 1), undefined);
});
