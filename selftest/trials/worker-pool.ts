import { availableParallelism } from 'node:os';
import { askAll, type JobAnswer } from './processes.ts';
import type { Outcome, Trial } from './trial.ts';

/** The timeout of a trial: milliseconds. */
const MAX_TRIAL_MS = 90_000;
/** The same for a trial that runs every scenario. */
const MAX_TRIAL_MS_WITH_ALL = 300_000;

/** The outcome of a trial, or why there is none. */
export type Report = { readonly trial: Trial } & JobAnswer<Outcome>;

/**
 * Runs all trials in as many processes as there are cores, each with its own embedded AWS.
 * @param wide whether every scenario runs for every change.
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
