/**
 * A header as sent: REST API names are compared case-sensitively (docs/facts/templates.md#headers), so the case is
 * kept.
 */
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

/** The first value of a header, its name compared without regard to case; undefined when it is absent. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** Thrown in a request's way where its connection is to end without an answer, as tests and simulations ask for it. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';

  constructor() {
    super('the connection was lost');
  }
}

/** Tells of an error that nobody foresaw: a fault of the embedded AWS, which goes on. */
export function logUnexpected(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`the embedded AWS met an error of its own: ${text}\n`);
}
