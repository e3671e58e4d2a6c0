import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../infra/definition/interface/types.ts';
import type { Answer } from '../client/answer.ts';
import { MAX_BATCH } from './batch-size.ts';
import { hasType, internalDetails, internalDetailsOfRefused, isDone, tellsWhichFailed } from './refusals.ts';

const answered = (json: unknown) => ({ answer: { json, text: JSON.stringify(json) } as Answer });

for (const [type, body] of [
  ['a member', { type: 'NotFound', message: 'No such stream.' }],
  ['a member of a member', { error: { code: 'NOT_FOUND' } }],
  ['of the first of a list of errors', { errors: [{ code: 'NotFound' }] }],
  ['of the first of a list within an error', { error: { errors: [{ reason: 'notFound' }] } }],
  ['a URI', { type: 'https://problems.example/not-found', title: 'No such stream.' }],
  ['a name in a namespace', { type: 'urn:problem:not-found' }],
] as const)
  test(`an error has a type that is ${type}`, () => assert.ok(hasType(answered(body))));

for (const [what, body] of [
  ['a sentence', { message: 'There is no such stream.' }],
  ['a status', { code: 404 }],
  ['the id of a request', { id: 'ce353c35-9b1c-4436-89c7-254d252ec8bb' }],
  ['no document', 'NotFound'],
] as const)
  test(`an error has no type that is ${what}`, () => assert.ok(!hasType(answered(body))));

test('an account id is revealed, but not by a UUID that ends in as many digits', () => {
  assert.deepEqual(internalDetails(answered({ message: 'under account 123456789012.' }), []), ['account id']);
  assert.deepEqual(internalDetails(answered({ id: '0e353c35-9b1c-4436-89c7-254252000123' }), []), []);
});

for (const [action, json] of [
  ['PutRecord', { ShardId: 'shardId-000000000001', SequenceNumber: '4968', EncryptionType: 'NONE' }],
  ['ListStreams', { StreamNames: ['orders'], HasMoreStreams: false }],
  ['DescribeStream', { StreamDescription: { StreamName: 'orders', StreamStatus: 'ACTIVE' } }],
  ['PutRecords', { FailedRecordCount: 0, Records: [{ SequenceNumber: '4968', ShardId: 'shardId-0' }] }],
  ['GetShardIterator', { ShardIterator: 'AAAA' }],
] as const)
  test(`a success of Kinesis is not an error, whatever words its answer to ${action} has`, () => {
    const call = { action, response: 'pass-through' } as Call;
    assert.ok(isDone({ call, answer: { json, succeeded: true } as Answer }));
    const error = { __type: 'ResourceNotFoundException', message: 'Stream s not found.' };
    assert.ok(!isDone({ call, answer: { json: error, succeeded: true } as unknown as Answer }));
  });

test('a shard is not an account', () => {
  assert.deepEqual(internalDetails(answered({ message: 'There is no shardId-000000000099.' }), []), []);
});

test("a partial answer reveals the account by Kinesis's text of a refused record", () => {
  const answer = answered({
    Records: [
      { SequenceNumber: SEQUENCE, ShardId: 'shardId-000000000000' },
      { ErrorCode: 'X', ErrorMessage: 'Rate exceeded in stream s under account 123456789012.' },
    ],
  });
  assert.deepEqual(internalDetailsOfRefused(answer, []), ['account id']);
  assert.deepEqual(internalDetailsOfRefused(answered({ error: 'no arn:aws:kinesis:x' }), []), ['ARN']);
});

test('a partial answer may tell the shards and the stream of stored records', () => {
  const answer = answered({
    results: [
      { number: SEQUENCE, shard: '000000000000', stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/s' },
      { again: true },
    ],
    shards: ['000000000000', '000000000001'],
  });
  assert.deepEqual(internalDetailsOfRefused(answer, []), []);
});

const batch = (item: (isStored: boolean, index: number) => unknown) =>
  answered({ results: Array.from({ length: MAX_BATCH }, (_, index) => item(index % 3 > 0, index)) });
const SEQUENCE = '4954346307657030832230362332617988715242826225072629';

for (const [how, answer] of [
  ['positions', answered({ again: [0, 3, 6] })],
  ['positions of one', answered({ again: [0] })],
  [
    'objects with positions',
    answered({
      failed: [
        { index: 0, code: 'Slow' },
        { index: 3, code: 'Slow' },
      ],
    }),
  ],
  ['other members', batch((isStored) => (isStored ? { sequence: SEQUENCE } : { code: 'Slow' }))],
  [
    'empty members',
    batch((isStored) => ({ sequence: isStored ? SEQUENCE : '', code: isStored ? '' : 'Slow' })),
  ],
  ['a Boolean', batch((stored, index) => ({ id: index, stored }))],
  ['words', batch((isStored) => (isStored ? 'stored' : 'Slow'))],
  ['a word', batch((isStored) => ({ state: isStored ? 'stored' : 'failed' }))],
] as const)
  test(`the failed records are identified by ${how}`, () => assert.ok(tellsWhichFailed(answer)));

for (const [how, answer] of [
  ['a count', answered({ failed: 3 })],
  ['a list of all, alike', batch(() => ({ stored: true }))],
  ['a list of all, each with a number', batch((_, index) => ({ index, stored: true }))],
  ['a list of the positions of all', batch((_, index) => index)],
  ['a list of what was stored only', answered({ stored: [{ sequence: '1' }, { sequence: '2' }] })],
  ['an empty list', answered({ again: [] })],
] as const)
  test(`the failed records are not identified by ${how}`, () => assert.ok(!tellsWhichFailed(answer)));
