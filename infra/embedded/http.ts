/** A header as sent. The case of its name is kept, since it matters to REST APIs (docs/facts/templates.md#headers). */
export type Header = readonly [name: string, value: string];

/** One HTTP request as it reaches a service of the embedded AWS. */
export interface HttpRequest {
  readonly method: string;
  /** The raw request target, still percent-encoded: path and query string. */
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer | string;
}

/** The first value of a header, whose name is case-insensitive; undefined if it is absent. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** Thrown by tests and simulations to close the connection without an answer. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';

  constructor() {
    super('the connection was lost');
  }
}

/** Begins each line that {@link logUnexpected} writes. */
export const UNEXPECTED = 'unexpected error in the embedded AWS';

/** Logs an unexpected error, which is a bug of the embedded AWS; the server keeps running. */
export function logUnexpected(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${UNEXPECTED}: ${text}\n`);
}
