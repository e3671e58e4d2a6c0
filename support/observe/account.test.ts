import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './account.ts';

test('only what was added, removed or changed in an account is reported', () => {
  const before = new Map([
    ['role kept', '1'],
    ['stream gone', '2'],
    ['REST API changed', '3'],
  ]);
  const after = new Map([
    ['REST API changed', '4'],
    ['role kept', '1'],
    ['stream new', '5'],
  ]);
  assert.deepEqual(differences(before, before), []);
  assert.deepEqual(differences(before, after), [
    'stream gone is gone: 2',
    'REST API changed was 3 and is 4',
    'stream new was left behind: 5',
  ]);
});
