import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OperationName, operation } from './operations.ts';

const access = {
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  accessKeyId: 'a',
  secretAccessKey: 's',
};
const baseUrl = 'http://127.0.0.1:1/stage';

function of(name: OperationName, size = 2) {
  const names = ['a', 'b'];
  return operation(name, { path: 'gateway', access, baseUrl, iterator: 'AAA', names, size });
}

function place(number: number) {
  return { ShardId: 'shardId-000000000000', SequenceNumber: String(number) };
}

test('a list is correct if it has exactly the existing streams', () => {
  const { check } = of('list');
  assert.equal(check(200, '{"StreamNames":["b","a"],"HasMoreStreams":false}'), undefined);
  assert.match(check(200, '{"StreamNames":["a"],"HasMoreStreams":false}') ?? '', /^a wrong answer/);
  assert.match(check(200, '{"StreamNames":["a","b"],"HasMoreStreams":true}') ?? '', /^a wrong answer/);
});

test('a put is correct if its position is unique', () => {
  const { check } = of('put');
  assert.equal(check(200, JSON.stringify(place(1))), undefined);
  assert.equal(check(200, JSON.stringify(place(2))), undefined);
  assert.match(check(200, JSON.stringify(place(1))) ?? '', /^a wrong answer/);
});

test('an error of Kinesis with status 200 is a wrong answer, and so is invalid JSON', () => {
  const { check } = of('put');
  assert.match(check(200, '{"__type":"ProvisionedThroughputExceededException"}') ?? '', /wrong/);
  assert.match(check(200, '<html>') ?? '', /wrong/);
  assert.equal(
    check(504, '{"message": "Endpoint request timed out"}'),
    '504 {"message": "Endpoint request timed out"}',
  );
});

test('a put of many is correct if none failed and each record has a unique position', () => {
  const { check } = of('put of 500');
  const answer = (FailedRecordCount: number, ...Records: object[]) =>
    JSON.stringify({ FailedRecordCount, Records });
  assert.equal(check(200, answer(0, place(1), place(2))), undefined);
  assert.match(check(200, answer(1, place(1), place(2))) ?? '', /wrong/);
  assert.match(check(200, answer(0, place(1))) ?? '', /wrong/);
  assert.match(check(200, answer(0, place(1), place(1))) ?? '', /wrong/);
});

test('a get is correct if it has the records that were put, in order', () => {
  const { check } = of('get');
  assert.match(check(200, '{"Records":[]}') ?? '', /wrong/);
});
