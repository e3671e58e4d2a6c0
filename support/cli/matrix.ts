import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFINITION_NAMES } from '../../infra/definition/definition.ts';
import { EMULATORS, type Emulator, startEmulator } from '../../infra/emulators/start.ts';
import { messageOf } from '../../infra/errors.ts';
import { makeFolder } from '../../infra/files.ts';
import { calledWith } from '../../infra/invocation.ts';
import { markdown, oneLine } from '../client/untrusted-text.ts';
import { RESULTS_FILE, readResults } from '../report/json.ts';
import { toTable } from '../report/table.ts';
import { clauseByTarget, type TargetColumn } from '../report/target-table.ts';
import { onInterrupt } from '../run/interrupt.ts';
import type { Results } from '../run/results.ts';
import { ROOT, suiteVersion } from '../run/suite.ts';
import { plural } from '../run/verdict.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run matrix -- [--results DIR]

Runs three times on every target that can be started here - the embedded AWS, LocalStack, and the emulators of
infra/emulators (images by infra/emulators/build.sh all): the tutorial's API by its own contract, then that API and the
hardened one at level production. Keeps each run's results under results/<suite version>/<target>-<version>/, those of
level production in separate folders, unmodified, each with how to reproduce it, and prints a table of clauses by target
for each contract. For a target that cannot be started, its column says why.

Exit codes: 0 the matrix is complete, whatever the verdicts; 2 no target could be started.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev matrix',
      argv,
      { results: { type: 'string' } },
      { least: 0, most: 0, what: 'no name' },
    );
    const folder = path.resolve(values.results ?? path.join(ROOT, 'results', suiteVersion()));
    const tables = CONTRACTS.map((contract) => ({ ...contract, columns: [] as TargetColumn[] }));
    for (const entry of ENTRIES)
      for (const { columns, runs } of tables)
        for (const run of runs) {
          const what = named(entry, run);
          process.stderr.write(`${what} …\n`);
          const column = await judge(entry, run, folder);
          const said = column.results
            ? `${column.results.verdict}: ${column.results.because}`
            : column.reason;
          process.stderr.write(`${what}: ${oneLine(said ?? '')}\n`);
          columns.push(column);
        }
    makeFolder(folder);
    writeFileSync(path.join(folder, 'README.md'), overview(tables));
    process.stdout.write(
      tables
        .map(({ title, columns }) => `${title}\n\n${toTable(clauseByTarget(columns).rows, 'text')}`)
        .join('\n'),
    );
    return tables.some(({ columns }) => columns.some(({ results }) => results)) ? 0 : 2;
  },
};

/** One run on a target. */
interface Run {
  /** The suffix of the results' folder, after the target's name; empty for the tutorial's contract. */
  readonly folder: string;
  readonly options: readonly string[];
}

/** One table of the matrix. */
interface Contract {
  readonly title: string;
  readonly runs: readonly Run[];
}

const CONTRACTS: readonly Contract[] = [
  { title: "The tutorial's API, levels core and extended", runs: [{ folder: '', options: [] }] },
  {
    title: 'Any proxy of Kinesis, level production',
    runs: DEFINITION_NAMES.map((name) => ({
      folder: `production-${name}`,
      options: ['--definition', name, '--level', 'production'],
    })),
  },
];

interface Entry {
  readonly name: string;
  /** The version, for targets that do not report it. */
  readonly version?: string;
  /** The commands that repeat the run. */
  readonly reproduce: readonly string[];
  start(): Promise<{ options: readonly string[]; stop(): Promise<void> }>;
}

const NOTHING = async () => {};

const ENTRIES: readonly Entry[] = [
  {
    name: 'embedded AWS',
    reproduce: [`npm ci && ${calledWith('run')} --target embedded`],
    start: async () => ({ options: ['--target', 'embedded'], stop: NOTHING }),
  },
  {
    name: 'LocalStack',
    reproduce: ['infra/emulators/build.sh localstack', `${calledWith('run')} --target localstack`],
    start: async () => ({ options: ['--target', 'localstack'], stop: NOTHING }),
  },
  ...EMULATORS.map(emulated),
];

function emulated(emulator: Emulator): Entry {
  const url = 'http://127.0.0.1:4566';
  return {
    name: emulator.name,
    version: emulator.image.split(':')[1] as string,
    reproduce: [
      `infra/emulators/build.sh ${emulator.name.toLowerCase()}`,
      `docker run --rm -d -p 127.0.0.1:4566:${emulator.port} ${emulator.image}`,
      `${calledWith('run')} --endpoint ${url} --execute-api-url '${url}${emulator.invokePath}'`,
    ],
    start: async () => {
      const { endpoint, stop } = await startEmulator(emulator);
      const options = ['--endpoint', endpoint, '--execute-api-url', endpoint + emulator.invokePath];
      return { options, stop };
    },
  };
}

/** The label of a column without results. */
function named({ name }: Entry, { folder }: Run): string {
  return folder === '' ? name : `${name}, ${folder.replace('production-', '')}`;
}

async function judge(entry: Entry, run: Run, folder: string): Promise<TargetColumn> {
  let stop: () => Promise<void> = NOTHING;
  const withdraw = onInterrupt(() => stop());
  const report = mkdtempSync(path.join(tmpdir(), 'kpc-matrix-'));
  try {
    const started = await entry.start();
    stop = started.stop;
    await conformance([...started.options, ...run.options, '--report', report]);
    const file = path.join(report, RESULTS_FILE);
    if (!existsSync(file))
      return { label: named(entry, run), results: undefined, reason: 'the run left no results' };
    const results = readResults(file);
    // A target that did not start has no version for the name of its folder.
    if (results.verdict === 'error' && results.scenarios.length === 0)
      return { label: named(entry, run), results: undefined, reason: results.because };
    keep(file, results, entry, run, folder);
    return { label: undefined, results };
  } catch (error) {
    return { label: named(entry, run), results: undefined, reason: messageOf(error) };
  } finally {
    await stop();
    rmSync(report, { recursive: true, force: true });
    withdraw();
  }
}

/** Each run is a separate process, as for a user. */
function conformance(options: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const main = path.join(ROOT, 'support/cli/main.mjs');
    const child = spawn(process.execPath, [main, 'run', ...options], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

function keep(file: string, results: Results, entry: Entry, run: Run, folder: string): void {
  const { name } = results.target;
  const version =
    results.target.version === 'unknown' ? (entry.version ?? 'unknown') : results.target.version;
  const target = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${version.replace(/[^\w.+-]+/g, '-')}`;
  const own = path.join(folder, [target, run.folder].filter(Boolean).join('-'));
  makeFolder(own);
  copyFileSync(file, path.join(own, RESULTS_FILE));
  const commands = [...entry.reproduce.slice(0, -1), [entry.reproduce.at(-1), ...run.options].join(' ')];
  const failed = results.clauses.filter(({ result }) => result === 'failed').length;
  writeFileSync(
    path.join(own, 'README.md'),
    `# ${markdown(`${name} ${version}, ${results.definition.name}`)}, judged by kinesis-proxy-conformance ${results.suite.version}

Verdict: **${results.verdict}**. ${failed === 0 ? 'No clause failed.' : `${failed} of ${plural(results.clauses.length, 'clause')} failed.`}
\`conformance.json\` is unchanged since the run on ${results.startedAt.slice(0, 10)}; each failure in it has its exchange.
The command below also prints a curl line for each; with \`--keep\` the API remains to paste it to.

## Reproduce

\`\`\`sh
${commands.join('\n')}
\`\`\`
`,
  );
}

function overview(tables: readonly (Contract & { readonly columns: readonly TargetColumn[] })[]): string {
  const parts = tables.map(({ title, columns }) => {
    const absent = columns.filter(({ results }) => !results);
    const reasons = absent.map(
      ({ label, reason }) => `\n${label} was not run: ${markdown(reason ?? 'unknown')}\n`,
    );
    return `## ${title}\n\n${toTable(clauseByTarget(columns).rows, 'markdown')}${reasons.join('')}`;
  });
  return `# Targets judged by kinesis-proxy-conformance ${suiteVersion()}

Made by \`npm run matrix\`. Each folder holds a run's results as it wrote them, and how to repeat it; \`${calledWith('results table')} FILE…\` makes this table of any results.

${parts.join('\n')}`;
}
