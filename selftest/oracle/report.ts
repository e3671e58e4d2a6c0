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
  /** What the independent implementation, or the recording, says. */
  readonly expected: string;
  /** What this project says. */
  readonly actual: string;
}

/** An explanation and how many differences it accounts for. */
export type Explained = Pick<Explanation, 'kind' | 'reason' | 'fact'> & { readonly count: number };

export interface OracleReport {
  readonly cases: number;
  readonly differences: readonly Counterexample[];
  readonly explained: readonly Explained[];
  /** What else a reader should know of how much was compared: a line each. */
  readonly notes?: readonly string[];
}

export interface OracleOptions {
  /** How many cases to generate, beside the fixed ones. */
  readonly cases: number;
  readonly seed: number;
}

/** An independent source of truth and the comparison with it. */
export interface Oracle {
  /** What is compared with what: one line for people. */
  readonly summary: string;
  /** How many cases are generated unless told otherwise; 0 for an oracle that generates none. */
  readonly cases: number;
  /** @throws OracleUnavailable where it cannot be run on this machine. */
  run(options: OracleOptions): Promise<OracleReport>;
}

/** An oracle cannot be run on this machine; the message says why and what to do. */
export class OracleUnavailable extends Error {
  override readonly name = 'OracleUnavailable';
}

/** Counts cases and explained differences while an oracle runs. */
export class Tally {
  cases = 0;
  readonly #explained = new Map<string, Explained>();

  explain({ kind, reason, fact }: Explanation): void {
    const count = (this.#explained.get(kind)?.count ?? 0) + 1;
    this.#explained.set(kind, { kind, reason, fact, count });
  }

  get explained(): readonly Explained[] {
    return [...this.#explained.values()].sort((one, other) => other.count - one.count);
  }
}
