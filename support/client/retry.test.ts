import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Answer } from './answer.ts';
import { transientErrorOfAnswer } from './retry.ts';

const answer = (status: number, body: object | string) =>
  new Answer({
    request: { method: 'GET', url: 'http://x/', headers: {} },
    response: { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
    durationMs: 1,
  });

describe('calls of the proxy are retried after', () => {
  const throttled = { __type: 'LimitExceededException', message: 'Rate exceeded for account 1.' };
  const tooManyShards = {
    __type: 'LimitExceededException',
    message: 'This request would exceed the shard limit for the account 1. Current shard count: 3.',
  };

  it('throttling, whatever the verb', () => {
    for (const repeatable of [true, false]) {
      assert.equal(transientErrorOfAnswer(answer(200, throttled), repeatable), 'throttled');
      assert.equal(transientErrorOfAnswer(answer(400, throttled), repeatable), 'throttled');
      assert.equal(
        transientErrorOfAnswer(answer(429, { message: 'Too Many Requests' }), repeatable),
        'throttled',
      );
    }
  });

  it('failures of the service, if the call only reads', () => {
    for (const failed of [answer(200, { __type: 'InternalFailure' }), answer(503, 'x'), answer(504, {})]) {
      assert.equal(transientErrorOfAnswer(failed, true), 'server-error');
      assert.equal(transientErrorOfAnswer(failed, false), undefined);
    }
  });

  it('nothing that a scenario judges', () => {
    for (const judged of [
      answer(200, { StreamNames: [] }),
      answer(200, tooManyShards),
      answer(200, { __type: 'ResourceNotFoundException', message: 'Rate exceeded' }),
      answer(200, {
        FailedRecordCount: 1,
        Records: [{ ErrorCode: 'ProvisionedThroughputExceededException' }],
      }),
      answer(500, { message: 'Internal server error' }),
      answer(403, { message: 'Forbidden' }),
    ])
      assert.equal(transientErrorOfAnswer(judged, true), undefined);
  });
});
