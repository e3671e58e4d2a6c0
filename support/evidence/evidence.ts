import type { Source } from '../../infra/targets/source.ts';
import type { Grade } from '../run/catalogue.ts';
import type { ClauseOutcome, ScenarioOutcome, ScenarioRun } from '../run/results.ts';

/** A JSON value, object members sorted by name. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A body: absent, JSON, or any other text. */
export type Body = { readonly json: Json } | { readonly text: string } | undefined;

/** An exchange without what differs from run to run: see docs/evidence.md for the placeholders. */
export interface NormalExchange {
  readonly request: {
    readonly method: string;
    /** The path below the stage's URL, including the query string. */
    readonly path: string;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Body;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Body;
  };
}

export interface ScenarioEvidence {
  readonly id: string;
  readonly result: ScenarioOutcome;
  readonly exchanges: readonly NormalExchange[];
}

/** What one run observed for one clause: the content of one file, `<clause>.json`. */
export interface ClauseEvidence {
  readonly schemaVersion: 1;
  readonly source: Source;
  readonly clause: string;
  readonly grade: Grade;
  readonly statement: string;
  readonly result: ClauseOutcome;
  readonly recorded: {
    /** `YYYY-MM-DD`. */
    readonly date: string;
    readonly target: { readonly name: string; readonly version: string };
    readonly definition: { readonly name: string; readonly sha256: string };
    readonly suite: { readonly version: string; readonly commit: string };
  };
  readonly scenarios: readonly ScenarioEvidence[];
}

/** What a run records for its evidence, in addition to its results. */
export interface Recording {
  readonly source: Source;
  /** The URLs of the stages that were called. */
  readonly baseUrls: readonly string[];
  /** With the exchanges of every scenario, passed ones included. */
  readonly runs: readonly ScenarioRun[];
}
