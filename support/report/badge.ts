import type { Results, Verdict } from '../run/results.ts';
import { plural } from '../run/verdict.ts';

const COLORS: Readonly<Record<Verdict, string>> = {
  conformant: 'brightgreen',
  'not-conformant': 'red',
  partial: 'yellow',
  error: 'lightgrey',
};

/**
 * The verdict as a badge, in the form of shields.io's endpoint badges: publish the file, and give its URL to
 * shields.io.
 */
export function toBadge({ verdict, selection, summary, clauses }: Results): string {
  const { failed, notApplicable } = summary.clauses;
  const counted = clauses.length - notApplicable;
  const message =
    verdict === 'not-conformant' && failed > 0
      ? `${verdict}: ${failed} of ${plural(counted, 'clause')} failed`
      : `${verdict}${selection.complete ? '' : ' (part of the contract)'}`;
  const badge = { schemaVersion: 1, label: 'Kinesis proxy', message, color: COLORS[verdict] };
  return `${JSON.stringify({ ...badge, ...(verdict === 'error' && { isError: true }) }, null, 2)}\n`;
}
