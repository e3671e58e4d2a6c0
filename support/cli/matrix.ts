import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EMULATORS, type Emulator, startEmulator } from '../../infra/emulators/start.ts';
import { messageOf } from '../../infra/errors.ts';
import { makeFolder } from '../../infra/files.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { markdown, oneLine } from '../client/foreign.ts';
import { RESULTS_FILE, readResults } from '../report/json.ts';
import { toTable } from '../report/table.ts';
import { clauseByTarget, type TargetColumn } from '../report/target-table.ts';
import { onInterrupt } from '../run/interrupt.ts';
import type { Results } from '../run/results.ts';
import { ROOT, suiteVersion } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run matrix -- [--results DIR]

Judges the tutorial's API on every target that can be started here: the embedded AWS, LocalStack, and the emulators
of infra/emulators (images by infra/emulators/build.sh all). Keeps each run's results under
results/<suite version>/<target>-<version>/, untouched, each with how to reproduce it, and prints clause by target.
A target that cannot be started is a column that says why.

Exit codes: 0 the matrix is made, whatever the verdicts; 2 not one target could be started.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev matrix',
      argv,
      { results: { type: 'string' } },
      { least: 0, most: 0, what: 'no name' },
    );
    const folder = path.resolve(values.results ?? path.join(ROOT, 'results', suiteVersion()));
    const columns: TargetColumn[] = [];
    for (const entry of ENTRIES) {
      process.stderr.write(`${entry.name} …\n`);
      const column = await judge(entry, folder);
      const said = column.results ? `${column.results.verdict}: ${column.results.because}` : column.reason;
      process.stderr.write(`${entry.name}: ${oneLine(said ?? '')}\n`);
      columns.push(column);
    }
    const { rows } = clauseByTarget(columns);
    makeFolder(folder);
    writeFileSync(path.join(folder, 'README.md'), overview(columns, toTable(rows, 'markdown')));
    process.stdout.write(toTable(rows, 'text'));
    return columns.some(({ results }) => results) ? 0 : 2;
  },
};

interface Entry {
  readonly name: string;
  /** For targets that do not tell their own. */
  readonly version?: string;
  /** What a person types to get the same run. */
  readonly reproduce: readonly string[];
  start(): Promise<{ options: readonly string[]; stop(): Promise<void> }>;
}

const NOTHING = async () => {};

const ENTRIES: readonly Entry[] = [
  {
    name: 'embedded AWS',
    reproduce: [`npm ci && ${called('run')}`],
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

async function judge(entry: Entry, folder: string): Promise<TargetColumn> {
  let stop: () => Promise<void> = NOTHING;
  const withdraw = onInterrupt(() => stop());
  const report = mkdtempSync(path.join(tmpdir(), 'kpc-matrix-'));
  try {
    const started = await entry.start();
    stop = started.stop;
    await conformance([...started.options, '--report', report]);
    const file = path.join(report, RESULTS_FILE);
    if (!existsSync(file))
      return { label: entry.name, results: undefined, reason: 'the run left no results' };
    const results = readResults(file);
    // A target that did not start has no version to keep its results under.
    if (results.verdict === 'error' && results.scenarios.length === 0)
      return { label: entry.name, results: undefined, reason: results.because };
    keep(file, results, entry, folder);
    return { label: undefined, results };
  } catch (error) {
    return { label: entry.name, results: undefined, reason: messageOf(error) };
  } finally {
    await stop();
    rmSync(report, { recursive: true, force: true });
    withdraw();
  }
}

/** Each run is a process of its own, as a person's would be. */
function conformance(options: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const main = path.join(ROOT, 'support/cli/main.mjs');
    const child = spawn(process.execPath, [main, 'conformance', ...options], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

function keep(file: string, results: Results, entry: Entry, folder: string): void {
  const { name } = results.target;
  const version =
    results.target.version === 'unknown' ? (entry.version ?? 'unknown') : results.target.version;
  const own = path.join(
    folder,
    `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${version.replace(/[^\w.+-]+/g, '-')}`,
  );
  makeFolder(own);
  copyFileSync(file, path.join(own, RESULTS_FILE));
  const failed = results.clauses.filter(({ result }) => result === 'failed').length;
  writeFileSync(
    path.join(own, 'README.md'),
    `# ${markdown(`${name} ${version}`)}, judged by kinesis-proxy-conformance ${results.suite.version}

Verdict: **${results.verdict}**. ${failed === 0 ? 'No clause failed.' : `${failed} of ${results.clauses.length} clauses failed.`}
\`conformance.json\` is as the run wrote it on ${results.startedAt.slice(0, 10)}; each failure in it holds its exchange.
The run below prints each as a curl line as well; with \`--keep\` added the API is still there to paste it to.

## Reproduce

\`\`\`sh
${entry.reproduce.join('\n')}
\`\`\`
`,
  );
}

function overview(columns: readonly TargetColumn[], table: string): string {
  const absent = columns.filter(({ results }) => !results);
  return `# Targets judged by kinesis-proxy-conformance ${suiteVersion()}

Made by \`npm run matrix\`. Each folder holds a run's results as it wrote them, and how to repeat it; \`${calledWith('results table')} FILE…\` makes this table of any results.

${table}${absent.map(({ label, reason }) => `\n${label} was not run: ${markdown(reason ?? 'unknown')}\n`).join('')}`;
}
