import { availableParallelism } from 'node:os';
import { askAll, type JobAnswer } from './processes.ts';
import type { Outcome, Trial } from './trial.ts';

/** When a hanging trial is ended: milliseconds. */
const MAX_TRIAL_MS = 90_000;
/** The same for a trial that runs every scenario. */
const MAX_TRIAL_MS_WITH_ALL = 300_000;

/** The outcome of a trial, or why it has none. */
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
