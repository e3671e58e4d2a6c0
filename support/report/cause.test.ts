import { test } from 'node:test';
import { expect } from 'chai';
import { causeOf } from './cause.ts';

const failure = (body: string, reason = `expected success, and PUT http://x/y answered 400 ${body}`) => ({
  reason,
  exchanges: [
    {
      request: { method: 'PUT', url: 'http://x/y', headers: {} },
      response: { status: 400, headers: {}, body },
      durationMs: 1,
    },
  ],
});

test('a call that should have succeeded has its cause told by what its answer says', () => {
  expect(causeOf(failure('{"type":"AccessDeniedException"}'))).to.match(/execution role/);
  expect(causeOf(failure('{"__type":"SerializationException"}'))).to.match(/not the JSON/);
  expect(causeOf(failure('{"message": "Internal server error"}'))).to.match(/method response/);
});

test('nothing is told of other answers and other failures', () => {
  expect(causeOf(failure('{"oops": true}'))).to.equal(undefined);
  expect(causeOf(failure('{"type":"AccessDeniedException"}', 'expected 400 to equal 403'))).to.equal(
    undefined,
  );
});
