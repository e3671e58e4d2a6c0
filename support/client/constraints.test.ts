import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyRefused } from './constraints.ts';

const model = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', pattern: '^[a-z]+$' }, kind: { enum: ['a', 'b'] } },
};

test('a model that accepts only other values reports its constraint', () => {
  assert.equal(
    whyRefused(model, '{"name": "some key"}'),
    'the value at /name: it must match pattern "^[a-z]+$"',
  );
  assert.match(String(whyRefused(model, '{"name": "a", "kind": "c"}')), /allowed values/);
});

test('formats and alternatives restrict values too', () => {
  const site = {
    properties: {
      at: { type: 'string', format: 'date-time' },
      kind: { oneOf: [{ enum: ['a'] }, { enum: ['b'] }] },
    },
  };
  assert.match(String(whyRefused(site, '{"at": "some value"}')), /at \/at: it must match format/);
  assert.match(
    String(whyRefused(site, '{"kind": "some value"}')),
    /at \/kind: it must match exactly one schema/,
  );
  assert.equal(whyRefused(site, '{"at": "2026-01-31T12:00:00Z", "kind": "b"}'), undefined);
});

test('bodies that a model accepts, or refuses for other reasons than values, are left to the API', () => {
  for (const body of ['{"name": "a"}', '{"name": 5}', '{}', '{"name": 5, "kind": "c"}', '[]'])
    assert.equal(whyRefused(model, body), undefined, body);
  assert.equal(whyRefused({ type: 'nothing of the kind' }, '{}'), undefined);
});

test('a pattern that backtracks for ever ends', () => {
  const slow = { type: 'object', properties: { name: { type: 'string', pattern: '^(.+)+!$' } } };
  assert.equal(whyRefused(slow, JSON.stringify({ name: 'x'.repeat(65_536) })), undefined);
  assert.equal(whyRefused(slow, '{"name": "x!"}'), undefined);
});

test('each of two patterns applies to its own member', () => {
  const two = {
    properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } },
  };
  assert.equal(whyRefused(two, '{"a": "a", "b": "b"}'), undefined);
  assert.match(String(whyRefused(two, '{"a": "a", "b": "a"}')), /at \/b: .*"\^b\$"/);
});
