import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PUBLISHED, writePage } from './page.ts';

test('docs/bench.md and its plots are generated from the committed raw data: npm run bench -- report', () => {
  assert.deepEqual(writePage(PUBLISHED, true), []);
});
