import type { MappedRequest } from '../../infra/definition/interface/mapped.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import type { Form, LeftOut } from '../../infra/definition/types.ts';
import type { RetryCounts } from '../../infra/retry/rate-limit.ts';
import type { TargetKind } from '../../infra/targets/target.ts';
import type { Exchange } from '../client/exchange.ts';
import type { Grade } from './catalogue.ts';
import type { Divergence } from './divergences.ts';
import type { Exclusion } from './exclusions.ts';
import type { Level } from './options.ts';

export type Verdict = 'conformant' | 'not-conformant' | 'partial' | 'error';
/** `not-applicable`: the API offers none of the calls of the clause. This is neither a pass nor a failure. */
export type ClauseOutcome =
  | 'passed'
  | 'failed'
  | 'diverged'
  | 'flaky'
  | 'not-observable'
  | 'not-applicable'
  | 'not-run';
export type ScenarioOutcome = 'passed' | 'failed' | 'diverged' | 'flaky' | 'skipped' | 'error';
/** What a run on AWS shows about an inferred clause, which does not gate there. */
export type InferenceOutcome = 'confirmed' | 'refuted';

/** One executed scenario according to cucumber's messages, before divergences are applied. */
export interface ScenarioRun {
  readonly id: string;
  readonly name: string;
  readonly feature: string;
  readonly line: number;
  readonly clauses: readonly string[];
  readonly outcome: Exclude<ScenarioOutcome, 'diverged'>;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Why it failed or was skipped. For a failure: the step that failed first, then its error. */
  readonly reason?: string;
  /**
   * Skipped because the target cannot produce the condition on demand (`ON_DEMAND_CAPABILITIES`). Other scenarios
   * decide its clauses.
   */
  readonly untried?: true;
  readonly failedStep?: {
    readonly text: string;
    readonly line: number;
    /** Given, When or Then. Absent for a failure before or after the steps, and in results of 0.1.0. */
    readonly type?: 'context' | 'action' | 'outcome';
  };
  readonly exchanges: readonly Exchange[];
  /** Test invocations, for evidence only. Reports do not have them. */
  readonly tested?: readonly Exchange[];
  readonly observations: readonly string[];
  /** What API Gateway logged of the test invocations, each as one text. */
  readonly executionLogs?: readonly string[];
  /** For a failure: the request to Kinesis that the definition's template renders. */
  readonly mapped?: MappedRequest;
  /** Weaknesses of the definition that the scenario met. They do not make it fail. */
  readonly weaknesses?: readonly string[];
}

export interface ScenarioResult extends Omit<ScenarioRun, 'outcome'> {
  readonly result: ScenarioOutcome;
}

export interface ClauseResult {
  readonly id: string;
  readonly level: Level;
  readonly grade: Grade;
  readonly statement: string;
  /** Where the clause comes from; absent in results of 0.1.0. */
  readonly source?: string;
  readonly result: ClauseOutcome;
  readonly gating: boolean;
  readonly inference?: InferenceOutcome;
  /** What to change in an API that breaks the clause. */
  readonly remedy?: string;
  /** Clauses whose defects break this one as well. */
  readonly follows?: readonly string[];
  /** Clauses that the same wrong answer breaks. */
  readonly alike?: readonly string[];
  readonly scenarios: readonly string[];
}

/**
 * `undecided`: it passes in a shard; merging the shards shows whether it is stale. `unneeded`: it passes with an API
 * for which the list was not made, and which may avoid the divergence.
 */
export type DivergenceStatus = 'expected' | 'stale' | 'expired' | 'undecided' | 'unneeded';

export interface DivergenceResult extends Divergence {
  readonly status: DivergenceStatus;
}

/** One judged run. All reports are written from it alone. */
export interface Results {
  readonly schemaVersion: 1;
  readonly suite: { readonly version: string; readonly commit: string };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly target: {
    readonly kind: TargetKind;
    readonly name: string;
    readonly version: string;
    readonly endpoint: string;
    readonly region: string;
    readonly capabilities: readonly string[];
    readonly details: Readonly<Record<string, string>>;
  };
  readonly definition: {
    readonly name: string;
    readonly sha256: string;
    /** The form of the definition; absent for an API that was already deployed. */
    readonly form?: Form;
    /** The parts of the definition that a run does not deploy, and why. */
    readonly leftOut?: readonly LeftOut[];
  };
  /** What the API offers; absent if unknown. */
  readonly interface?: Interface;
  readonly contract: string;
  readonly selection: {
    readonly description: string;
    readonly complete: boolean;
    readonly levels: readonly Level[];
    /** The number of selected scenarios, over all shards. */
    readonly size: number;
    readonly shard?: string;
  };
  /** The options that repeat the run, without secrets and without those that select scenarios. */
  readonly options?: readonly string[];
  /** The clauses that the user excluded; absent if there are none. */
  readonly exclusions?: readonly Exclusion[];
  /** The throttled and failed calls that the run retried, on a target whose quotas it keeps. */
  readonly throttling?: RetryCounts;
  readonly verdict: Verdict;
  /** One line that explains the verdict. */
  readonly because: string;
  readonly summary: {
    readonly clauses: Readonly<
      Record<
        'passed' | 'failed' | 'diverged' | 'flaky' | 'notObservable' | 'notApplicable' | 'notRun',
        number
      >
    >;
    readonly scenarios: Readonly<
      Record<'passed' | 'failed' | 'diverged' | 'skipped' | 'flaky' | 'error', number>
    >;
  };
  readonly clauses: readonly ClauseResult[];
  readonly scenarios: readonly ScenarioResult[];
  readonly divergences: readonly DivergenceResult[];
}

/** The numbers of clauses and scenarios by result. */
export function summarize({
  clauses,
  scenarios,
}: Pick<Results, 'clauses' | 'scenarios'>): Results['summary'] {
  const count = (rows: readonly { result: string }[], result: string) =>
    rows.filter((row) => row.result === result).length;
  return {
    clauses: {
      passed: count(clauses, 'passed'),
      failed: count(clauses, 'failed'),
      diverged: count(clauses, 'diverged'),
      flaky: count(clauses, 'flaky'),
      notObservable: count(clauses, 'not-observable'),
      notApplicable: count(clauses, 'not-applicable'),
      notRun: count(clauses, 'not-run'),
    },
    scenarios: {
      passed: count(scenarios, 'passed'),
      failed: count(scenarios, 'failed'),
      diverged: count(scenarios, 'diverged'),
      skipped: count(scenarios, 'skipped'),
      flaky: count(scenarios, 'flaky'),
      error: count(scenarios, 'error'),
    },
  };
}
