import { callBehind } from '../../infra/retry/calls.ts';
import type { TransientError } from '../../infra/retry/rate-limit.ts';
import { retry } from '../../infra/retry/retry.ts';
import { isLostConnection, isServerFault, isThrottle } from '../../infra/retry/transient-error.ts';
import { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { ProxyRequest } from './requests.ts';

/** Statuses that the gateway, or a proxy in front of it, answers instead of Kinesis. */
const ON_THE_WAY = new Set([502, 503, 504]);
/** Verbs whose calls may be repeated even if the first attempt took effect. */
const REPEATABLE = new Set(['GET', 'HEAD']);

/**
 * Calls the proxy within AWS's quotas, and retries a throttled call. A call that only reads is also retried after a
 * server error or a lost connection; a call that writes is not, since it may have taken effect. Nothing else is
 * retried: a scenario judges the first real answer.
 * @param onRetry is called with each attempt but the last: its exchange or its error.
 */
export async function sendWithRetry(
  request: ProxyRequest,
  attempt: () => Promise<Exchange>,
  onRetry: (outcome: { value: Exchange } | { error: unknown }) => void,
): Promise<Exchange> {
  const isRepeatable = REPEATABLE.has(request.method);
  return retry(
    callBehind(request) ?? { action: `${request.method} ${request.resource}` },
    attempt,
    (outcome) => {
      if ('value' in outcome) return transientErrorOfAnswer(new Answer(outcome.value), isRepeatable);
      return isRepeatable && isLostConnection(outcome.error) ? 'lost-connection' : undefined;
    },
    onRetry,
  );
}

/** The transient error that an answer reports; undefined for an answer that a scenario judges. */
export function transientErrorOfAnswer(answer: Answer, isRepeatable: boolean): TransientError | undefined {
  const type = answer.errorType ?? '';
  if (answer.status === 429 || isThrottle(type, answer.errorText)) return 'throttled';
  if (!isRepeatable) return undefined;
  return isServerFault(type) || ON_THE_WAY.has(answer.status) ? 'server-error' : undefined;
}
