import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonValue, parseJson } from '../json.ts';
import { Schema, SchemaError } from './schema.ts';

/** Complements `npm run oracle -- validation`, which compares messages and their order with the Java validator. */

function told(
  schema: JsonValue,
  body: string,
  find: (uri: string) => JsonValue | undefined = () => undefined,
) {
  return String(new Schema(schema, find).validate(parseJson(body)));
}

test('parts are validated only if nothing has failed so far', () => {
  const inner = { properties: { c: { type: 'string' } } };
  const schema = { properties: { a: { type: 'string' }, b: inner } };
  const wrong = 'instance type (integer) does not match any allowed primitive type (allowed: ["string"])';
  assert.equal(told(schema, '{"a":"x","b":{"c":1}}'), `[${wrong}]`);
  assert.equal(told(schema, '{"a":1,"b":{"c":true}}'), `[${wrong}]`);
  assert.equal(
    told({ ...schema, required: ['d'] }, '{"a":1}'),
    '[object has missing required properties (["d"])]',
  );
});

test('a reference points to another document, a part of it, or a part of its own document', () => {
  const documents: Record<string, JsonValue> = {
    'https://x/models/Key': { definitions: { short: { maxLength: 1 } }, type: 'string' },
  };
  const find = (uri: string) => documents[uri];
  const at = ($ref: string) => ({ definitions: { own: { type: 'null' } }, properties: { k: { $ref } } });
  const texts = {
    'https://x/models/Key': /^\[instance type \(integer\)/,
    'https://x/models/Key#/definitions/short': /^\[\]$/,
    '#/definitions/own': /^\[instance type \(integer\)/,
  };
  for (const [reference, text] of Object.entries(texts))
    assert.match(told(at(reference), '{"k":1}', find), text);
});

const BROKEN: Readonly<Record<string, JsonValue>> = {
  'a type that is none': { type: 'nonsense' },
  'a pattern that is none': { pattern: '[' },
  'no object': true,
  'a reference to nothing': { $ref: '#/definitions/none' },
  'a reference to no document': { $ref: 'https://x/models/None' },
  'references in a circle': { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/a' } } },
  'a schema within itself': { allOf: [{ $ref: '#' }] },
};

for (const [name, schema] of Object.entries(BROKEN)) {
  test(`${name} is refused`, () => assert.throws(() => told(schema, '"x"'), SchemaError));
}

test('a $schema of another draft is read as draft 4', () => {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', required: ['a'] };
  assert.equal(told(schema, '{}'), '[object has missing required properties (["a"])]');
});

test('an inherited property is not a member', () => {
  assert.equal(
    told({ required: ['toString'], additionalProperties: { type: 'null' } }, '{}').length > 2,
    true,
  );
  assert.equal(told({ properties: {}, additionalProperties: false }, '{"constructor":1}').length > 2, true);
});

test('a limit may be written in any JSON number format', () => {
  for (const bound of ['1E-3', '0.0000001', '1e300', '9223372036854775808', '-0.0'])
    assert.equal(told(parseJson(`{"properties": {"a": {"maximum": ${bound}}}}`), '{}'), '[]', bound);
});
