import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf } from '../../infra/definition/interface/testing.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { requestOf } from '../client/by-interface.ts';
import { resumingType, startOf } from './consumer.ts';

const give = (start: string, parameters: readonly string[] = ['query:after', 'query:from']): Call =>
  callOf({
    action: 'GetShardIterator',
    verb: 'get',
    path: '/iterator',
    parameters,
    template: `{"StreamName": "s", "ShardId": "shardId-000000000000", ${start}}`,
  });
const typed = (type: string, input = 'after') =>
  `"ShardIteratorType": "${type}", "StartingSequenceNumber": "$input.params('${input}')"`;
const either = (type: string, otherwise: string, input = 'after') =>
  `#if($input.params('${input}') != '')${typed(type, input)}#{else}"ShardIteratorType": "${otherwise}"#end`;
const OLDEST = 'TRIM_HORIZON';

test('the start of iterators, and the type to read on with', () => {
  for (const [start, begins, resumes] of [
    [either('AFTER_SEQUENCE_NUMBER', OLDEST), OLDEST, 'AFTER_SEQUENCE_NUMBER'],
    [either('AFTER_SEQUENCE_NUMBER', OLDEST, 'from'), OLDEST, 'AFTER_SEQUENCE_NUMBER'],
    [either('AFTER_SEQUENCE_NUMBER', 'LATEST'), 'LATEST', 'AFTER_SEQUENCE_NUMBER'],
    // The name promises more than the template does.
    [either('AT_SEQUENCE_NUMBER', OLDEST), OLDEST, 'AT_SEQUENCE_NUMBER'],
    [either('AT_SEQUENCE_NUMBER', OLDEST, 'from'), OLDEST, undefined],
    // Kinesis refuses the number of a client, which fails.
    [typed('LATEST'), 'LATEST', 'AFTER_SEQUENCE_NUMBER'],
    [typed(OLDEST), OLDEST, 'AFTER_SEQUENCE_NUMBER'],
    ['"ShardIteratorType": "LATEST"', 'LATEST', undefined],
  ] as const) {
    const call = give(start);
    assert.deepEqual([startOf(call), resumingType(call)], [begins, resumes], start);
  }
});

test('iterators with an unknown start', () => {
  for (const [start, reason] of [
    [typed('AFTER_SEQUENCE_NUMBER'), /iterators that are AFTER_SEQUENCE_NUMBER only/],
    [
      `#if($input.params('after') != '' || $input.params('from') != '')${typed('AFTER_SEQUENCE_NUMBER')}#{else}"ShardIteratorType": "TRIM_HORIZON"#end`,
      /is not known: it is different without query:after, query:from/,
    ],
  ] as const)
    assert.throws(() => startOf(give(start)), { name: NotObservable.name, message: reason });
});

test('the input is left out for the first record, and given to read on', () => {
  const call = give(either('AFTER_SEQUENCE_NUMBER', OLDEST));
  assert.deepEqual(requestOf(call, { iteratorType: OLDEST }).query, []);
  const resumed = { iteratorType: 'AFTER_SEQUENCE_NUMBER', startingSequenceNumber: '42' };
  assert.deepEqual(requestOf(call, resumed).query, [['after', '42']]);
});

test('an input that only decides on a fixed value is given where that value is wanted', () => {
  const call = give(`"ShardIteratorType": "#if($input.params('from') != '')TRIM_HORIZON#{else}LATEST#end"`);
  assert.equal(startOf(call), OLDEST);
  assert.deepEqual(requestOf(call, { iteratorType: OLDEST }).query, [['from', 'some data']]);
  assert.deepEqual(requestOf(call, { iteratorType: 'LATEST' }).query, []);
});
