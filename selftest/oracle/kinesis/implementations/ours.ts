import { createKinesis } from '../../../../infra/embedded/kinesis/service.ts';
import { ACCOUNT, type Implementation, REGION } from './implementation.ts';

/** Milliseconds between requests: long enough that no case is throttled because of the previous one. */
const CLOCK_STEP_MILLIS = 2_000;

/** The embedded Kinesis. Its clock moves with every call, unless it is given one. */
export function startOurs(now?: () => number): Implementation {
  let clock = Date.now();
  const kinesis = createKinesis({
    account: { id: ACCOUNT, region: REGION, partition: 'aws', now: now ?? (() => clock) },
    createMillis: 0,
    deleteMillis: 0,
  });
  return {
    call: async (action, text) => {
      clock += CLOCK_STEP_MILLIS;
      const { status, body } = await kinesis.call({ action, headers: [], body: Buffer.from(text) });
      return { status, body: String(body) };
    },
    stop: async () => undefined,
  };
}
