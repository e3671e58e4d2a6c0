import { quotaKeys } from './calls.ts';
import { sleep } from './clock.ts';
import { type PacedCall, pace, type Trouble } from './pace.ts';

/** A call that AWS is asked to make, and what else is known of it. */
export interface AwsCall extends PacedCall {
  /** True for the control plane of API Gateway, whose every operation counts. */
  readonly isApiGateway?: boolean;
}

/**
 * Half a minute and more in all, so that the streams that are being created can become ACTIVE
 * (docs/facts/kinesis.md#streams).
 */
const MAX_ATTEMPTS = 12;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 20_000;

/** Full jitter: anything up to a bound that doubles with each attempt. Milliseconds. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Makes a call within AWS's quotas, and again while it meets with trouble: at most twelve times, each later than the
 * one before.
 * @param troubleOf what was wrong, where that is no answer to the call and the call may be made again.
 * @param onTrouble is told of each outcome that is not the last.
 * @returns what the last attempt gave. @throws what it threw.
 */
export async function repeat<T>(
  call: AwsCall,
  attempt: (number: number) => Promise<T>,
  troubleOf: (outcome: Outcome<T>) => Trouble | undefined,
  onTrouble: (outcome: Outcome<T>) => void = () => undefined,
): Promise<T> {
  const keys = quotaKeys(call, call.isApiGateway);
  for (let number = 1; ; number++) {
    const outcome = await pace.turn(keys, () =>
      attempt(number).then(
        (value): Outcome<T> => ({ value }),
        (error: unknown): Outcome<T> => ({ error }),
      ),
    );
    const trouble = number < MAX_ATTEMPTS ? troubleOf(outcome) : undefined;
    if (trouble === undefined) {
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    }
    pace.note(trouble, call.action);
    onTrouble(outcome);
    await sleep(backoff(number));
  }
}
