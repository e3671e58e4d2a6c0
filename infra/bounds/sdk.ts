import { Readable } from 'node:stream';
import { NodeHttpHandler as Handler, type NodeHttpHandler } from '@smithy/node-http-handler';
import { TargetError } from '../errors.ts';
import { collect, MAX_BODY_BYTES } from './body.ts';
import { stalls } from './stalls.ts';

/** The time limit for one attempt of an SDK call, including the body, in milliseconds. */
const ATTEMPT_TIMEOUT = 60_000;
/** The maximum number of pages of one list, with a hundred streams each: more than any account has. */
const MAX_PAGES = 500;
/** The maximum size of all pages of one list together, in bytes. */
const MAX_LIST_BYTES = 4 * MAX_BODY_BYTES;
/** The header in which the handler passes the size of an answer to the middleware. */
const SIZE = 'x-kpc-body-bytes';
const PAGE_MEMBERS = ['position', 'Marker', 'NextToken', 'ExclusiveStartStreamName', 'ExclusiveStartShardId'];

/** An HTTP/1.1 handler for SDK clients that limits the size of the answer and the time of each attempt. */
export class BoundedHandler {
  readonly #inner = new Handler({ connectionTimeout: 5_000, requestTimeout: 0 });
  readonly metadata = this.#inner.metadata;

  handle: NodeHttpHandler['handle'] = (request, options = {}) => {
    const { body } = request as { body?: { readonly length?: number } };
    return stalls.during({ deadlineMs: ATTEMPT_TIMEOUT, bytes: body?.length ?? 0 }, async (signal) => {
      const { response } = await this.#inner.handle(request, { ...options, abortSignal: signal });
      const stream = response.body as Readable | undefined;
      if (stream !== undefined) {
        // An aborted request leaves the stream of its answer open.
        const cut = () => stream.destroy(signal.reason as Error);
        signal.addEventListener('abort', cut, { once: true });
        const whole = await collect(stream);
        stalls.receive(whole.byteLength);
        response.headers[SIZE] = String(whole.byteLength);
        response.body = Readable.from([whole], { objectMode: false });
        signal.removeEventListener('abort', cut);
      }
      return { response };
    });
  };

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {};
  }

  destroy(): void {
    this.#inner.destroy();
  }
}

type Next = (args: { input: object }) => Promise<{ output: object; response: unknown }>;

/** Makes a client stop with a TargetError if a service never ends a list. */
export function boundPages(client: {
  readonly middlewareStack: { add(middleware: never, options: object): void };
}): void {
  const lists = new Map<string, { pages: number; bytes: number }>();
  const middleware = (next: Next, { commandName = '' }: { commandName?: string }): Next => {
    return async (args) => {
      const input = args.input as Record<string, unknown>;
      const goesOn = PAGE_MEMBERS.some((name) => input[name] !== undefined);
      const list = (goesOn ? lists.get(commandName) : undefined) ?? { pages: 0, bytes: 0 };
      list.pages += 1;
      if (list.pages > MAX_PAGES || list.bytes > MAX_LIST_BYTES)
        throw new TargetError(
          `the pages of ${commandName.replace(/Command$/, '')} do not end (${list.pages - 1} so far); check that the endpoint is what it claims to be`,
        );
      const result = await next(args);
      const { headers = {} } = (result.response ?? {}) as { headers?: Record<string, string> };
      list.bytes += Number(headers[SIZE] ?? 0);
      lists.set(commandName, list);
      return result;
    };
  };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'kpcPages', priority: 'high' });
}
