import { withoutCommands } from '../client/untrusted-text.ts';
import { redactAll } from '../report/redact-all.ts';
import { toText } from '../report/text.ts';
import type { Results } from '../run/results.ts';
import { printOwn } from './output.ts';

/** The text summary, in colour on a terminal. */
export function printSummary(results: Results, { isKept = false } = {}): void {
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const { columns } = process.stdout;
  if (!color) process.stdout.write(toText(results, { color, columns, isKept }));
  else printOwn(withoutCommands(toText(redactAll(results), { color, columns, isKept })));
}
