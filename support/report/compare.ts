import type { ClauseOutcome, Results } from '../run/results.ts';

export interface Change {
  readonly id: string;
  readonly statement: string;
  readonly before: ClauseOutcome | 'absent';
  readonly after: ClauseOutcome | 'absent';
  readonly kind: 'newly-failing' | 'newly-passing' | 'lost' | 'other';
}

/** How two runs differ, clause by clause. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
  /** What a pipeline should stop for: newly failing clauses, and clauses that used to be settled and are no longer. */
  readonly worse: readonly Change[];
}

/** Outcomes in which a clause is known to hold, or to fail only as listed. */
const SETTLED: readonly string[] = ['passed', 'diverged'];

export function compareResults(before: Results, after: Results): Comparison {
  const old = new Map(before.clauses.map((clause) => [clause.id, clause]));
  const young = new Map(after.clauses.map((clause) => [clause.id, clause]));
  const changes = [...new Set([...old.keys(), ...young.keys()])].flatMap((id): Change[] => {
    const was = old.get(id)?.result ?? 'absent';
    const is = young.get(id)?.result ?? 'absent';
    if (was === is) return [];
    const statement = young.get(id)?.statement ?? old.get(id)?.statement ?? '';
    return [{ id, statement, before: was, after: is, kind: kindOf(was, is) }];
  });
  const worse = changes.filter(({ kind }) => kind === 'newly-failing' || kind === 'lost');
  return { before: label(before), after: label(after), changes, worse };
}

function kindOf(was: Change['before'], is: Change['after']): Change['kind'] {
  if (is === 'failed') return 'newly-failing';
  if (is === 'passed') return 'newly-passing';
  if (SETTLED.includes(was) && !SETTLED.includes(is)) return 'lost';
  return 'other';
}

function label({ target, startedAt, suite }: Results): string {
  return `${target.name} ${target.version} (suite ${suite.version}, ${startedAt})`;
}
