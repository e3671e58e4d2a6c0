import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldType, schemaError } from './models.ts';

const MANY = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: {
    records: { type: 'array', items: { type: 'object', properties: { data: { type: 'string' } } } },
  },
};

describe('models', () => {
  it('accept what they describe', () => {
    assert.equal(schemaError(MANY, { records: [{ data: 'x' }] }), undefined);
    assert.match(schemaError(MANY, { records: [{ data: 1 }] }) ?? '', /must be string/);
  });

  it('of another draft are not accepted by API Gateway', () => {
    assert.match(
      schemaError({ ...MANY, $schema: 'https://json-schema.org/draft/2020-12/schema' }, {}) ?? '',
      /2020-12/,
    );
  });

  it('give the type of a field, also inside a list', () => {
    assert.equal(fieldType(MANY, 'records[].data'), 'string');
    assert.equal(fieldType(MANY, 'records'), 'array');
    assert.equal(fieldType(MANY, 'records[].partition-key'), undefined);
    assert.equal(fieldType({ properties: { records: { type: 'object' } } }, 'records[].data'), undefined);
  });
});
