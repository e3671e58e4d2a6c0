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
/** `not-applicable`: the API has none of the calls that the clause speaks of; neither a pass nor a failure. */
export type ClauseOutcome =
  | 'passed'
  | 'failed'
  | 'diverged'
  | 'flaky'
  | 'not-observable'
  | 'not-applicable'
  | 'not-run';
export type ScenarioOutcome = 'passed' | 'failed' | 'diverged' | 'flaky' | 'skipped' | 'error';
/** What a failure or a pass says of an inferred clause on AWS, where such a clause does not gate. */
export type InferenceOutcome = 'confirmed' | 'refuted';

/** What cucumber's messages told of one executed scenario, before divergences are applied. */
export interface ScenarioRun {
  readonly id: string;
  readonly name: string;
  readonly feature: string;
  readonly line: number;
  readonly clauses: readonly string[];
  readonly outcome: Exclude<ScenarioOutcome, 'diverged'>;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Why it failed or was skipped; the step that failed first, then its error. */
  readonly reason?: string;
  /** Skipped for want of what nobody can have on demand there (`ON_DEMAND_CAPABILITIES`): others decide its clauses. */
  readonly untried?: true;
  readonly failedStep?: {
    readonly text: string;
    readonly line: number;
    /** Given, When or Then; absent for what comes before or after the steps, and in results of 0.1.0. */
    readonly type?: 'context' | 'action' | 'outcome';
  };
  readonly exchanges: readonly Exchange[];
  /** Test invocations; only where evidence was asked for, and in no report. */
  readonly tested?: readonly Exchange[];
  readonly observations: readonly string[];
  /** What API Gateway logged of the test invocations, each as one text. */
  readonly executionLogs?: readonly string[];
  /** Of a failure: what the definition's template makes of the request that shows it. */
  readonly mapped?: MappedRequest;
  /** Of the definition, met on the way; they fail nothing. */
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
  /** What to change where it is broken. */
  readonly remedy?: string;
  readonly scenarios: readonly string[];
}

/**
 * `undecided`: in a shard, where it passes; whether it is stale shows when the shards are merged. `unneeded`: it passes with
 * an API that the target's list was not made with, which may avoid what the target does otherwise.
 */
export type DivergenceStatus = 'expected' | 'stale' | 'expired' | 'undecided' | 'unneeded';

export interface DivergenceResult extends Divergence {
  readonly status: DivergenceStatus;
}

/** One run, judged: the only thing that reports are written from. */
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
    /** How it is written; absent for an API that was deployed already. */
    readonly form?: Form;
    /** What of it no run deploys, and why. */
    readonly leftOut?: readonly LeftOut[];
  };
  /** What the API offers; absent where nobody could read it. */
  readonly interface?: Interface;
  readonly contract: string;
  readonly selection: {
    readonly description: string;
    readonly complete: boolean;
    readonly levels: readonly Level[];
    /** How many scenarios the whole selection has, all shards together. */
    readonly size: number;
    readonly shard?: string;
  };
  /** The options that make the same run again, without secrets and without what selects scenarios. */
  readonly options?: readonly string[];
  /** Clauses that were not judged, since the user said so; absent where there are none. */
  readonly exclusions?: readonly Exclusion[];
  /** What the run met with and repeated, on a target whose quotas it keeps to. */
  readonly throttling?: RetryCounts;
  readonly verdict: Verdict;
  /** One line on why the verdict is what it is. */
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

/** How many clauses and scenarios ended in which way. */
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
