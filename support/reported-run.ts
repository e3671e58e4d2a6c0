import path from 'node:path';
import { prepareFolder, startOfReported, writeReports } from './report/folder.ts';
import { onInterrupt } from './run/interrupt.ts';
import { executeRun, type FinishedRun, type PlannedRun, type RunListener } from './run/run.ts';

/**
 * A run that writes reports and evidence. It checks that they can be written before it starts anything.
 * @param options.folder for reports, an absolute path; without it none are written.
 * @param options.listen is called when the run starts.
 * @param options.onEnd is called before anything is written; if it throws, nothing is written.
 * @param options.watch as in `executeRun`.
 * @throws UsageError for a folder that another run uses or that cannot be written; TargetError if writing fails at the
 * end.
 */
export async function executeReported(
  planned: PlannedRun,
  options: {
    readonly folder: string | undefined;
    readonly listen: () => RunListener;
    readonly onEnd?: () => void;
    readonly watch?: Parameters<typeof executeRun>[3];
  },
): Promise<FinishedRun> {
  const { folder, watch = onInterrupt } = options;
  const release = folder === undefined ? undefined : prepareFolder(folder);
  const withdraw = folder === undefined ? undefined : watch(async () => keptReports(folder));
  try {
    const evidence = planned.options.evidence && path.resolve(planned.options.evidence);
    const store = evidence ? await import('./evidence/store.ts') : undefined;
    if (evidence) store?.prepareEvidence(evidence);
    const finished = await executeRun(planned, options.listen(), {}, watch);
    options.onEnd?.();
    if (folder !== undefined) await writeReports(folder, finished);
    if (evidence && store && finished.recording)
      store.writeEvidence(evidence, store.evidenceOf(finished.results, finished.recording));
    return finished;
  } finally {
    withdraw?.();
    release?.();
  }
}

/** The message of an interrupted run about earlier reports in the folder, which could be mistaken for its own. */
function keptReports(folder: string): string[] {
  const start = startOfReported(folder);
  return start === undefined
    ? []
    : [`no new report: ${path.relative('', folder) || '.'} keeps that of the run of ${start}`];
}
