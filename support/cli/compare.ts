import { UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { markdown, oneLine } from '../client/untrusted-text.ts';
import { type Comparison, compareResults, KINDS } from '../report/compare.ts';
import { readResults } from '../report/json.ts';
import { toTable } from '../report/table.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const FORMATS = ['text', 'markdown', 'json'] as const;

export const command: Command = {
  help: `
${calledWith('results compare')} OLD NEW [--format text|markdown|json]

Shows what changed from OLD to NEW, clause by clause; each is a report folder, or the conformance.json in it.

Examples:
  ${calledWith('results compare')} before reports/embedded
  ${calledWith('results compare')} before.json after.json --format markdown

Exit codes: 0 no clause newly fails or is missing, 1 one does, 3 unreadable.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'results compare',
      argv,
      { format: { type: 'string' } },
      { least: 2, most: 2, what: `two results, OLD and NEW; for more there is ${called('results table')}` },
    );
    const format = FORMATS.find((known) => known === (values.format ?? 'text'));
    if (!format)
      throw new UsageError(`--format ${values.format} is unknown; it is one of ${FORMATS.join(', ')}`);
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
