import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { tryAll } from '../../selftest/matrix/crew.ts';
import { judgeReport } from '../../selftest/matrix/judge.ts';
import { QUICK } from '../../selftest/matrix/quick.ts';
import { summaryOf, writeMatrix } from '../../selftest/matrix/report.ts';
import { allTrials, type Trial } from '../../selftest/matrix/trial.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './main.ts';

export const command: Command = {
  help: `
npm run selftest -- [options]

Tries the suite on itself: each mutant of the tutorial's API and each fault of Kinesis has to be caught by the clauses
that it breaks, each neutral variant has to stay green, and each scenario and each Then step has to fail for something.

  --quick        a representative few, for npm test
  --only NAME    one trial, or all whose name begins so; repeatable
  --list         the names, and nothing else
  --wide         every scenario for every mutant, to see what else notices it (slow)
  --json FILE    the results also here

Writes reports/selftest/matrix.json and matrix.md, and the broken definitions beside them.
Exit codes: 0 as it has to be, 1 not, 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'selftest',
      argv,
      {
        quick: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        list: { type: 'boolean' },
        wide: { type: 'boolean' },
        json: { type: 'string' },
      },
      { least: 0, most: 0, what: 'no name' },
    );
    const trials = chosen(allTrials(), values);
    if (values.list) {
      for (const { kind, name, mustFail } of trials)
        process.stdout.write(`${kind.padEnd(8)}${name} ${mustFail.join(' ')}\n`);
      return 0;
    }
    const started = performance.now();
    let done = 0;
    const reports = await tryAll(trials, values.wide === true, (report) => {
      const { problem } = judgeReport(report);
      const seconds = 'outcome' in report ? `${(report.outcome.durationMs / 1000).toFixed(1)} s` : '';
      done += 1;
      process.stdout.write(
        `${`${done}/${trials.length}`.padStart(9)} ${problem === undefined ? 'ok    ' : 'FAILED'} ${report.trial.kind} ${report.trial.name} ${seconds}${problem === undefined ? '' : `\n    ${problem}`}\n`,
      );
    });
    const judged = reports.map(judgeReport);
    const isWhole = values.quick !== true && values.only === undefined;
    const folder = path.join(ROOT, 'reports/selftest');
    const summary = summaryOf(judged, isWhole, (performance.now() - started) / 1000);
    writeMatrix(folder, judged, summary, values.json);
    process.stdout.write(summary.text);
    return summary.good ? 0 : 1;
  },
};

function chosen(
  trials: readonly Trial[],
  { quick, only }: { quick?: boolean | undefined; only?: string[] | undefined },
): readonly Trial[] {
  if (only === undefined) return quick ? trials.filter(({ name }) => QUICK.includes(name)) : trials;
  return only.flatMap((wanted) => {
    const found = trials.filter(({ name }) => name === wanted);
    const beginning = found.length > 0 ? found : trials.filter(({ name }) => name.startsWith(wanted));
    if (beginning.length === 0)
      throw new UsageError(`--only ${wanted} names no trial; npm run selftest -- --list shows them`);
    return beginning;
  });
}
