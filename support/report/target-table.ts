import { verdictInWords } from '../run/exclusions.ts';
import type { Results } from '../run/results.ts';
import { targetInWords } from '../run/verdict.ts';

/** One column of the table: a run, or the reason why there is none. */
export interface TargetColumn {
  readonly label: string | undefined;
  readonly results: Results | undefined;
  readonly reason?: string;
}

export interface TargetTable {
  /** The head, the verdicts, then one row for each clause; `-` if a run does not have it. */
  readonly rows: readonly (readonly string[])[];
}

/** Clause by target, in the order of the first run that knows a clause. */
export function clauseByTarget(columns: readonly TargetColumn[]): TargetTable {
  const ids = [...new Set(columns.flatMap(({ results }) => results?.clauses.map(({ id }) => id) ?? []))];
  // The API's name is shown only if the columns have different APIs.
  const isMixed = new Set(columns.map(({ results }) => results?.definition.name).filter(Boolean)).size > 1;
  const labels = columns.map(({ label, results }) => {
    const target = label ?? (results ? targetInWords(results.target) : '?');
    return isMixed && results ? `${target}, ${results.definition.name}` : target;
  });
  return {
    rows: [
      ['clause', ...labels],
      ['verdict', ...columns.map(({ results }) => (results ? verdictInWords(results) : 'not started'))],
      ['scenarios', ...columns.map(({ results, reason }) => (results ? executed(results) : (reason ?? '')))],
      ...ids.map((id) => [id, ...columns.map(({ results }) => cell(results, id))]),
    ],
  };
}

function cell(results: Results | undefined, id: string): string {
  const isExcluded = results?.exclusions?.some(({ clause }) => clause === id);
  return isExcluded ? 'excluded' : (results?.clauses.find((clause) => clause.id === id)?.result ?? '-');
}

function executed({ summary: { scenarios } }: Results): string {
  const total = Object.values(scenarios).reduce((sum, count) => sum + count, 0);
  return `${scenarios.passed} of ${total} passed`;
}
