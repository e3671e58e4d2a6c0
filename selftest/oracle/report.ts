/** Why two implementations may answer differently without either being this project's defect. */
export interface Explanation {
  /** A short name, counted in the report. */
  readonly kind: string;
  readonly reason: string;
  /** The fact or clause that favours this project's answer, or that says AWS's is unrecorded. */
  readonly fact: string;
}

/** One input on which the two implementations differ, and no explanation fits. */
export interface Counterexample {
  readonly input: string;
  /** What the independent implementation says. */
  readonly expected: string;
  /** What this project says. */
  readonly actual: string;
}

export interface OracleReport {
  readonly name: string;
  readonly cases: number;
  readonly seed: number;
  readonly durationMs: number;
  readonly differences: readonly Counterexample[];
  /** How many differences each explanation accounts for. */
  readonly explained: Readonly<Record<string, number>>;
}

export interface OracleOptions {
  /** How many cases to generate, beside the fixed ones. */
  readonly cases: number;
  readonly seed: number;
}

/** An oracle cannot be run on this machine; the message says why and what to do. */
export class OracleUnavailable extends Error {
  override readonly name = 'OracleUnavailable';
}

/** Counts cases and explained differences while an oracle runs. */
export class Tally {
  cases = 0;
  readonly explained: Record<string, number> = {};

  explain(kind: string): void {
    this.explained[kind] = (this.explained[kind] ?? 0) + 1;
  }
}
