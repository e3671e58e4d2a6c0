import type { Outcome } from './trial.ts';
import type { Exempt } from './unkillable.ts';
import type { Report } from './worker-pool.ts';

/** What one report shows about the suite. */
export interface Judged {
  readonly report: Report;
  /** What is wrong; undefined when nothing is. */
  readonly problem: string | undefined;
}

export function judgeReport(report: Report): Judged {
  return { report, problem: 'outcome' in report ? problemOf(report.outcome) : report.failure };
}

function problemOf(outcome: Outcome) {
  const { kind, verdict, because, mustFail, failedClauses, targetFailure, refused = '', kills } = outcome;
  if (kind === 'variant')
    return verdict === 'conformant' ? undefined : `turned red: ${because}${details(kills)}`;
  if (targetFailure)
    return verdict === 'error' && because.includes(refused)
      ? undefined
      : `not reported as a target failure, but: ${because}`;
  const missing = mustFail.filter((clause) => !failedClauses.includes(clause));
  if (missing.length === 0) return undefined;
  if (kills.length === 0) return `survives: nothing failed (${verdict})`;
  const others = failedClauses.filter((clause) => !missing.includes(clause));
  const seen = others.length > 0 ? `noticed by ${others.join(', ')}` : `noticed by no clause (${because})`;
  return `not caught by ${missing.join(', ')}; ${seen}`;
}

function details(kills: Outcome['kills']): string {
  return kills.map(({ scenario, reason }) => `\n      ${scenario}: ${reason}`).join('');
}

/** What never failed although it should have, and what failed although it is listed as unkillable. */
export function idle(all: Iterable<string>, failed: ReadonlySet<string>, exempt: readonly Exempt[]) {
  const reasons = new Map(exempt.map(({ what, why }) => [what, why]));
  const known = new Set(all);
  return {
    idle: [...known].filter((what) => !failed.has(what) && !reasons.has(what)).sort(),
    stale: [...reasons.keys()].filter((what) => failed.has(what) || !known.has(what)).sort(),
  };
}
