import { availableParallelism } from 'node:os';
import { askAll } from '../../trials/processes.ts';
import { DEFECTS } from './defects.ts';
import { type ProxyReport, type ProxyRun, WELL_BEHAVED } from './try.ts';

/** Names that a run can be confined to. */
export const NAMES: readonly string[] = [WELL_BEHAVED, ...DEFECTS.map(({ name }) => name)];

/** A run waits for its streams more than it calculates. */
const PROCESSES_A_CORE = 3;
/** What a run may take, its shrinking included: milliseconds. */
const MAX_MILLIS = 300_000;

/**
 * The proxies of a seed: as many well-behaved ones as with a defect, the defects one after the other.
 * @param only one of NAMES, to have proxies of that kind alone.
 */
export function proxyRuns(runs: number, seed: number, only: string | undefined): readonly ProxyRun[] {
  const seeds = Array.from({ length: runs }, (_, index) => seedOf(seed, index));
  if (only !== undefined) return seeds.map((own) => ({ name: only, seed: own }));
  return seeds.flatMap((own, index) => [
    { name: WELL_BEHAVED, seed: own },
    { name: (DEFECTS[(seed + index) % DEFECTS.length] as { name: string }).name, seed: own },
  ]);
}

/** The first is the seed itself, so that a single run repeats any; near seeds share none. */
function seedOf(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b1)) & 0x7fffffff;
}

/** Tries all; the report of one that came to nothing has its failure. */
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
