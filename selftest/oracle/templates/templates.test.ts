import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, renderEmbedded, type TemplateCase } from './case.ts';
import { compareTemplates } from './templates.ts';

/** Replaces Velocity, so that the comparison can be tested without Java. */
const sound = { render: async (request: TemplateCase) => renderEmbedded(request) };

test('two implementations that agree have no differences', async () => {
  const { cases, differences, explained } = await compareTemplates(
    { cases: 200, seed: 1 },
    sound,
    renderEmbedded,
  );
  assert.deepEqual([cases, differences, explained], [200, [], []]);
});

test('a defect of the embedded AWS is found and shrunk to a minimal case', async () => {
  const defective = (request: TemplateCase): Answer => {
    const answer = renderEmbedded(request);
    return 'text' in answer ? { text: answer.text.replace(/5(?= )/, '4') } : answer;
  };
  const { differences } = await compareTemplates({ cases: 500, seed: 2 }, sound, defective);
  const [first] = differences;
  assert.ok(first);
  assert.ok(first.input.length < 400, first.input);
  assert.match(first.expected, /5 /);
  assert.match(first.actual, /4 /);
});

test('an error in one where the other renders is a difference', async () => {
  const refusing = () => ({ error: 'no' });
  const { differences } = await compareTemplates({ cases: 20, seed: 1 }, sound, refusing);
  assert.equal(differences[0]?.actual, 'refused: no');
});
