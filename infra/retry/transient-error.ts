import type { TransientError } from './rate-limit.ts';

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'SlowDown',
]);
const SERVER_FAULTS = new Set(['InternalFailure', 'ServiceUnavailable', 'ServiceUnavailableException']);

/**
 * Whether a service refused a call because of its rate. LimitExceededException has several causes: a rate, and more
 * than five streams in CREATING, both of which pass; and the shard limit, which is permanent
 * (docs/facts/kinesis.md#limits, docs/facts/kinesis.md#errors).
 */
export function isThrottle(type: string, message: string): boolean {
  return (
    THROTTLES.has(type) || (type === 'LimitExceededException' && !/shard limit|shard count/i.test(message))
  );
}

/** Whether a service failed to handle a call at all. */
export function isServerFault(type: string): boolean {
  return SERVER_FAULTS.has(type);
}

/** The transient error of a call by an SDK client; undefined for an answer of the service, including a refusal. */
export function transientErrorOf(error: unknown): TransientError | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 429 || isThrottle(error.name, error.message)) return 'throttled';
  if (status !== undefined) return status >= 500 ? 'server-error' : undefined;
  return isLostConnection(error) ? 'lost-connection' : undefined;
}

const LOST = /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_CONNECT_TIMEOUT|EAI_AGAIN)$/;

/** Whether a connection ended before its answer. A refused connection is not counted: no server listens. */
export function isLostConnection(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: string };
    if ((code !== undefined && LOST.test(code)) || /socket hang up|other side closed/.test(cause.message))
      return true;
    if (cause.name === 'TimeoutError') return true;
  }
  return false;
}
