import { Agent } from 'undici';
import { callBounded } from '../../infra/bounds/http.ts';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { validateHeaderValue } from '../../infra/node-http.ts';
import type { Exchange } from './exchange.ts';

/**
 * API Gateway gives up after 29 s (docs/facts/gateway.md#limits); an emulator on a busy machine may take longer for 10
 * MiB, which takes 16 s on an idle one (measured on LocalStack). The limit for a whole answer, in milliseconds.
 */
const ANSWER_TIMEOUT = 55_000;

/** A value from the target cannot be sent in the call that needs it. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** Calls URLs unchanged: header names keep their case, redirects are not followed, connections are kept. */
export class HttpClient {
  readonly #agent = new Agent({ connections: 8 });

  /** @throws TargetError if there is no answer; Unsendable if the call cannot be sent. */
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

/** Checked before undici, which hangs on later calls after some such errors. */
function assertSendable({ method, url, headers }: Exchange['request']): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value);
    } catch {
      // Such as LocalEmu's iterators, which end in a line break.
      throw new Unsendable(
        `no client can send ${method} ${url}: the header ${name} would have to be ${JSON.stringify(value)}`,
      );
    }
  }
}
