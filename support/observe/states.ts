import type { Waits } from '../../infra/retry/waits.ts';

/** The states of a stream that the proxy showed. */
export interface WatchedStates {
  /** Without repetitions; `not found` for a stream that does not exist. */
  readonly seen: readonly string[];
  /** The stream had left the state before the first look, as Kinesis confirms, so the proxy cannot be judged. */
  readonly missed: boolean;
}

/**
 * Looks at a stream through the proxy until it shows a state; once more when Kinesis already shows it. It ends early
 * when the stream does not start to change.
 * @param look.proxy the state that the proxy shows; `look.kinesis` the one that Kinesis itself shows.
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
