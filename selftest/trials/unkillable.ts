/** What no mutant and no fault can make fail, with the reason; an entry that a trial does kill is an error. */
export interface Exempt {
  /** A scenario's id, or the pattern of a step. */
  readonly what: string;
  readonly why: string;
}

export const UNKILLABLE_SCENARIOS: readonly Exempt[] = [];

export const UNKILLABLE_STEPS: readonly Exempt[] = [];
