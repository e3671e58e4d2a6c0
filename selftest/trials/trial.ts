import type { Change } from '../changes/change.ts';
import type { Base } from '../changes/stack.ts';
import { FAULTS } from '../faults/index.ts';
import { MUTANTS } from '../mutants/index.ts';
import { VARIANTS } from '../variants/index.ts';

/** One change, tried on the suite. */
export interface Trial {
  readonly kind: 'mutant' | 'fault' | 'variant';
  /** The file it comes from. */
  readonly group: string;
  readonly name: string;
  readonly why: string;
  readonly change: Change;
  /** The base that is changed, at level production; undefined for the tutorial's API, at core and extended. */
  readonly base?: Base | undefined;
  /** The clauses whose scenarios run. */
  readonly tries: readonly string[] | 'everything';
  /** The clauses that have to fail. */
  readonly mustFail: readonly string[];
  /** Whether the run has to end as a target failure, without failing a clause. */
  readonly targetFailure: boolean;
  /** The message that the failure has to contain. */
  readonly refused?: string | undefined;
}

/** The outcome of a trial. */
export interface Outcome {
  readonly kind: Trial['kind'];
  readonly group: string;
  readonly name: string;
  readonly why: string;
  readonly mustFail: readonly string[];
  readonly targetFailure: boolean;
  readonly refused?: string | undefined;
  readonly verdict: string;
  readonly because: string;
  /** The failed ones among the clauses tried. */
  readonly failedClauses: readonly string[];
  readonly kills: readonly Kill[];
  /** Patterns of the outcome steps (Then) of the scenarios that ran. */
  readonly outcomeSteps: readonly string[];
  /** The ids of the scenarios that ran. */
  readonly scenarios: readonly string[];
  readonly durationMs: number;
}

/** A scenario that failed, or could not run. */
export interface Kill {
  readonly scenario: string;
  readonly clauses: readonly string[];
  readonly isError: boolean;
  /** The pattern of the step that failed; undefined for a failure before or after the steps. */
  readonly step: string | undefined;
  /** The first line. */
  readonly reason: string;
}

/**
 * All trials of the self-test, slow ones first so that two processes end together.
 * @throws Error where two trials share a name: processes look them up by name, so one would never be tried.
 */
export function allTrials(): Trial[] {
  const variants = VARIANTS.map(
    ({ name, why, change, base }): Trial => ({
      kind: 'variant',
      group: 'variants',
      name,
      why,
      change,
      base,
      tries: 'everything',
      mustFail: [],
      targetFailure: false,
    }),
  );
  const faults = FAULTS.map(({ name, why, expect, tried, change }): Trial => {
    const mustFail = expect === 'target failure' ? [] : expect.clauses;
    return {
      kind: 'fault',
      group: 'faults',
      name,
      why,
      change,
      tries: tried ?? mustFail,
      mustFail,
      targetFailure: expect === 'target failure',
    };
  });
  const mutants = Object.entries(MUTANTS).flatMap(([group, members]) =>
    members.map(
      ({ name, why, clauses, refused, change, base }): Trial => ({
        kind: 'mutant',
        group,
        name,
        why,
        change,
        base,
        tries: clauses,
        mustFail: refused === undefined ? clauses : [],
        targetFailure: refused !== undefined,
        refused,
      }),
    ),
  );
  const trials = [...variants, ...faults, ...mutants];
  const names = trials.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`two trials have the name ${twice.join(', ')}`);
  return trials;
}
