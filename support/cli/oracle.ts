import { randomInt } from 'node:crypto';
import { TargetError, UsageError } from '../../infra/errors.ts';
import { ORACLES } from '../../selftest/oracle/index.ts';
import { type Oracle, type OracleReport, OracleUnavailable } from '../../selftest/oracle/report.ts';
import { count, parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const NAMES = Object.keys(ORACLES);

export const command: Command = {
  help: `
npm run oracle -- [${NAMES.join('|')}|all] [options]

Compares the embedded AWS with independent implementations and with recordings of AWS. Each difference is
explained by a documented fact, or it is a failure, shrunk and printed. docs/oracles.md describes each oracle.

  --cases N  how many cases to generate, instead of each oracle's own number
  --seed S   the seed of an earlier run, which generates the same cases; a new one is printed otherwise

Exit codes: 0 no unexplained difference, 1 at least one, 2 an oracle is not available on this machine, 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev oracle',
      argv,
      { cases: { type: 'string' }, seed: { type: 'string' } },
      { least: 0, most: 1, what: 'the name of one oracle, or all' },
    );
    const cases = count('dev oracle', 'cases', values.cases, 1);
    const seed = count('dev oracle', 'seed', values.seed, 0) ?? randomInt(2 ** 31);
    const reports: OracleReport[] = [];
    const missing: string[] = [];
    for (const name of chosen(positionals[0])) {
      const oracle = await (ORACLES[name] as () => Promise<Oracle>)();
      const started = performance.now();
      try {
        const report = await oracle.run({ cases: cases ?? oracle.cases, seed });
        reports.push(report);
        process.stdout.write(
          textOf(name, oracle, report, {
            cases: cases ?? oracle.cases,
            seed,
            millis: performance.now() - started,
          }),
        );
      } catch (error) {
        if (!(error instanceof OracleUnavailable)) throw error;
        missing.push(`the oracle ${name} is not available here: ${error.message}`);
      }
    }
    const different = reports.some(({ differences }) => differences.length > 0);
    // A missing oracle must not be hidden by those that are available, nor a difference by a missing oracle.
    if (missing.length > 0 && !different) throw new TargetError(missing.join('; '));
    for (const line of missing) process.stderr.write(`error: ${line}\n`);
    return different ? 1 : 0;
  },
};

function chosen(name = 'all'): readonly string[] {
  if (name === 'all') return NAMES;
  if (!NAMES.includes(name))
    throw new UsageError(`the oracle ${name} is unknown; it is one of ${[...NAMES, 'all'].join(', ')}`);
  return [name];
}

function textOf(
  name: string,
  oracle: Oracle,
  { cases, differences, explained, notes = [] }: OracleReport,
  asked: { readonly cases: number; readonly seed: number; readonly millis: number },
): string {
  const generated = oracle.cases === 0 ? '' : `, seed ${asked.seed}`;
  const lines = [
    `${differences.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${oracle.summary}`,
    `       ${cases} cases${generated}, ${(asked.millis / 1000).toFixed(1)} s, ${differences.length} unexplained differences`,
    ...notes.map((note) => `       ${note}`),
    ...explained.map(
      ({ kind, reason, fact, count }) => `       explained ${count} × ${kind}: ${reason} (${fact})`,
    ),
    ...differences.flatMap(({ input, expected, actual }) => [
      `  differs   ${input}`,
      `  expected  ${expected}`,
      `  actual    ${actual}`,
    ]),
  ];
  if (differences.length > 0 && generated !== '')
    lines.push(`  repeat    npm run oracle -- ${name} --cases ${asked.cases} --seed ${asked.seed}`);
  return `${lines.join('\n')}\n`;
}
