/**
 * The ways in which a run, or a scenario, ends without a verdict. Each message is one line: the cause, then the remedy.
 */

/** The options or an input file are invalid: exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The target, or this suite's own machinery, failed: exit code 2, never a defect of the API. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/**
 * What a scenario has to see cannot be seen here, or what it has to do may not be done: it is skipped with this
 * reason, which is never a pass.
 */
export class NotObservable extends Error {
  override readonly name = 'NotObservable';
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  // The SDK's own words for an error page in HTML, say, speak of a hidden field.
  const status = (error as { $response?: { statusCode?: number } } | null)?.$response?.statusCode;
  if (error instanceof SyntaxError && status !== undefined)
    return `it answered HTTP ${status} with what is not the service's protocol`;
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
