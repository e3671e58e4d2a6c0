import path from 'node:path';
import { ROOT } from '../../support/run/suite.ts';
import { judgeReport } from './judge.ts';
import { QUICK } from './quick.ts';
import { type Summary, summaryOf, writeTrials } from './report.ts';
import { allTrials, type Trial } from './trial.ts';
import { tryAll } from './worker-pool.ts';

/** The few representative trials of `npm test`. @throws when one of them does not exist. */
export function quickTrials(): readonly Trial[] {
  const all = new Map(allTrials().map((trial) => [trial.name, trial]));
  return QUICK.map((name) => {
    const trial = all.get(name);
    if (trial === undefined)
      throw new Error(`selftest/trials/quick.ts names ${name}, but there is no such trial`);
    return trial;
  });
}

/**
 * Runs all trials and writes their report under reports/selftest.
 * @param options.isWhole whether these are all trials, so that idle scenarios and steps can be listed.
 * @param options.tell receives a line or two on each trial as it ends.
 */
export async function runTrials(
  trials: readonly Trial[],
  options: {
    isWhole: boolean;
    wide: boolean;
    json?: string | undefined;
    tell: (line: string, good: boolean) => void;
  },
): Promise<{ summary: Summary; passed: number; failed: number }> {
  const started = performance.now();
  let done = 0;
  const reports = await tryAll(trials, options.wide, (report) => {
    const { problem } = judgeReport(report);
    const seconds = 'outcome' in report ? `${(report.outcome.durationMs / 1000).toFixed(1)} s` : '';
    done += 1;
    options.tell(
      `${`${done}/${trials.length}`.padStart(9)} ${problem === undefined ? 'ok    ' : 'FAILED'} ${report.trial.kind} ${report.trial.name} ${seconds}${problem === undefined ? '' : `\n    ${problem}`}\n`,
      problem === undefined,
    );
  });
  const judged = reports.map(judgeReport);
  const summary = summaryOf(judged, options.isWhole, (performance.now() - started) / 1000);
  writeTrials(path.join(ROOT, 'reports/selftest'), judged, summary, options.json);
  const failed = judged.filter(({ problem }) => problem !== undefined).length;
  return { summary, passed: judged.length - failed, failed };
}
