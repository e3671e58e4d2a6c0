import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PUBLISHED, writePage } from './page.ts';

test('docs/bench.md and its plots are what the committed raw data says: npm run bench -- report', () => {
  assert.deepEqual(writePage(PUBLISHED, true), []);
});
