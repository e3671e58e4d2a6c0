import { test } from 'node:test';
import { expect } from 'chai';
import { causesOf } from './cause.ts';

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

const refusal = (body: string, reason?: string) =>
  causesOf({ clauses: ['SAFE-5'], ...failure(body, reason) }, undefined);

test('the answer determines the cause of a call that should have succeeded', () => {
  expect(refusal('{"type":"AccessDeniedException"}')).to.match(/execution role/);
  expect(refusal('{"__type":"SerializationException"}')).to.match(/it is not JSON/);
  expect(refusal('{"message": "Internal server error"}')).to.match(/method response/);
});

test('other answers and other failures have no cause', () => {
  expect(refusal('{"oops": true}')).to.deep.equal([]);
  expect(refusal('{"type":"AccessDeniedException"}', 'expected 400 to equal 403')).to.deep.equal([]);
});

test("the definition's weaknesses are causes of failures of their clauses, on their method", () => {
  const weakness = (where: string, clause: string) => ({
    what: 'w',
    where,
    why: 'it is weak',
    clauses: [clause],
  });
  const weak = [
    weakness('PUT /x/{id}: Key', 'SAFE-7'),
    weakness('PUT /x/{id}: Data', 'SAFE-6'),
    weakness('POST /x/{id}', 'SAFE-7'),
    weakness('PUT /z/{id}', 'SAFE-7'),
    weakness('PUT /{proxy+}', 'SAFE-7'),
  ];
  const api = { source: 'derived', calls: [], absent: [], weak };
  const [exchange] = failure('{}').exchanges.map((one) => ({
    ...one,
    request: { ...one.request, url: 'http://h/stage/x/7?a=/z/1' },
  }));
  const scenario = { clauses: ['SAFE-7'], reason: 'expected 1', exchanges: [exchange as never] };
  expect(causesOf(scenario, api)).to.deep.equal([
    'PUT /x/{id}: Key: it is weak.',
    'PUT /{proxy+}: it is weak.',
  ]);
});
