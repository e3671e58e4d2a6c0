import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import { ask } from './ask.ts';

const refusal = (name: string, httpStatusCode = 400) =>
  Promise.reject(Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } }));

test('credentials that a service does not know, or no longer, are no fault of the API', async () => {
  for (const name of ['ExpiredTokenException', 'UnrecognizedClientException', 'SignatureDoesNotMatch'])
    await assert.rejects(ask('read shard 1', refusal(name, 403)), (error) => error instanceof TargetError);
});

test('what the run may not ask is not observable, and another refusal is what was asked for', async () => {
  await assert.rejects(
    ask('read shard 1', refusal('AccessDeniedException')),
    (error) => error instanceof NotObservable,
  );
  await assert.rejects(ask('read shard 1', refusal('ResourceNotFoundException')), {
    name: 'ResourceNotFoundException',
  });
  await assert.rejects(ask('read shard 1', refusal('Boom', 500)), (error) => error instanceof TargetError);
});
