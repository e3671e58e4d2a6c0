import { quotaKeys } from './calls.ts';
import { sleep } from './clock.ts';
import { type LimitedCall, rateLimiter, type TransientError } from './rate-limit.ts';

/** A call to AWS. */
export interface AwsCall extends LimitedCall {
  /** True for API Gateway's control plane, where a quota counts every operation. */
  readonly isApiGateway?: boolean;
}

/**
 * These wait more than half a minute in total, so that streams in CREATING can become ACTIVE
 * (docs/facts/kinesis.md#streams).
 */
const MAX_ATTEMPTS = 12;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 20_000;

/** Full jitter: a random delay up to a bound that doubles with each attempt. Milliseconds. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Makes a call within AWS's quotas, and retries it after a transient error: at most twelve attempts, with growing
 * delays.
 * @param transientErrorOf returns the transient error, or undefined for an outcome that is final.
 * @param onRetry is called with each outcome but the last.
 * @returns the result of the last attempt. @throws what the last attempt threw.
 */
export async function retry<T>(
  call: AwsCall,
  attempt: (number: number) => Promise<T>,
  transientErrorOf: (outcome: Outcome<T>) => TransientError | undefined,
  onRetry: (outcome: Outcome<T>) => void = () => undefined,
): Promise<T> {
  const keys = quotaKeys(call, call.isApiGateway);
  for (let number = 1; ; number++) {
    const outcome = await rateLimiter.turn(keys, () =>
      attempt(number).then(
        (value): Outcome<T> => ({ value }),
        (error: unknown): Outcome<T> => ({ error }),
      ),
    );
    const transient = number < MAX_ATTEMPTS ? transientErrorOf(outcome) : undefined;
    if (transient === undefined) {
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    }
    rateLimiter.note(transient, call.action);
    onRetry(outcome);
    await sleep(backoff(number));
  }
}
