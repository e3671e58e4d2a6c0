import { messageOf, NotObservable, TargetError } from '../../infra/errors.ts';
import { transientErrorOf } from '../../infra/retry/transient-error.ts';

/** Whether the service answered with an error, unlike an error of the connection. */
export function isServiceError(error: unknown): error is Error & { $metadata: { httpStatusCode?: number } } {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return error instanceof Error && ($metadata?.httpStatusCode ?? 500) < 500;
}

/** The errors of a caller without permission, which API Gateway, Kinesis and IAM name differently. */
const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** The errors of unknown or expired credentials. The run's own credentials are at fault, never the API. */
const UNKNOWN = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/**
 * Calls a service through its SDK client.
 * @throws the service's own error; NotObservable if the run lacks the permission; TargetError if the service does not
 * answer, fails, throttles every retry, or refuses the run's credentials.
 */
export async function sdkCall<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotObservable) throw error;
    if (isServiceError(error) && transientErrorOf(error) === undefined && !UNKNOWN.has(error.name)) {
      if (!DENIED.has(error.name)) throw error;
      throw new NotObservable(`the run is not allowed to ${what}: ${messageOf(error)}`, { cause: error });
    }
    throw new TargetError(`the target could not ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** Undefined if the service says that the resource does not exist. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isServiceError(error) && MISSING.has(error.name)) return undefined;
    throw error;
  }
}

/** A stream with a name that Kinesis refuses cannot exist. */
const MISSING = new Set(['ResourceNotFoundException', 'ValidationException', 'InvalidArgumentException']);
