import { createRequire } from 'node:module';
import type { Dispatcher, Agent as UndiciAgent } from 'undici';

/**
 * The parts of undici that make a call. Its index also loads fetch, WebSocket, caches and mocks: 77 of 110 files, and half
 * of the 70 ms of CPU that loading takes (measured).
 */
const load = createRequire(import.meta.url);

export const Agent = load('undici/lib/dispatcher/agent.js') as typeof UndiciAgent;

const { request: requestBy } = load('undici/lib/api') as { request: Dispatcher['request'] };
const { getGlobalDispatcher } = load('undici/lib/global.js') as { getGlobalDispatcher: () => Dispatcher };

/** As undici's own `request`. */
export function request(
  url: string,
  {
    dispatcher = getGlobalDispatcher(),
    ...options
  }: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { readonly dispatcher?: Dispatcher },
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(url);
  return requestBy.call(dispatcher, {
    ...options,
    origin,
    path: pathname + search,
  }) as Promise<Dispatcher.ResponseData>;
}
