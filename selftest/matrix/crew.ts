import { availableParallelism } from 'node:os';
import { askAll, type JobAnswer } from './processes.ts';
import type { Outcome, Trial } from './trial.ts';

/** Longer than a trial is to take, and what a hanging one may cost: milliseconds. */
const MAX_TRIAL_MS = 90_000;
/** The same for a run of every scenario, on a machine that has more to do. */
const MAX_TRIAL_MS_WITH_ALL = 300_000;

/** What a trial came to, or why it came to nothing. */
export type Report = { readonly trial: Trial } & JobAnswer<Outcome>;

/**
 * Tries all, in as many processes as there are cores, each with an embedded AWS of its own.
 * @param wide every scenario runs for every change, whatever it is to break.
 */
export async function tryAll(
  trials: readonly Trial[],
  wide: boolean,
  onReport: (report: Report) => void,
): Promise<Report[]> {
  const reports: Report[] = [];
  await askAll<Trial, Outcome>(
    trials,
    {
      worker: new URL('worker.ts', import.meta.url),
      messageOf: ({ name }) => ({ name, wide }),
      millisOf: ({ tries }) => (wide || tries === 'everything' ? MAX_TRIAL_MS_WITH_ALL : MAX_TRIAL_MS),
      processes: availableParallelism(),
    },
    (trial, answer) => {
      const report = { trial, ...answer };
      reports.push(report);
      onReport(report);
    },
  );
  return reports;
}
