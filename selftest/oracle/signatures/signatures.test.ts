import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signatures } from './signatures.ts';

test('aws4, the AWS SDK and the embedded AWS agree on signatures', async () => {
  const { cases, differences } = await signatures.run({ cases: 400, seed: 7 });
  assert.equal(cases, 400);
  assert.deepEqual(differences, []);
});
