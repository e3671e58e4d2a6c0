import { type Dispatcher, request } from 'undici';
import { collect } from './body.ts';
import { stalls } from './stalls.ts';

export interface BoundedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most 16 MiB, as UTF-8. */
  readonly body: string;
}

/**
 * Makes one HTTP call whose answer is limited in size and time. It follows no redirects and decompresses nothing.
 * @param options.deadlineMs for the whole call, from the connection to the last byte of the body.
 * @throws undici's errors, and Error at either limit.
 */
export function callBounded(
  url: string,
  options: {
    readonly deadlineMs: number;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
    readonly dispatcher?: Dispatcher;
  },
): Promise<BoundedAnswer> {
  const { deadlineMs, method = 'GET', headers = {}, body, dispatcher } = options;
  const bytes = body === undefined ? 0 : Buffer.byteLength(body);
  return stalls.during({ deadlineMs, bytes }, async (signal) => {
    const answer = await request(url, {
      method: method as 'GET',
      headers,
      body: body ?? null,
      signal,
      // The deadline for the whole call replaces undici's own timeouts.
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(dispatcher && { dispatcher }),
    });
    const whole = await collect(answer.body);
    stalls.receive(whole.byteLength);
    const text = whole.toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, body: text };
  });
}
