import fc from 'fast-check';
import type { Counterexample, Explanation, OracleOptions, Tally } from '../report.ts';

/** One difference between an oracle's answer and ours, with its explanation where one is known. */
export interface Difference extends Counterexample {
  readonly explanation: Explanation | undefined;
}

/** How cases are generated, and what is compared in each. */
export interface Comparison<T> {
  /** The cases that every run tries. */
  readonly fixed: readonly T[];
  readonly generated: fc.Arbitrary<T>;
  differences(value: T): Promise<readonly Difference[]>;
}

/** The number of differences after which a run ends, as one defect causes many. */
const MAX_DIFFERENCES = 10;

/** Compares the fixed cases and then generated ones. @returns the unexplained differences, shrunk. */
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
    // Kept as it was first observed: a difference that depends on time may not occur again.
    let smallest: Difference | undefined;
    shrinking = false;
    const property = fc.asyncProperty(generated, async (value) => {
      const difference = await unexplained(value);
      if (difference === undefined) return true;
      shrinking = true;
      smallest = difference;
      return false;
    });
    await fc.check(property, { numRuns: last - tally.cases, seed: seed + round });
    if (smallest !== undefined) found.push(smallest);
  }
  return found;
}

/** An explanation, and a case that has to show the difference it explains. */
export interface Witnessed<T> extends Explanation {
  readonly witness: T;
}

/** Attempts per witness: one that depends on the second of a split can miss once, but not this often in a row. */
const MAX_TRIES = 5;

/**
 * The explanations that no longer explain anything: each is checked by its witness, so that the result does
 * not depend on the generated cases.
 */
export async function staleOf<T>(
  explanations: readonly Witnessed<T>[],
  differences: Comparison<T>['differences'],
): Promise<readonly Counterexample[]> {
  const stale: Counterexample[] = [];
  for (const entry of explanations) {
    let seen: readonly Difference[] = [];
    let isSeen = false;
    for (let tries = 0; tries < MAX_TRIES && !isSeen; tries += 1) {
      seen = await differences(entry.witness);
      isSeen = seen.some(({ explanation }) => explanation === entry);
    }
    if (isSeen) continue;
    stale.push({
      input: `explanation ${entry.kind}, at its witness ${JSON.stringify(entry.witness)}`,
      expected: 'a difference that it explains; without one, delete the stale entry',
      actual: seen.map(({ expected, actual }) => `${expected} / ${actual}`).join(', ') || 'no difference',
    });
  }
  return stale;
}
