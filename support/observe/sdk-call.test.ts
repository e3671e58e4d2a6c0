import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import { sdkCall } from './sdk-call.ts';

const refusal = (name: string, httpStatusCode = 400) =>
  Promise.reject(Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } }));

test('unknown or expired credentials are not a fault of the API', async () => {
  for (const name of ['ExpiredTokenException', 'UnrecognizedClientException', 'SignatureDoesNotMatch'])
    await assert.rejects(
      sdkCall('read shard 1', refusal(name, 403)),
      (error) => error instanceof TargetError,
    );
});

test('a denied call is not observable; any other error of the service is passed on', async () => {
  await assert.rejects(
    sdkCall('read shard 1', refusal('AccessDeniedException')),
    (error) => error instanceof NotObservable,
  );
  await assert.rejects(sdkCall('read shard 1', refusal('ResourceNotFoundException')), {
    name: 'ResourceNotFoundException',
  });
  await assert.rejects(
    sdkCall('read shard 1', refusal('Boom', 500)),
    (error) => error instanceof TargetError,
  );
});
