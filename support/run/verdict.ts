import type { TargetKind } from '../../infra/targets/target.ts';
import type { Clause } from './catalogue.ts';
import type { Divergence } from './divergences.ts';
import { type Exclusion, listed } from './exclusions.ts';
import type {
  ClauseOutcome,
  ClauseResult,
  DivergenceResult,
  DivergenceStatus,
  ScenarioResult,
  ScenarioRun,
  Verdict,
} from './results.ts';

/** The properties of a clause that the verdict needs. */
export type JudgedClause = Pick<
  Clause,
  'id' | 'level' | 'grade' | 'statement' | 'gating' | 'remedy' | 'follows' | 'alike'
> &
  Partial<Pick<Clause, 'source'>>;

/** All input of the verdict, which is a pure function of it. */
export interface RunFacts {
  /** The clauses that the verdict is about. */
  readonly clauses: readonly JudgedClause[];
  /** The result of each scenario that was started. */
  readonly runs: readonly ScenarioRun[];
  /** The scenarios that were selected: one without a run was not run. */
  readonly selected: readonly {
    readonly id: string;
    readonly clauses: readonly string[];
    /** The clauses that scenarios of other shards decide as well. */
    readonly sharedClauses?: readonly string[];
  }[];
  /** Why nothing was selected, and what to do. */
  readonly nothing?: string | undefined;
  /** Ids of clauses whose calls the API does not offer. */
  readonly notApplicable?: ReadonlySet<string>;
  /** The clauses that the user excluded. */
  readonly exclusions?: readonly Exclusion[];
  readonly divergences: readonly Divergence[];
  /**
   * True if the divergences are the project's list, which was made with another API or another setup of the target.
   */
  readonly isForeign?: boolean;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly target: TargetKind;
  /** True for a rehearsal: the target is treated as AWS but is not, so the results say nothing about AWS. */
  readonly isRehearsal?: boolean;
  /** An error outside the scenarios, such as a target that died; undefined if there was none. */
  readonly failure: string | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
  readonly clauses: readonly ClauseResult[];
  readonly scenarios: readonly ScenarioResult[];
  readonly divergences: readonly DivergenceResult[];
}

/**
 * Applies the rules: a skip is never a pass, and a known divergence excuses only the clause or scenario that it names.
 */
export function judge(facts: RunFacts): Judgement {
  const divergences = statuses(facts);
  const scenarios = facts.runs.toSorted(byPlace).map((run) => settle(run, divergences));
  const clauses = facts.clauses.map((clause) => decide(clause, scenarios, facts));
  return { ...conclude(facts, clauses, scenarios, divergences), clauses, scenarios, divergences };
}

/** In the order of the features, not the order of execution, which depends on workers, shards and chance. */
function byPlace(one: ScenarioRun, other: ScenarioRun): number {
  if (one.feature !== other.feature) return one.feature < other.feature ? -1 : 1;
  return one.line - other.line;
}

/** Leaves out divergences whose scenarios were not executed. */
function statuses(facts: RunFacts): DivergenceResult[] {
  return facts.divergences.flatMap((entry) => {
    const concerned = facts.runs.filter(
      (run) => run.outcome !== 'skipped' && run.outcome !== 'error' && concerns(entry, run),
    );
    if (concerned.length === 0) return [];
    if (concerned.every(({ outcome }) => outcome !== 'failed'))
      return [{ ...entry, status: whereItPasses(entry, facts) }];
    return [{ ...entry, status: entry.expires < facts.today ? 'expired' : 'expected' }];
  });
}

function whereItPasses({ clause }: Divergence, { selected, isForeign }: RunFacts): DivergenceStatus {
  if (isForeign) return 'unneeded';
  const isShared = selected.some(({ sharedClauses = [] }) => sharedClauses.some((id) => id === clause));
  return isShared ? 'undecided' : 'stale';
}

function concerns(entry: Divergence, run: ScenarioRun): boolean {
  return entry.scenario === undefined
    ? run.clauses.includes(entry.clause as string)
    : entry.scenario === run.id;
}

/** A failure is excused if the scenario is listed, or every clause that it decides. */
function settle(run: ScenarioRun, divergences: readonly DivergenceResult[]): ScenarioResult {
  const { outcome, ...rest } = run;
  const expected = divergences.filter(({ status }) => status === 'expected');
  const listed = expected.some(({ scenario }) => scenario === run.id);
  const everyClause =
    run.clauses.length > 0 && run.clauses.every((id) => expected.some(({ clause }) => clause === id));
  return { ...rest, result: outcome === 'failed' && (listed || everyClause) ? 'diverged' : outcome };
}

function decide(clause: JudgedClause, scenarios: readonly ScenarioResult[], facts: RunFacts): ClauseResult {
  const own = scenarios.filter(({ clauses }) => clauses.includes(clause.id));
  const selected = facts.selected.filter(({ clauses }) => clauses.includes(clause.id));
  const result = facts.notApplicable?.has(clause.id) ? 'not-applicable' : outcomeOf(own, selected.length);
  const inferredOnAws = clause.grade === 'I' && ['aws', 'url'].includes(facts.target);
  const tells = inferredOnAws && facts.isRehearsal !== true;
  return {
    id: clause.id,
    level: clause.level,
    grade: clause.grade,
    statement: clause.statement,
    ...(clause.source !== undefined && { source: clause.source }),
    result,
    gating: clause.gating && !inferredOnAws,
    ...(clause.remedy !== undefined && { remedy: clause.remedy }),
    ...(clause.follows !== undefined && { follows: clause.follows }),
    ...(clause.alike !== undefined && { alike: clause.alike }),
    ...(tells && result === 'passed' && { inference: 'confirmed' as const }),
    ...(tells && result === 'failed' && { inference: 'refuted' as const }),
    scenarios: own.map(({ id }) => id),
  };
}

function outcomeOf(own: readonly ScenarioResult[], selected: number): ClauseOutcome {
  const has = (result: ScenarioResult['result']) => own.some((scenario) => scenario.result === result);
  if (has('failed')) return 'failed';
  if (own.length < selected || own.length === 0 || has('error')) return 'not-run';
  // A known divergence must not hide an inconclusive scenario.
  if (own.some(({ result, untried }) => result === 'skipped' && !untried)) return 'not-observable';
  if (own.every(({ untried }) => untried)) return 'not-observable';
  if (has('flaky')) return 'flaky';
  return has('diverged') ? 'diverged' : 'passed';
}

function conclude(
  facts: RunFacts,
  clauses: readonly ClauseResult[],
  scenarios: readonly ScenarioResult[],
  divergences: readonly DivergenceResult[],
): Pick<Judgement, 'verdict' | 'because'> {
  const executed = scenarios.filter(({ result }) => result !== 'skipped');
  const broken = scenarios.filter(({ result }) => result === 'error');
  if (facts.failure !== undefined) return { verdict: 'error', because: facts.failure };
  if (facts.selected.length === 0)
    return { verdict: 'error', because: facts.nothing ?? 'the selection matched no scenario' };
  if (broken.length > 0)
    return {
      verdict: 'error',
      because: `the target or the suite failed in ${plural(broken.length, 'scenario')}, first in "${broken[0]?.id}": ${firstLine(broken[0]?.reason)}`,
    };
  // Other shards may have executed scenarios, so this shard alone is inconclusive.
  const isShard = facts.selected.some(({ sharedClauses }) => sharedClauses !== undefined);
  if (executed.length === 0 && !isShard)
    return {
      verdict: 'error',
      because: `nothing selected can be observed: ${plural(scenarios.length, 'scenario')} skipped, the first since ${firstLine(scenarios[0]?.reason).replace(/^not observable: /, '')}; give the run what that needs, or select other clauses with --clause`,
    };

  const failing = clauses.filter(({ result, gating }) => result === 'failed' && gating);
  const strayFailures = scenarios.filter(
    ({ result, clauses: ids }) =>
      result === 'failed' && !ids.some((id) => clauses.some((clause) => clause.id === id)),
  );
  const unfit = divergences.filter(({ status }) => status === 'stale' || status === 'expired');
  const reasons = [
    failing.length > 0 && `failed: ${failing.map(({ id }) => id).join(', ')}`,
    strayFailures.length > 0 && `failed: ${strayFailures.map(({ id }) => id).join('; ')}`,
    ...unfit.map(({ clause, scenario, status, expires }) =>
      status === 'stale'
        ? `the divergence of ${clause ?? `"${scenario}"`} is stale: it passes`
        : `the divergence of ${clause ?? `"${scenario}"`} expired on ${expires}`,
    ),
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) return { verdict: 'not-conformant', because: reasons.join('; ') };

  const open = clauses.filter(
    ({ result, gating }) => gating && ['not-run', 'not-observable', 'flaky'].includes(result),
  );
  if (open.length > 0)
    return {
      verdict: 'partial',
      because: `inconclusive: ${open.map(({ id, result }) => `${id} (${result})`).join(', ')}`,
    };
  const applicable = clauses.filter(({ result }) => result !== 'not-applicable');
  const diverged = clauses.filter(({ result }) => result === 'diverged').length;
  const others = clauses.length - applicable.length;
  const hold =
    diverged === 0
      ? applicable.length === 1
        ? '1 clause passed'
        : `all ${applicable.length} clauses passed`
      : `${plural(applicable.length - diverged, 'clause')} of ${applicable.length} passed, ${diverged} diverged as listed`;
  const { exclusions = [] } = facts;
  const because = [
    hold,
    others > 0 && `${others} not applicable`,
    exclusions.length > 0 && `excluded: ${listed(exclusions)}`,
  ].filter((part) => part !== false);
  return { verdict: 'conformant', because: because.join('; ') };
}

/** `LocalStack 4.9.2`; `embedded AWS (version unknown)` if the run ended before the target reported its version. */
export function targetInWords({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string;
}): string {
  return version === 'unknown' ? `${name} (version unknown)` : `${name} ${version}`;
}

/** `1 clause`, `2 clauses`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function firstLine(text: string | undefined): string {
  return (text ?? 'no reason was recorded').split('\n')[0] as string;
}
