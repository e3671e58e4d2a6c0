import { UsageError } from '../../infra/errors.ts';
import { quickTrials, runTrials } from '../../selftest/trials/run.ts';
import { allTrials, type Trial } from '../../selftest/trials/trial.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run selftest -- [options]

Tests the suite itself: each mutant of the tutorial's API and each fault of Kinesis has to be caught by the clauses
that it breaks, each correct variant has to pass, and each scenario and each Then step has to fail at least once.

  --quick        a few representative trials, as in npm test
  --only NAME    one trial, or all whose names start with NAME; repeatable
  --list         only list the names
  --wide         every scenario for every mutant, to see which others fail (slow)
  --json FILE    also write the results here

Writes reports/selftest/trials.json and trials.md, and the broken definitions next to them.
Exit codes: 0 all trials passed, 1 one did not, 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev selftest',
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
    const { summary } = await runTrials(trials, {
      isWhole: values.quick !== true && values.only === undefined,
      wide: values.wide === true,
      json: values.json,
      tell: (line) => process.stdout.write(line),
    });
    process.stdout.write(summary.text);
    return summary.good ? 0 : 1;
  },
};

function chosen(
  trials: readonly Trial[],
  { quick, only }: { quick?: boolean | undefined; only?: string[] | undefined },
): readonly Trial[] {
  if (only === undefined) return quick ? quickTrials() : trials;
  return only.flatMap((wanted) => {
    const found = trials.filter(({ name }) => name === wanted);
    const beginning = found.length > 0 ? found : trials.filter(({ name }) => name.startsWith(wanted));
    if (beginning.length === 0)
      throw new UsageError(`--only ${wanted}: no such trial; npm run selftest -- --list shows them`);
    return beginning;
  });
}
