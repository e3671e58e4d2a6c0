import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { oneLine } from '../client/foreign.ts';
import { failOnUncaught } from '../run/interrupt.ts';
import type { Command } from './command.ts';
import { guardOutput, printOwn } from './output.ts';

const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  conformance: { summary: 'one run, one verdict', load: () => import('./conformance.ts') },
  test: {
    summary: 'static checks, unit tests, then conformance against LocalStack or embedded',
    load: () => import('./test.ts'),
  },
  unit: { summary: 'the unit tests alone, all or some', load: () => import('./unit.ts') },
  check: { summary: 'types, lint, features and catalogue', load: () => import('./check.ts') },
  proxy: { summary: "serve the tutorial's API on the embedded AWS", load: () => import('./proxy.ts') },
  inspect: { summary: 'what an API offers of Kinesis, and what is weak', load: () => import('./inspect.ts') },
  export: { summary: 'the tested API as what deploys it', load: () => import('./export.ts') },
  doctor: { summary: 'what a target can do, before a run finds out', load: () => import('./doctor.ts') },
  sweep: { summary: 'delete what runs left behind', load: () => import('./sweep.ts') },
  'cleanup-test': {
    summary: 'whether killed and interrupted runs leave nothing',
    load: () => import('./cleanup-test.ts'),
  },
  list: { summary: 'clauses and their scenarios', load: () => import('./list.ts') },
  explain: {
    summary: 'one clause: statement, source, scenarios, last results',
    load: () => import('./explain.ts'),
  },
  compare: { summary: 'what newly fails between two results', load: () => import('./compare.ts') },
  evidence: { summary: 'what runs saw of each clause, side by side', load: () => import('./evidence.ts') },
  issues: { summary: 'one issue for each clause that fails', load: () => import('./issues.ts') },
  merge: { summary: "shards' results as one", load: () => import('./merge.ts') },
  durations: {
    summary: 'record what scenarios take, to balance shards by',
    load: () => import('./durations.ts'),
  },
  scale: { summary: 'the tables of docs/scale.md', load: () => import('./scale.ts') },
  traceability: { summary: 'the table of clauses and scenarios', load: () => import('./traceability.ts') },
  weaknesses: {
    summary: "what the tutorial's API fails, how, and what mends it",
    load: () => import('./weaknesses.ts'),
  },
  freeze: {
    summary: "keep today's catalogue as the contract of this release",
    load: () => import('./freeze.ts'),
  },
  rehearse: {
    summary: 'the nightly against a simulation of AWS at its worst',
    load: () => import('./rehearse.ts'),
  },
  selftest: { summary: 'whether the suite catches what it should', load: () => import('./selftest.ts') },
  hostile: { summary: 'attacks on the suite and its embedded AWS', load: () => import('./hostile.ts') },
  generated: {
    summary: 'generated calls through the proxy, against what has to hold for all of them',
    load: () => import('./generated.ts'),
  },
  oracle: {
    summary: 'the embedded AWS against independent implementations',
    load: () => import('./oracle.ts'),
  },
  bench: { summary: 'how fast it is, and beside what', load: () => import('./bench.ts') },
  soak: { summary: 'many calls on many connections, each answered right', load: () => import('./soak.ts') },
  matrix: { summary: 'every target that can be started here', load: () => import('./matrix.ts') },
};

/** Exit codes of every command (design.md): 0 good, 1 not conformant, 2 target or harness failed, 3 usage. */
export async function main(argv: readonly string[]): Promise<number> {
  guardOutput();
  failOnUncaught();
  const [name = '--help', ...rest] = argv;
  const entry = COMMANDS[name];
  if (!entry) {
    const known = Object.entries(COMMANDS).map(
      ([key, { summary }]) => `  npm run ${key.padEnd(12)} ${summary}`,
    );
    if (name === '--help' || name === '-h') {
      printOwn(`${known.join('\n')}\n\nEach takes --help: npm run conformance -- --help\n`);
      return 0;
    }
    process.stderr.write(
      `error: there is no command ${oneLine(name)}; there are ${Object.keys(COMMANDS).join(', ')}\n`,
    );
    return 3;
  }
  try {
    const { command } = await entry.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      printOwn(`${command.help.trim()}\n`);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError || error instanceof TargetError) {
      process.stderr.write(`error: ${messageOf(error)}\n`);
      return error instanceof UsageError ? 3 : 2;
    }
    process.stderr.write(`error: the suite itself failed: ${error instanceof Error ? error.stack : error}\n`);
    return 2;
  }
}
