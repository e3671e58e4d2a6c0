import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recorded } from './recorded.ts';
import { atTemplates } from './templates.ts';

test('the embedded AWS behaves as recorded on AWS', async () => {
  const { cases, differences } = await recorded.run({ cases: 0, seed: 0 });
  assert.ok(cases > 90);
  assert.deepEqual(differences, []);
});

test('a different output, and an output instead of a refusal, are differences', async () => {
  const [wrong, refused] = await atTemplates([
    { source: 'test', template: '$u', output: '$u' },
    { source: 'test', template: 'fine', refused: true },
  ]);
  assert.deepEqual([wrong?.difference?.expected, wrong?.difference?.actual], ['output "$u"', 'output ""']);
  assert.equal(refused?.difference?.actual, 'refused false');
});
