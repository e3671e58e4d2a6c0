import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectSame } from './producer.ts';

const printed = (data: string) => ({ data, isPrinted: true as const });

test('equal JSON matches, however the gateway prints it', () => {
  expectSame(['{ "b": 1,\n "a": "\\u00e9" }'], [printed('{"a":"é","b":1}')], 'the records');
});

test('different JSON does not match, and neither does a changed text that should be kept', () => {
  assert.throws(() => expectSame(['{"b":2}'], [printed('{"b":1}')], 'the records'), /lost/);
  assert.throws(() => expectSame(['{ "b": 1 }'], [{ data: '{"b":1}' }], 'the records'), /lost/);
});

test('one stored record matches one put record only', () => {
  assert.throws(
    () => expectSame(['one', 'one'], [{ data: 'one' }], 'the records'),
    /each once, and 1 are too many, such as "one"$/,
  );
  assert.throws(() => expectSame(['one'], [{ data: 'one' }, { data: 'one' }], 'the records'), /lost/);
});
