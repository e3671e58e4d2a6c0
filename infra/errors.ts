/**
 * The two ways in which a run ends without a verdict. Each message is one line: the cause, then the remedy.
 */

/** What was asked for makes no sense or cannot be read: exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The target, or this suite's own machinery, failed: exit code 2, never a defect of the API. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
