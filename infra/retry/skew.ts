import type { DeserializeMiddleware, MiddlewareStack, Pluggable } from '@smithy/types';

/**
 * How far the Date of an answer that has just arrived is ahead of this machine's clock, in milliseconds; undefined if
 * the header is not a date.
 * @param sent when the request was sent, by this machine's clock.
 */
export function skewOf(date: string | undefined, sent: number): number | undefined {
  const told = Date.parse(date ?? '');
  // The header has whole seconds; assume that the server wrote it halfway between request and answer.
  return Number.isFinite(told) ? Math.round(told + 500 - (sent + Date.now()) / 2) : undefined;
}

/** Reports for each answer how far its Date is ahead of this machine's clock: milliseconds. */
export function watchClock<I extends object, O extends object>(
  onSkew: (skewMs: number) => void,
): Pluggable<I, O> {
  const watch: DeserializeMiddleware<I, O> = (next) => async (args) => {
    const sent = Date.now();
    const result = await next(args);
    const { headers } = result.response as { headers?: Record<string, string> };
    const skewMs = skewOf(headers?.date, sent);
    if (skewMs !== undefined) onSkew(skewMs);
    return result;
  };
  return {
    applyToStack: (stack: MiddlewareStack<I, O>) =>
      stack.add(watch, { step: 'deserialize', name: 'kpcClock', priority: 'low' }),
  };
}
