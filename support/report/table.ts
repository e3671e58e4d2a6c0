/** Rows as text with aligned columns, or as a Markdown table; the first row is the head. */
export function toTable(rows: readonly (readonly string[])[], format: 'text' | 'markdown'): string {
  const [head = [], ...body] = rows;
  if (format === 'markdown') {
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    return `${[line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')}\n`;
  }
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
