import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { readScenarios } from '../run/plan.ts';
import { ROOT } from '../run/suite.ts';
import { placesOf } from './clauses.ts';
import { readFeatures, textOf, toFeature, toParts } from './features.ts';

const FEATURE = `@requires:direct-kinesis
Feature: Put a record
  A client adds one
  record.

  Another paragraph.

  Background:
    Given a stream

  @PUT-1 @with:body
  Rule: The answer names the place
    @slow
    Scenario Outline: The key <key> arrives
      When the client puts "some data" under "<key>" and <b>
      Then the fields are:
        | field | kind |
        | ShardId | a shard id |
      And the body is
        """
        two
        lines
        """

      Examples:
        | key | why |
        | a   | one |
        | b   | two |
`;

test('a feature is rules with clauses, scenarios with steps, examples with rows', () => {
  const feature = toFeature('features/records/put.feature', FEATURE);
  assert.equal(feature.path, 'features/records/put.html');
  assert.equal(feature.folder, 'records');
  assert.deepEqual(feature.marks, ['requires:direct-kinesis']);
  assert.deepEqual(feature.description, ['A client adds one record.', 'Another paragraph.']);
  assert.deepEqual(
    feature.background.map(({ keyword, parts }) => [keyword, textOf(parts)]),
    [['Given', 'a stream']],
  );
  const [rule] = feature.rules;
  assert.deepEqual([rule?.anchor, rule?.clauses, rule?.marks], ['PUT-1', ['PUT-1'], ['with:body']]);
  const [scenario] = rule?.scenarios ?? [];
  assert.deepEqual(scenario?.lines, [14, 27, 28]);
  assert.equal(scenario?.anchor, 'the-key-key-arrives');
  assert.deepEqual(scenario?.steps[1]?.rows, [
    ['field', 'kind'],
    ['ShardId', 'a shard id'],
  ]);
  assert.equal(scenario?.steps[2]?.text, 'two\nlines');
  assert.deepEqual(scenario?.examples[0]?.head, ['key', 'why']);
  assert.deepEqual(scenario?.examples[0]?.rows, [
    ['a', 'one'],
    ['b', 'two'],
  ]);
});

test('only columns of the examples are placeholders, in quotes or not', () => {
  assert.deepEqual(toParts('puts "x" under "<key>" in <key>, not <b>', ['key']), [
    { text: 'puts ', kind: 'words' },
    { text: 'x', kind: 'value' },
    { text: ' under ', kind: 'words' },
    { text: 'key', kind: 'column' },
    { text: ' in ', kind: 'words' },
    { text: 'key', kind: 'column' },
    { text: ', not ', kind: 'words' },
    { text: '<b>', kind: 'words' },
  ]);
  assert.deepEqual(toParts('an odd " quote', []), [{ text: 'an odd " quote', kind: 'words' }]);
});

test('a feature that does not parse is named in the error', () => {
  assert.throws(
    () => toFeature('features/x.feature', 'Nonsense'),
    (error) => error instanceof UsageError && /^features\/x\.feature does not parse/.test(error.message),
  );
});

test('each scenario of the contract has a place on a page', () => {
  const places = placesOf(readFeatures(ROOT));
  const scenarios = readScenarios(ROOT);
  assert.ok(scenarios.length > 300);
  for (const { id, feature, line } of scenarios) assert.ok(places.has(`${feature}:${line}`), id);
});
