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
 * A scenario cannot observe what it must observe, or may not do what it must do. It is skipped with this reason, which
 * is never a pass.
 */
export class NotObservable extends Error {
  override readonly name = 'NotObservable';
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  // The SDK's message for an HTML error page, for example, only mentions a hidden field.
  const status = (error as { $response?: { statusCode?: number } } | null)?.$response?.statusCode;
  if (error instanceof SyntaxError && status !== undefined)
    return `it answered HTTP ${status} with a body that is not in the service's protocol`;
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
