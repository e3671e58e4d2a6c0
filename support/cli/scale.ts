import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { readResults } from '../report/json.ts';
import { type BenchRun, costTable, shardTable } from '../report/scale.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const PAGE = 'docs/scale.md';
const BENCH = 'bench/results/run.json';
const RUNS = ['embedded-aws-0.1.0', 'localstack-4.14.0'].map(
  (name) => `results/0.1.0/${name}/conformance.json`,
);

export const command: Command = {
  help: `
npm run scale -- [--check]

Computes the tables of ${PAGE}: the duration of shards, from the runs in results/, and the cost of many definitions and
targets, from ${BENCH}, which npm run bench -- run measures. With --check nothing is written.

Exit codes: 0 written, or up to date; 1 out of date; 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev scale',
      argv,
      { check: { type: 'boolean' } },
      { least: 0, most: 0, what: 'no name' },
    );
    const file = path.join(ROOT, PAGE);
    const page = readFileSync(file, 'utf8');
    const computed = withTables(page);
    if (values.check) {
      process.stdout.write(`${PAGE} is ${page === computed ? 'up to date' : 'out of date: npm run scale'}\n`);
      return page === computed ? 0 : 1;
    }
    writeFileSync(file, computed);
    return 0;
  },
};

/** The page with computed tables; without the bench's results, its costs stay unchanged. */
export function withTables(page: string): string {
  const runs = RUNS.map((file) => readResults(path.join(ROOT, file)));
  const withShards = replace(page, 'shards', shardTable(runs));
  const bench = path.join(ROOT, BENCH);
  const [, localstack] = runs;
  if (!existsSync(bench) || !localstack) return withShards;
  return replace(
    withShards,
    'costs',
    costTable(JSON.parse(readFileSync(bench, 'utf8')) as BenchRun, localstack),
  );
}

/** @throws UsageError if the page lacks the two markers of the table. */
function replace(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: npm run scale -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new UsageError(`${PAGE} has no place for a table between "${begin}" and "${end}"`);
  return `${page.slice(0, from)}${begin}\n\n${table}\n${page.slice(to)}`;
}
