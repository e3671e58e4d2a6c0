import { listed } from '../run/exclusions.ts';
import type { ClauseOutcome, Results } from '../run/results.ts';
import { targetInWords } from '../run/verdict.ts';

export interface Change {
  readonly id: string;
  readonly statement: string;
  readonly before: Outcome;
  readonly after: Outcome;
  readonly kind: (typeof KINDS)[number];
}

/** `absent`: not in the run's selection; `excluded`: excluded by the user. */
type Outcome = ClauseOutcome | 'absent' | 'excluded';

/**
 * In order of importance. `lost`: the older run decided the clause, the newer one did not. The next three are clauses
 * that the newer run does not judge, which is not a failure.
 */
export const KINDS = [
  'newly-failing',
  'lost',
  'no-longer-applicable',
  'newly-excluded',
  'no-longer-judged',
  'other',
  'newly-passing',
] as const;

/** How two runs differ, clause by clause. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  /** The exclusions of the newer run with their reasons; empty if there are none. */
  readonly excluded: string;
  readonly changes: readonly Change[];
  /** The changes for which a pipeline should stop: newly failing clauses, and clauses that are no longer decided. */
  readonly worse: readonly Change[];
}

/** The outcomes in which a clause passes, or fails only as listed. */
const SETTLED: readonly string[] = ['passed', 'diverged'];

export function compareResults(before: Results, after: Results): Comparison {
  const old = new Map(before.clauses.map((clause) => [clause.id, clause]));
  const young = new Map(after.clauses.map((clause) => [clause.id, clause]));
  const changes = [...new Set([...old.keys(), ...young.keys()])].flatMap((id): Change[] => {
    const was = old.get(id)?.result ?? outside(before, id);
    const is = young.get(id)?.result ?? outside(after, id);
    if (was === is) return [];
    const statement = young.get(id)?.statement ?? old.get(id)?.statement ?? '';
    return [{ id, statement, before: was, after: is, kind: kindOf(was, is) }];
  });
  const worse = changes.filter(({ kind }) => kind === 'newly-failing' || kind === 'lost');
  return {
    before: label(before),
    after: label(after),
    excluded: listed(after.exclusions ?? []),
    changes,
    worse,
  };
}

function outside({ exclusions = [] }: Results, id: string): Outcome {
  return exclusions.some(({ clause }) => clause === id) ? 'excluded' : 'absent';
}

function kindOf(was: Change['before'], is: Change['after']): Change['kind'] {
  if (is === 'failed') return 'newly-failing';
  if (is === 'passed') return 'newly-passing';
  if (is === 'not-applicable' && was !== 'absent') return 'no-longer-applicable';
  if (is === 'excluded' && was !== 'absent') return 'newly-excluded';
  if (is === 'absent') return 'no-longer-judged';
  if (SETTLED.includes(was) && !SETTLED.includes(is)) return 'lost';
  return 'other';
}

function label({ target, startedAt, suite }: Results): string {
  return `${targetInWords(target)} (suite ${suite.version}, ${startedAt})`;
}
