import { Readable } from 'node:stream';
import { NodeHttpHandler as Handler, type NodeHttpHandler } from '@smithy/node-http-handler';
import { TargetError } from '../errors.ts';
import { collect, MAX_BODY_BYTES } from './body.ts';
import { stalls } from './stalls.ts';

/** One attempt of an SDK's call, its body included: milliseconds. */
const ATTEMPT_TIMEOUT = 60_000;
/** Pages of one list: a hundred streams each, and no account has as many. */
const MAX_PAGES = 500;
/** All pages of one list together: bytes. */
const MAX_LIST_BYTES = 4 * MAX_BODY_BYTES;
/** How the handler tells the middleware what an answer weighed. */
const SIZE = 'x-kpc-body-bytes';
const PAGE_MEMBERS = ['position', 'Marker', 'NextToken', 'ExclusiveStartStreamName', 'ExclusiveStartShardId'];

/** HTTP/1.1 for an SDK client, each attempt bounded in the size of its answer and in time, as `callBounded` is. */
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

/** Has a client end a list that its service never ends, with a TargetError. */
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
          `the pages of ${commandName.replace(/Command$/, '')} do not end (${list.pages - 1} so far); the endpoint is not what it says`,
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
