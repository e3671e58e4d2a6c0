import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSignatures, signatures } from './signatures.ts';
import { verdictOfEmbedded } from './signers.ts';

test('aws4, the AWS SDK and the embedded AWS agree on signatures', async () => {
  assert.deepEqual(await signatures.run({ cases: 400, seed: 7 }), {
    cases: 400,
    differences: [],
    explained: [],
  });
});

test('a verifier that accepts anything, and one that cannot read a path, are caught', async () => {
  const trusting = async () => 'accepted';
  const narrow: typeof verdictOfEmbedded = async (request, ...rest) =>
    request.target.includes('%') ? 'invalid: %' : verdictOfEmbedded(request, ...rest);
  for (const [verdict, actual] of [
    [trusting, 'accepted'],
    [narrow, 'invalid: %'],
  ] as const) {
    const { differences } = await compareSignatures({ cases: 100, seed: 1 }, verdict);
    assert.equal(differences[0]?.actual, actual);
  }
});
