import { Agent } from 'undici';
import { callBounded } from '../../infra/bounds/http.ts';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { validateHeaderValue } from '../../infra/node-http.ts';
import type { Exchange } from './exchange.ts';

/**
 * API Gateway gives up after 29 s (docs/facts/gateway.md#limits); an emulator on a busy machine may take longer over 10
 * MiB, 16 s where it is idle (measured on LocalStack). For a whole answer, milliseconds.
 */
const ANSWER_TIMEOUT = 55_000;

/** A value that the target gave cannot be sent in the call that needs it. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** Calls URLs as they are: header names keep their case, redirects are not followed, connections are kept. */
export class HttpClient {
  readonly #agent = new Agent({ connections: 8 });

  /** @throws TargetError when there is no answer at all; Unsendable when the call cannot even be written. */
  async send(call: Exchange['request']): Promise<Exchange> {
    assertSendable(call);
    const started = performance.now();
    try {
      const { status, body, ...answer } = await callBounded(call.url, {
        dispatcher: this.#agent,
        method: call.method,
        headers: call.headers,
        body: call.body,
        deadlineMs: ANSWER_TIMEOUT,
      });
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      );
      return {
        request: call,
        response: { status, headers, body },
        durationMs: performance.now() - started,
      };
    } catch (error) {
      throw new TargetError(`${call.method} ${call.url} got no answer: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** Checked before undici sees it, which after some such calls answers no further one. */
function assertSendable({ method, url, headers }: Exchange['request']): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value);
    } catch {
      // Such as an iterator that ends in a line break, as LocalEmu gives it.
      throw new Unsendable(
        `no client can send ${method} ${url}: the header ${name} would have to be ${JSON.stringify(value)}`,
      );
    }
  }
}
