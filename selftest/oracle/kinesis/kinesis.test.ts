import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareKinesis } from './kinesis.ts';
import type { KinesisCase } from './requests.ts';

const refusal = (type: string, message: string) => ({
  status: 400,
  body: JSON.stringify({ __type: type, message }),
});
const same = { ask: async () => refusal('ResourceNotFoundException', 'Stream s not found.') };
const differs = (wrong: object) => ({
  ask: async ({ action }: KinesisCase) =>
    action === 'PutRecord' ? { status: 400, body: JSON.stringify(wrong) } : same.ask(),
});

test('two that agree have no differences', async () => {
  const { cases, differences } = await compareKinesis({ cases: 50, seed: 1 }, same, same);
  assert.ok(cases > 500);
  assert.deepEqual(differences, []);
});

test('another type, another text and another spelling of its key are differences, with the request', async () => {
  for (const wrong of [
    { __type: 'ValidationException', message: 'Stream s not found.' },
    { __type: 'ResourceNotFoundException', message: 'Stream s is not there.' },
    { __type: 'ResourceNotFoundException', Message: 'Stream s not found.' },
  ]) {
    const { differences } = await compareKinesis({ cases: 1, seed: 1 }, same, differs(wrong));
    assert.match(differences[0]?.input ?? '', /^PutRecord \{/);
  }
});

test('the order of the constraints in a ValidationException is no difference', async () => {
  const [one, other] = ['a; b', 'b; a'].map((constraints) => ({
    ask: async () => refusal('ValidationException', `2 validation errors detected: ${constraints}`),
  }));
  assert.ok(one && other);
  assert.deepEqual((await compareKinesis({ cases: 1, seed: 1 }, one, other)).differences, []);
});
