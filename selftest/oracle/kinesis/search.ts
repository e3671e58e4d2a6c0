import fc from 'fast-check';
import type { Counterexample, Explanation, OracleOptions, Tally } from '../report.ts';

/** Where one answer of an oracle differs from ours, and why it may, where that is known. */
export interface Difference extends Counterexample {
  readonly explanation: Explanation | undefined;
}

/** How cases come about, and what is compared in one. */
export interface Comparison<T> {
  /** Cases of every run. */
  readonly fixed: readonly T[];
  readonly generated: fc.Arbitrary<T>;
  differences(value: T): Promise<readonly Difference[]>;
}

/** Differences after which a run ends: one defect makes many. */
const MAX_DIFFERENCES = 10;

/** Compares the fixed cases and then generated ones. @returns what nothing explains, made as small as it goes. */
export async function search<T>(
  { fixed, generated, differences }: Comparison<T>,
  { cases, seed }: OracleOptions,
  tally: Tally,
): Promise<readonly Counterexample[]> {
  const found: Counterexample[] = [];
  let shrinking = false;
  const unexplained = async (value: T): Promise<Difference | undefined> => {
    if (!shrinking) tally.cases += 1;
    let first: Difference | undefined;
    for (const difference of await differences(value)) {
      if (difference.explanation === undefined) first ??= difference;
      else if (!shrinking) tally.explain(difference.explanation);
    }
    return first;
  };
  for (const value of fixed) {
    const difference = await unexplained(value);
    if (difference !== undefined) found.push(difference);
  }
  const last = tally.cases + cases;
  for (let round = 0; tally.cases < last && found.length < MAX_DIFFERENCES; round += 1) {
    shrinking = false;
    const property = fc.asyncProperty(generated, async (value) => {
      if ((await unexplained(value)) === undefined) return true;
      shrinking = true;
      return false;
    });
    const { counterexample: smallest } = await fc.check(property, {
      numRuns: last - tally.cases,
      seed: seed + round,
    });
    const difference = smallest ? await unexplained(smallest[0]) : undefined;
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

/** An explanation, and a case in which what it explains has to be seen. */
export interface Witnessed<T> extends Explanation {
  readonly witness: T;
}

/**
 * The explanations that no longer explain anything: each is held against its witness, so that whether it is stale does
 * not depend on what was generated.
 */
export async function staleOf<T>(
  explanations: readonly Witnessed<T>[],
  differences: Comparison<T>['differences'],
): Promise<readonly Counterexample[]> {
  const stale: Counterexample[] = [];
  for (const { kind, witness } of explanations) {
    const seen = await differences(witness);
    if (seen.some(({ explanation }) => explanation?.kind === kind)) continue;
    stale.push({
      input: `explanation ${kind}, at its witness ${JSON.stringify(witness)}`,
      expected: 'a difference that it explains; without one the entry is stale and has to go',
      actual: seen.map(({ expected, actual }) => `${expected} / ${actual}`).join(', ') || 'no difference',
    });
  }
  return stale;
}
