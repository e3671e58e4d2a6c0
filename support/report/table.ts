import { markdown, oneLine } from '../client/untrusted-text.ts';

/** Rows as text with aligned columns, or as a Markdown table in which no cell is markup; the first row is the head. */
export function toTable(rows: readonly (readonly string[])[], format: 'text' | 'markdown'): string {
  return format === 'markdown'
    ? markdownTable(rows.map((row) => row.map(markdown)))
    : aligned(rows.map((row) => row.map(oneLine)));
}

/** Rows of the suite's own Markdown as a table. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
