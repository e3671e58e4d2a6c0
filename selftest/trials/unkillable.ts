/** What no mutant and no fault can make fail, each with the reason; an entry that is killed all the same is an error. */
export interface Exempt {
  /** A scenario's id, or the pattern of a step. */
  readonly what: string;
  readonly why: string;
}

export const UNKILLABLE_SCENARIOS: readonly Exempt[] = [];

export const UNKILLABLE_STEPS: readonly Exempt[] = [];
