import { callBehind } from '../../infra/patience/calls.ts';
import type { Trouble } from '../../infra/patience/pace.ts';
import { repeat } from '../../infra/patience/repeat.ts';
import { isLostConnection, isServerFault, isThrottle } from '../../infra/patience/trouble.ts';
import { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { ProxyRequest } from './requests.ts';

/** What else than Kinesis or the API stands in for an answer: the gateway, or what is on the way to it. */
const ON_THE_WAY = new Set([502, 503, 504]);
/** Verbs whose call may be made again whatever became of the first. */
const REPEATABLE = new Set(['GET', 'HEAD']);

/**
 * Makes a call of the proxy within AWS's quotas, and again where AWS refused it for its rate. A call that only reads is
 * also repeated where Kinesis or the way to it failed; of any other nobody knows what became of it, so it is not.
 * Nothing else is: what a scenario is to judge is the first real answer.
 * @param onTrouble is told of each attempt that is not the last: its exchange, or the error that took its place.
 */
export async function sendPatiently(
  request: ProxyRequest,
  attempt: () => Promise<Exchange>,
  onTrouble: (outcome: { value: Exchange } | { error: unknown }) => void,
): Promise<Exchange> {
  const isRepeatable = REPEATABLE.has(request.method);
  return repeat(
    callBehind(request) ?? { action: `${request.method} ${request.resource}` },
    attempt,
    (outcome) => {
      if ('value' in outcome) return troubleOfAnswer(new Answer(outcome.value), isRepeatable);
      return isRepeatable && isLostConnection(outcome.error) ? 'lost-connection' : undefined;
    },
    onTrouble,
  );
}

/** Undefined for what a scenario may judge. */
export function troubleOfAnswer(answer: Answer, isRepeatable: boolean): Trouble | undefined {
  const type = answer.errorType ?? '';
  if (answer.status === 429 || isThrottle(type, answer.errorText)) return 'throttled';
  if (!isRepeatable) return undefined;
  return isServerFault(type) || ON_THE_WAY.has(answer.status) ? 'server-error' : undefined;
}
