import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasType, untold } from './error-types.ts';

const KINDS = ['denied', 'throttled', 'failed'] as const;

for (const [what, bodies, expected] of [
  ['types of their own', [{ type: 'Denied' }, { type: 'Throttled' }, { type: 'ServiceFailure' }], []],
  ['types at other places', [{ type: 'Denied' }, { type: 'Throttled' }, { error: { code: 'Internal' } }], []],
  [
    'a vague word in the place of the types',
    [{ code: 'Denied' }, { code: 'Throttled' }, { code: 'Failure' }],
    [],
  ],
  ['a status for a failure', [{ type: 'Denied' }, { type: 'Throttled' }, { status: 'error' }], ['failed']],
  ['a status for all', [{ status: 'error' }, { status: 'error' }, { status: 'error' }], [...KINDS]],
  ['one word for all', [{ type: 'BadGateway' }, { type: 'BadGateway' }, { type: 'BadGateway' }], [...KINDS]],
  [
    'one word for what Kinesis refuses',
    [{ type: 'Refused' }, { type: 'Refused' }, { type: 'Failed' }],
    ['denied', 'throttled'],
  ],
  [
    'a status that differs',
    [{ status: 'PERMISSION_DENIED' }, { status: 'RATE' }, { status: 'INTERNAL' }],
    [],
  ],
  [
    'the stream beside',
    [{ type: 'A-B', stream: 'orders' }, { stream: 'orders' }, { stream: 'orders' }],
    ['throttled', 'failed'],
  ],
  ['no document', ['Denied', undefined, null], [...KINDS]],
  [
    'sentences',
    [{ message: 'No, denied.' }, { message: 'Too many.' }, { message: 'It failed.' }],
    [...KINDS],
  ],
] as const)
  test(`errors with ${what} ${expected.length === 0 ? 'are told apart' : 'are not'}`, () => {
    assert.deepEqual(untold(new Map(KINDS.map((kind, at) => [kind, bodies[at]]))), expected);
  });

test('a word that only says that something failed is no type', () => {
  for (const word of ['error', 'FAILED', 'failure', 'Exception']) assert.ok(!hasType({ status: word }), word);
  for (const name of ['code', 'errorType', '__type'])
    assert.ok(hasType({ error: { [name]: 'Failure' } }), name);
  for (const word of ['Forbidden', 'NotFound', 'ServiceFailure']) assert.ok(hasType({ error: word }), word);
});
