import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectSame } from './producer.ts';

const printed = (data: string) => ({ data, isPrinted: true as const });

test('what a gateway prints as JSON is the same in whatever way it prints it', () => {
  expectSame(['{ "b": 1,\n "a": "\\u00e9" }'], [printed('{"a":"é","b":1}')], 'the records');
});

test('JSON of another value is not the same, and neither is a text that was to be kept as it is', () => {
  assert.throws(() => expectSame(['{"b":2}'], [printed('{"b":1}')], 'the records'), /lost/);
  assert.throws(() => expectSame(['{ "b": 1 }'], [{ data: '{"b":1}' }], 'the records'), /lost/);
});

test('one record stands for one that was put, and no more', () => {
  assert.throws(() => expectSame(['one', 'one'], [{ data: 'one' }], 'the records'), /doubled/);
  assert.throws(() => expectSame(['one'], [{ data: 'one' }, { data: 'one' }], 'the records'), /lost/);
});
