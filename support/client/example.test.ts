import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KNOWN_FORMATS } from '../../infra/definition/interface/texts.ts';
import type { JsonObject } from '../../infra/definition/types.ts';
import { accepts } from './constraints.ts';
import { exampleOf } from './example.ts';

const MODELS: readonly (readonly [what: string, model: JsonObject])[] = [
  ...KNOWN_FORMATS.map((format) => [`the format ${format}`, { type: 'string', format }] as const),
  ['alternatives', { type: 'object', required: ['a'], oneOf: [{ properties: { a: { enum: [5] } } }] }],
  [
    'an alternative that another part excludes',
    { anyOf: [{ type: 'integer' }, { type: 'string', minLength: 3 }], not: { type: 'integer' } },
  ],
  ['parts', { allOf: [{ required: ['a'] }, { required: ['b'], properties: { b: { type: 'boolean' } } }] }],
  ['a number below one', { type: 'number', maximum: 0.5 }],
  ['a number above a bound', { type: 'integer', minimum: 7, exclusiveMinimum: true }],
  ['a multiple', { type: 'integer', minimum: 7, multipleOf: 5 }],
  ['members of any name', { type: 'object', minProperties: 2 }],
  ['a type or null', { type: ['null', 'integer'] }],
];

for (const [what, model] of MODELS)
  test(`an example has ${what}`, () => {
    const example = exampleOf(model);
    assert.ok(accepts(model, example), JSON.stringify(example));
  });

test('each example is its own', () => {
  const model = { type: 'object', required: ['a'] };
  (exampleOf(model) as JsonObject).a = 'changed';
  assert.deepEqual(exampleOf(model), { a: 'some value' });
});
