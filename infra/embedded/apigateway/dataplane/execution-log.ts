import type { Header } from '../../http.ts';

/**
 * The log of one call, in the format of TestInvokeMethod (docs/facts/gateway.md#integration-request, LS-T:basic
 * test_invoke_method_api).
 */
export class ExecutionLog {
  readonly #lines: string[];
  readonly #now: () => number;

  constructor(requestId: string, now: () => number) {
    this.#now = now;
    this.#lines = [`Execution log for request ${requestId}`];
    this.line(`Starting execution for request: ${requestId}`);
  }

  line(text: string): void {
    this.#lines.push(`${stamp(this.#now())} : ${text}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** `{a=1, b=2}`; multiple values of a name are joined. */
export function dumped(
  entries: Iterable<readonly [name: string, value: string | readonly string[]]>,
): string {
  return `{${[...entries].map(([name, value]) => `${name}=${[value].flat().join(',')}`).join(', ')}}`;
}

const HEADERS_SHOWN = 998;

/** Long header lists are truncated (docs/facts/gateway.md#integration-request, LS-T:basic). */
export function dumpedHeaders(headers: Iterable<readonly [string, string | readonly string[]]>): string {
  const text = dumped(headers);
  return text.length > HEADERS_SHOWN ? `${text.slice(0, HEADERS_SHOWN)} [TRUNCATED]` : text;
}

/** One entry per name, as in TestInvokeMethod's answer. */
export function headerRecords(headers: readonly Header[]): {
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
} {
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of headers) multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  return { headers: Object.fromEntries(headers), multiValueHeaders };
}

/** `Tue Aug 19 17:04:50 UTC 2025` */
function stamp(time: number): string {
  const [weekday = '', day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${day} ${clock} UTC ${year}`;
}
