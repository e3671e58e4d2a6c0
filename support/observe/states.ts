import type { Waits } from '../../infra/retry/waits.ts';

/** The states of a stream as the proxy described them. */
export interface WatchedStates {
  /** Each only when it changed; `not found` for a stream that is not there. */
  readonly seen: readonly string[];
  /** The stream had passed its state before the first look, as Kinesis confirms: nothing is known of the proxy. */
  readonly missed: boolean;
}

/**
 * Looks at a stream through the proxy until it shows a state; once more when Kinesis is already in it, and no longer
 * when Kinesis does not even set out for it.
 * @param look.proxy the state that the proxy shows, `look.kinesis` the one that Kinesis itself does.
 */
export async function watchStates(
  state: string,
  look: { readonly proxy: () => Promise<string>; readonly kinesis: () => Promise<string> },
  waits: Waits,
): Promise<WatchedStates> {
  const atRest = state === 'not found' ? 'ACTIVE' : 'not found';
  const mustHaveBegun = performance.now() + waits.get('stream-visible').timeoutMs;
  const seen: string[] = [];
  let missed = false;
  let isThere = false;
  await waits.until('stream-active', `the stream to be described as ${state}`, async () => {
    const isFirst = seen.length === 0;
    const shown = await look.proxy();
    if (seen.at(-1) !== shown) seen.push(shown);
    if (isThere || (shown === state && !isFirst)) return { found: true };
    const inKinesis = await look.kinesis();
    isThere = inKinesis === state;
    missed = isFirst && isThere && shown === state;
    if (shown === state) return { found: true };
    return inKinesis === atRest && performance.now() > mustHaveBegun ? { found: true } : { seen: shown };
  });
  return { seen, missed };
}
