import { RESULTS } from '../report/page/view.ts';
import { verdictInWords } from '../run/exclusions.ts';
import { nounOf } from './clauses.ts';
import type { Kept, KeptRun } from './kept-results.ts';
import { clausePath } from './page.ts';

export interface TargetView {
  readonly target: string;
  readonly definition: string;
  readonly href: string;
  readonly verdict: string;
  readonly tone: string;
  readonly because: string;
  /** The clauses by result, with their share of a bar in percent. */
  readonly counts: readonly {
    readonly word: string;
    readonly tone: string;
    readonly count: number;
    readonly start: number;
    readonly width: number;
  }[];
  readonly scenarios: string;
}

export interface TableView {
  readonly title: string;
  readonly anchor: string;
  readonly note: string;
  readonly targets: readonly TargetView[];
  readonly nouns: readonly {
    readonly name: string;
    readonly rows: readonly {
      readonly id: string;
      readonly href: string;
      readonly statement: string;
      readonly cells: readonly { readonly word: string; readonly tone: string }[];
    }[];
  }[];
}

const TONES = { conformant: 'good', 'not-conformant': 'bad', partial: 'open', error: 'open' } as const;

/** The tables of clauses by target, one for each contract. */
export function toTables({ runs }: Kept): TableView[] {
  return [
    {
      title: 'The tutorial’s API',
      anchor: 'tutorial',
      note: 'Levels core and extended: the contract of the eight calls at their paths.',
      runs: runs.filter(({ isProduction }) => !isProduction),
    },
    {
      title: 'Any proxy of Kinesis',
      anchor: 'production',
      note: 'Level production: the requirements for a proxy of any shape, for the tutorial’s API and the hardened one.',
      runs: runs.filter(({ isProduction }) => isProduction),
    },
  ].map(({ runs: own, ...rest }) => ({ ...rest, targets: own.map(toTarget), nouns: nounsOf(own) }));
}

function nounsOf(runs: readonly KeptRun[]): TableView['nouns'] {
  const statements = new Map(
    runs.flatMap(({ results }) => results.clauses.map(({ id, statement }) => [id, statement] as const)),
  );
  const rows = [...statements].map(([id, statement]) => ({
    id,
    href: clausePath(id),
    statement,
    cells: runs.map(({ results }) => {
      const result = results.clauses.find((clause) => clause.id === id)?.result;
      return result === undefined ? { word: 'not judged', tone: 'quiet' } : RESULTS[result];
    }),
  }));
  return [...Map.groupBy(rows, ({ id }) => nounOf(id))].map(([name, own]) => ({ name, rows: own }));
}

function toTarget({ target, folder, results }: KeptRun): TargetView {
  const { clauses, verdict, because, summary, definition } = results;
  let start = 0;
  const counts = Object.entries(RESULTS)
    .map(([result, { word, tone }]) => {
      const count = clauses.filter((clause) => clause.result === result).length;
      const width = (100 * count) / Math.max(clauses.length, 1);
      const part = { word, tone, count, start, width };
      start += width;
      return part;
    })
    .filter(({ count }) => count > 0);
  const all = Object.values(summary.scenarios).reduce((sum, count) => sum + count, 0);
  return {
    target,
    definition: definition.name,
    href: `${folder}/index.html`,
    verdict: verdictInWords(results).replaceAll('-', ' '),
    tone: TONES[verdict],
    because,
    counts,
    scenarios: `${summary.scenarios.passed} of ${all} scenarios passed`,
  };
}
