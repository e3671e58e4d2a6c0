import { availableParallelism } from 'node:os';
import { askAll } from '../../trials/processes.ts';
import { DEFECTS } from './defects.ts';
import { type ProxyReport, type ProxyRun, WELL_BEHAVED } from './try.ts';

/** Names that a run can be limited to. */
export const NAMES: readonly string[] = [WELL_BEHAVED, ...DEFECTS.map(({ name }) => name)];

/** More workers than cores, as a run mostly waits for its streams. */
const PROCESSES_A_CORE = 3;
/** The timeout of a run, including its shrinking: milliseconds. */
const MAX_MILLIS = 300_000;

/**
 * The proxies of a seed: as many well-behaved ones as ones with a defect, taking the defects in turn.
 * @param only one of NAMES, for proxies of that kind only.
 */
export function proxyRuns(runs: number, seed: number, only: string | undefined): readonly ProxyRun[] {
  const seeds = Array.from({ length: runs }, (_, index) => seedOf(seed, index));
  if (only !== undefined) return seeds.map((own) => ({ name: only, seed: own }));
  return seeds.flatMap((own, index) => [
    { name: WELL_BEHAVED, seed: own },
    { name: (DEFECTS[(seed + index) % DEFECTS.length] as { name: string }).name, seed: own },
  ]);
}

/** The first is the seed itself, so that a single run repeats any other; neighbouring seeds have none in common. */
function seedOf(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b1)) & 0x7fffffff;
}

/** Tries all; where a worker fails, the report has its error. */
export async function tryProxies(
  runs: readonly ProxyRun[],
  onReport: (report: ProxyReport | (ProxyRun & { readonly failure: string })) => void,
): Promise<void> {
  await askAll<ProxyRun, ProxyReport>(
    runs,
    {
      worker: new URL('worker.ts', import.meta.url),
      messageOf: (run) => run,
      millisOf: () => MAX_MILLIS,
      processes: availableParallelism() * PROCESSES_A_CORE,
    },
    (run, answer) => onReport('failure' in answer ? { ...run, failure: answer.failure } : answer.outcome),
  );
}
