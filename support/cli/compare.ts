import { UsageError } from '../../infra/errors.ts';
import { markdown, oneLine } from '../client/foreign.ts';
import { type Comparison, compareResults, KINDS } from '../report/compare.ts';
import { readResults } from '../report/json.ts';
import { toTable } from '../report/table.ts';
import { clauseByTarget } from '../report/target-table.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const FORMATS = ['text', 'markdown', 'json'] as const;

export const command: Command = {
  help: `
npm run compare -- OLD NEW [--format text|markdown|json]
npm run compare -- --table FILE... [--format text|markdown|json]

OLD, NEW and FILE are report folders, or the conformance.json in them. The first form tells what changed, clause by clause; the second lays
any number of runs side by side, clause by target.

Exit codes: 0 nothing newly failing or lost, 1 something, 3 unreadable.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'compare',
      argv,
      { format: { type: 'string' }, table: { type: 'boolean' } },
      { least: 1, most: 1000, what: 'two results, or --table and some' },
    );
    const format = FORMATS.find((known) => known === (values.format ?? 'text'));
    if (!format)
      throw new UsageError(`--format ${values.format} is unknown; it is one of ${FORMATS.join(', ')}`);
    if (values.table) {
      const table = clauseByTarget(
        positionals.map((file) => ({ label: undefined, results: readResults(file) })),
      );
      process.stdout.write(
        format === 'json' ? `${JSON.stringify(table, null, 2)}\n` : toTable(table.rows, format),
      );
      return 0;
    }
    if (positionals.length !== 2)
      throw new UsageError('npm run compare takes two results, OLD and NEW; for more give --table');
    const [before, after] = positionals as [string, string];
    const comparison = compareResults(readResults(before), readResults(after));
    process.stdout.write(
      format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : describe(comparison, format),
    );
    return comparison.worse.length === 0 ? 0 : 1;
  },
};

function describe(
  { before, after, changes, worse, excluded }: Comparison,
  format: 'text' | 'markdown',
): string {
  const label = format === 'markdown' ? markdown : oneLine;
  const gap = format === 'markdown' ? '\n' : '';
  const left = excluded === '' ? '' : `${gap}excluded in new: ${label(excluded)}\n`;
  const head = `old ${label(before)}\n${gap}new ${label(after)}\n${left}\n`;
  if (changes.length === 0) return `${head}no clause changed\n`;
  const rows = [...changes]
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .map(({ id, kind, before: was, after: is, statement }) => [
      id,
      kind.replaceAll('-', ' '),
      `${was} → ${is}`,
      statement,
    ]);
  const count = worse.length === 0 ? 'nothing got worse' : `${worse.length} got worse`;
  return `${head}${toTable([['clause', 'change', 'result', 'statement'], ...rows], format)}\n${count}\n`;
}
