import { messageOf, NotObservable, TargetError } from '../../infra/errors.ts';
import { transientErrorOf } from '../../infra/retry/transient-error.ts';

/** An error that a service answered, told from one of the way to it. */
export function isServiceError(error: unknown): error is Error & { $metadata: { httpStatusCode?: number } } {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return error instanceof Error && ($metadata?.httpStatusCode ?? 500) < 500;
}

/** What a service answers to who may not ask: API Gateway, Kinesis and IAM spell it differently. */
const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** What it answers to who is nobody, or no longer: the run's own credentials are at fault, never the API. */
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
 * Asks a service through its SDK client.
 * @throws the service's own error; NotObservable where it is not for this run to ask; TargetError where the service
 * did not answer, failed, throttled the call to the end, or does not take the run's credentials (any more).
 */
export async function ask<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotObservable) throw error;
    if (isServiceError(error) && transientErrorOf(error) === undefined && !UNKNOWN.has(error.name)) {
      if (!DENIED.has(error.name)) throw error;
      throw new NotObservable(`the run may not ${what}: ${messageOf(error)}`, { cause: error });
    }
    throw new TargetError(`the target could not ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** Undefined where the service says that there is no such thing. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isServiceError(error) && MISSING.has(error.name)) return undefined;
    throw error;
  }
}

/** A name that Kinesis does not even accept belongs to no stream either. */
const MISSING = new Set(['ResourceNotFoundException', 'ValidationException', 'InvalidArgumentException']);
