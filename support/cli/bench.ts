import path from 'node:path';
import { ALL_SECTIONS, runBench } from '../../bench/bench.ts';
import { guard } from '../../bench/guard.ts';
import { readCheckout } from '../../bench/measure/checkout.ts';
import { SECTIONS, type SectionName } from '../../bench/measure/result.ts';
import { PUBLISHED, writePage } from '../../bench/report/page.ts';
import { OTHERS, type OtherName } from '../../bench/targets/served.ts';
import { UsageError } from '../../infra/errors.ts';
import { ROOT } from '../run/suite.ts';
import { count, parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { SOAK_CALLS, SOAK_OPTIONS, soakBounds } from './soak.ts';

const ROUNDS = 5;

export const command: Command = {
  help: `
npm run bench -- [SECTION…] [options]
npm run bench -- report [--results DIR] [--check]
npm run bench -- --guard

Measures sections, one after another, and prints a table of each: medians, quartiles and numbers of measurements, and
ratios between alternating measurements, taken round by round. docs/bench.md says what each figure means.

${ALL_SECTIONS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}
  all      all of them (default)
  report   measures nothing: writes the tables and plots of docs/bench.md from the raw data in bench/results, or DIR; with
           --check it only checks that they are up to date

  --rounds N             how often each is measured (default: ${ROUNDS})
  --against DIR          another checkout, with its packages installed, measured in turn with this one
  --target NAME          ${OTHERS.join(' or ')}: what to measure besides the embedded AWS, and it has to be available;
                         repeatable (default: those available)
  --calls N, --minutes M when the soak ends, whichever comes first (default: ${SOAK_CALLS} calls); also as npm run soak
  --localstack-suite     the whole suite on LocalStack as well, which takes minutes
  --guard                only a check of a minute, for CI: ratios that hardly depend on the machine, against the bounds
                         in bench/bounds.json
  --results DIR          where the raw data goes, <section>.json (default: reports/bench)

Only this machine is called. newman, pytest and moto are fetched when they are first needed, into node_modules/.cache;
LocalStack needs a Docker engine and an image (infra/emulators). What is not available is reported and left out.

Exit codes: 0 measured; 1 an answer was wrong or missing, a bound of --guard is exceeded, or with
report --check a file is out of date; 2 a target failed, or one that --target names is not
available; 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev bench',
      argv,
      {
        rounds: { type: 'string' },
        against: { type: 'string' },
        target: { type: 'string', multiple: true },
        ...SOAK_OPTIONS,
        'localstack-suite': { type: 'boolean' },
        guard: { type: 'boolean' },
        check: { type: 'boolean' },
        results: { type: 'string' },
      },
      { least: 0, most: SECTIONS.length + 1, what: 'names of sections' },
    );
    if (values.guard) {
      if (positionals.length > 0 || Object.keys(values).length > 1)
        throw new UsageError('--guard takes no sections and no other options');
      return (await guard((text) => process.stdout.write(text))) ? 0 : 1;
    }
    if (positionals.includes('report')) return report(positionals, values);
    if (values.check) throw new UsageError('--check belongs to npm run bench -- report');
    // Check this before measuring anything.
    if (values.against !== undefined) readCheckout(values.against);
    const isGood = await runBench(sections(positionals), {
      rounds: count('dev bench', 'rounds', values.rounds, 1) ?? ROUNDS,
      against: values.against,
      others: values.target && oneOfEach(values.target, OTHERS, '--target '),
      ...soakBounds('dev bench', values),
      localstackSuite: values['localstack-suite'] === true,
      results: path.resolve(values.results ?? path.join(ROOT, 'reports/bench')),
      tell: (line) => process.stderr.write(`${line}\n`),
      print: (text) => process.stdout.write(text),
    });
    return isGood ? 0 : 1;
  },
};

function report(
  positionals: readonly string[],
  { results, check = false, ...others }: { results?: string | undefined; check?: boolean | undefined },
): number {
  if (positionals.length > 1 || Object.keys(others).length > 0)
    throw new UsageError('report measures nothing, and takes only --results and --check');
  const changed = writePage(path.resolve(results ?? PUBLISHED), check);
  const state = check ? 'out of date; npm run bench -- report updates it' : 'written';
  for (const file of changed) process.stdout.write(`${file}: ${state}\n`);
  return check && changed.length > 0 ? 1 : 0;
}

function sections(names: readonly string[]): readonly SectionName[] {
  return names.length === 0 || names.includes('all')
    ? SECTIONS
    : oneOfEach(names, SECTIONS, 'the section ', ', all, report');
}

function oneOfEach<T extends OtherName | SectionName>(
  names: readonly string[],
  known: readonly T[],
  what: string,
  further = '',
): T[] {
  for (const name of names)
    if (!(known as readonly string[]).includes(name))
      throw new UsageError(`${what}${name} is unknown; it is one of ${known.join(', ')}${further}`);
  return names as T[];
}
