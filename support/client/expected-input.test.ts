import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { requestOf } from './by-interface.ts';
import { expectedInput, isStoredAs } from './expected-input.ts';

test('data that a gateway prints as JSON may be formatted differently', () => {
  const told = (definition: string, action: string) => {
    const call = loadDefinition(definition)
      .interface()
      .calls.find((one) => one.action === action);
    assert.ok(call);
    const [record] = expectedInput(call, requestOf(call, { stream: 's', data: 'Ключ' }), {}).records;
    assert.ok(record);
    return record;
  };
  const record = told('tutorial', 'PutRecord');
  assert.equal(isStoredAs(record, '"Ключ"'), true);
  assert.equal(isStoredAs(record, '"\\u041a\\u043b\\u044e\\u0447"'), true);
  assert.equal(isStoredAs(record, '"\\u043a\\u043b\\u044e\\u0447"'), false);
  assert.equal(isStoredAs(record, 'Ключ'), false);
  // Text, or bytes, can be stored in only one form.
  const text = told('tutorial', 'PutRecords');
  assert.equal(isStoredAs(text, 'Ключ'), true);
  assert.equal(isStoredAs(text, '"Ключ"'), false);
  const bytes = told('hardened', 'PutRecord');
  assert.equal(isStoredAs(bytes, bytes.data), true);
  assert.equal(isStoredAs({ ...bytes, data: '"a"' }, '"\\u0061"'), false);
});
