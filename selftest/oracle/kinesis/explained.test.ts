import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExplanations } from './explained.ts';

test('every explanation names its oracle, a reason, a fact and a witness, and its kind is unique', () => {
  const { requests, sequences } = readExplanations();
  const all = [...requests, ...sequences];
  assert.ok(requests.length > 0 && sequences.length > 0);
  for (const { oracle, kind, reason, fact, witness } of all) {
    assert.ok(oracle === 'kinesalite' || oracle === 'kinesis-local', kind);
    assert.ok(reason.length > 10 && fact.length > 3, kind);
    assert.ok(witness !== undefined, kind);
  }
  assert.equal(new Set(all.map(({ kind }) => kind)).size, all.length);
});
