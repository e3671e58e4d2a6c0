import type { Mutant } from '../../changes/change.ts';
import { gateway } from '../../changes/gateway.ts';
import { api, calls, FAILED, type Picked } from '../../changes/stack.ts';
import { ALL, OPEN, on } from './row.ts';

const failuresAre = (status: string, picked: Picked = '*') =>
  calls(picked, ({ operation, integration }) => {
    operation.responses[status] ??= { description: 'mapped otherwise' };
    const failed = integration.responses[FAILED];
    if (failed === undefined) throw new Error('failures are not mapped');
    failed.statusCode = status;
  });
const failuresForgotten = (picked: Picked) =>
  calls(picked, ({ integration }) => {
    delete integration.responses[FAILED];
  });
const timeoutsAre = (statusCode: string) =>
  api((body) => {
    const key = 'x-amazon-apigateway-gateway-responses';
    const { INTEGRATION_TIMEOUT: own = {}, ...others } = (body[key] ?? {}) as Record<string, object>;
    body[key] = { ...others, INTEGRATION_TIMEOUT: { ...own, statusCode } };
  });
const GAVE_UP = 504;

/** What is told of a Kinesis that fails, or is slow. */
export const failures: readonly Mutant[] = [
  ...on(
    ALL,
    'failures-forgotten',
    'SAFE-2',
    'Only errors of the client are mapped, and a failure of Kinesis looks like a success.',
    failuresForgotten('*'),
  ),
  ...on(
    ALL,
    'failures-are-400',
    'SAFE-2',
    'A producer is told to give up, although it could have tried again.',
    failuresAre('400'),
  ),
  ...on(
    ['intake', 'desk'],
    'failures-are-429',
    'SAFE-2',
    'A failure is taken for throttling.',
    failuresAre('429'),
  ),
  ...on(
    ['intake', 'desk'],
    'failures-of-batches-forgotten',
    'SAFE-2',
    'The mapping was forgotten in one method.',
    failuresForgotten('PutRecords'),
  ),
  ...on(
    OPEN,
    'failures-of-readings-are-404',
    'SAFE-2',
    'A consumer is told that there is nothing to read.',
    failuresAre('404', ['GetRecords', 'GetShardIterator']),
  ),
  ...on(ALL, 'timeouts-are-400', 'SAFE-22', 'A client is blamed for a slow Kinesis.', timeoutsAre('400')),
  ...on(ALL, 'timeouts-are-200', 'SAFE-22', 'What was given up looks like a success.', timeoutsAre('200')),
  ...on(
    ALL,
    'timeouts-repeated',
    'SAFE-22',
    'Something before the gateway repeats what was given up, and it is stored twice.',
    gateway(() => async (call, pass) => {
      const answer = await pass(call);
      return answer.status === GAVE_UP ? pass(call) : answer;
    }),
  ),
];

/** What differs and harms nobody. */
export const FAILURES_OTHERWISE = { failuresAre, timeoutsAre };
