import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { readResults } from '../report/json.ts';
import { toTraceability } from '../report/traceability.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const TABLE = 'docs/traceability.md';

export const command: Command = {
  help: `
npm run traceability -- [--check] [RESULTS]

Writes ${TABLE}: which clause was decided by which executed scenario, from RESULTS (default:
reports/embedded/conformance.json), which has to be a run of every core and extended clause. With --check nothing is
written, and the table has to match the run.

Exit codes: 0 written, or up to date; 1 out of date; 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev traceability',
      argv,
      { check: { type: 'boolean' } },
      { least: 0, most: 1, what: 'at most one results file' },
    );
    const source = positionals[0] ?? path.join(ROOT, 'reports/embedded/conformance.json');
    const results = readResults(source);
    const { complete, levels, description } = results.selection;
    if (!complete || levels.join() !== 'core,extended')
      throw new UsageError(
        `${source} covers ${description}; the table needs a run of all core and extended clauses`,
      );
    const file = path.join(ROOT, TABLE);
    const table = toTraceability(results);
    if (values.check) {
      const upToDate = existsSync(file) && readFileSync(file, 'utf8') === table;
      process.stdout.write(`${TABLE} is ${upToDate ? 'up to date' : 'out of date: npm run traceability'}\n`);
      return upToDate ? 0 : 1;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, table);
    process.stdout.write(`${TABLE} holds ${results.clauses.length} clauses\n`);
    return 0;
  },
};
