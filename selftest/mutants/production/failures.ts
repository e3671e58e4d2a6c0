import type { Mutant } from '../../changes/change.ts';
import { gateway } from '../../changes/gateway.ts';
import { api, calls, FAILED, GATEWAY_RESPONSES, type Picked } from '../../changes/stack.ts';
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
    const { INTEGRATION_TIMEOUT: own, ...others } = (body[GATEWAY_RESPONSES] ?? {}) as Record<string, object>;
    body[GATEWAY_RESPONSES] = {
      ...others,
      INTEGRATION_TIMEOUT: { ...(own ?? others.DEFAULT_5XX), statusCode },
    };
  });
const GAVE_UP = 504;

/** Answers to clients when Kinesis fails or is slow. */
export const failures: readonly Mutant[] = [
  ...on(
    ALL,
    'failures-forgotten',
    'SAFE-2',
    'Only client errors are mapped, so a failure of Kinesis looks like a success.',
    failuresForgotten('*'),
  ),
  ...on(
    ALL,
    'failures-are-400',
    'SAFE-2',
    'A failure of Kinesis is answered with a client error, so a producer does not retry.',
    failuresAre('400'),
  ),
  ...on(
    ['intake', 'desk'],
    'failures-are-429',
    'SAFE-2',
    'A failure of Kinesis is answered as throttling.',
    failuresAre('429'),
  ),
  ...on(
    ['intake', 'desk'],
    'failures-of-batches-forgotten',
    'SAFE-2',
    'PutRecords does not map failures of Kinesis.',
    failuresForgotten('PutRecords'),
  ),
  ...on(
    OPEN,
    'failures-of-readings-are-404',
    'SAFE-2',
    'A failure of Kinesis while a client reads is answered with 404.',
    failuresAre('404', ['GetRecords', 'GetShardIterator']),
  ),
  ...on(
    ALL,
    'timeouts-are-400',
    'SAFE-22',
    'A timeout is answered with 400, as if the client were wrong.',
    timeoutsAre('400'),
  ),
  ...on(ALL, 'timeouts-are-200', 'SAFE-22', 'A timeout is answered as a success.', timeoutsAre('200')),
  ...on(
    ALL,
    'timeouts-repeated',
    'SAFE-22',
    'A proxy in front repeats calls that timed out, so records are stored twice.',
    gateway(() => async (call, pass) => {
      const answer = await pass(call);
      return answer.status === GAVE_UP ? pass(call) : answer;
    }),
  ),
];

/** The same changes with statuses that AWS allows, for the variants. */
export const FAILURES_OTHERWISE = { failuresAre, timeoutsAre };
