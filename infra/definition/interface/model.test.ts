import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../types.ts';
import { joined, resolvedModel } from './model.ts';

test('the parts of a model are one schema, also behind references', () => {
  const Base = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
  const root = { definitions: { Base } };
  const part = { required: ['n'], properties: { n: { type: 'integer' }, id: { minLength: 1 } } };
  assert.deepEqual(resolvedModel({ allOf: [{ $ref: '#/definitions/Base' }, part] }, root), {
    type: 'object',
    required: ['id', 'n'],
    properties: { id: { type: 'string', minLength: 1 }, n: { type: 'integer' } },
  });
});

test('parts that no single schema says stay parts', () => {
  const closed: JsonObject = {
    allOf: [{ properties: { a: {} }, additionalProperties: false }, { properties: { b: {} } }],
  };
  assert.equal(joined(closed), closed);
  const patterns = { allOf: [{ pattern: '^a' }, { pattern: 'b$' }] };
  assert.equal(joined(patterns), patterns);
});
