import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, type ValidationCase, validateEmbedded } from './case.ts';
import { compareValidations } from './validation.ts';

/** Replaces the Java validator, so that the comparison can be tested without Java. */
const sound = async (request: ValidationCase) => validateEmbedded(request);

test('two implementations that agree have no differences', async () => {
  const report = await compareValidations({ cases: 300, seed: 1 }, sound, validateEmbedded);
  assert.deepEqual(report, { cases: 300, differences: [], explained: [] });
});

test('a defect of the embedded AWS is found and shrunk to a minimal case', async () => {
  const defective = (request: ValidationCase): Answer => {
    const answer = validateEmbedded(request);
    return 'text' in answer ? { ...answer, text: answer.text.replace('required minimum (', '(') } : answer;
  };
  const { differences } = await compareValidations({ cases: 1500, seed: 1 }, sound, defective);
  const [first] = differences;
  assert.ok(first);
  assert.ok(first.input.length < 120, first.input);
  assert.match(first.expected, /required minimum \(/);
});

test('a body that only one accepts is a difference', async () => {
  const lenient = (): Answer => ({ valid: true, text: '[]' });
  const { differences } = await compareValidations({ cases: 200, seed: 1 }, sound, lenient);
  assert.match(differences[0]?.expected ?? '', /^invalid /);
});
