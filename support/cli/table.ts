import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { readResults } from '../report/json.ts';
import { toTable } from '../report/table.ts';
import { clauseByTarget } from '../report/target-table.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { FORMATS } from './compare.ts';

export const command: Command = {
  help: `
${calledWith('results table')} FILE... [--format text|markdown|json]

Shows any number of runs side by side, as a table of clauses by target. FILE is a report folder, or the conformance.json in it.

Examples:
  ${calledWith('results table')} results/*/*/conformance.json
  ${calledWith('results table')} reports/embedded/conformance.json --format markdown

Exit codes: 0 printed, 3 unreadable.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'results table',
      argv,
      { format: { type: 'string' } },
      { least: 1, most: 1000, what: 'some results' },
    );
    const format = FORMATS.find((known) => known === (values.format ?? 'text'));
    if (!format)
      throw new UsageError(`--format ${values.format} is unknown; it is one of ${FORMATS.join(', ')}`);
    const table = clauseByTarget(
      positionals.map((file) => ({ label: undefined, results: readResults(file) })),
    );
    process.stdout.write(
      format === 'json' ? `${JSON.stringify(table, null, 2)}\n` : toTable(table.rows, format),
    );
    return 0;
  },
};
