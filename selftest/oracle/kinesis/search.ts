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
    // Kept as it was seen: what depends on time might not be seen again.
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

/** An explanation, and a case in which what it explains has to be seen. */
export interface Witnessed<T> extends Explanation {
  readonly witness: T;
}

/** A witness in which the second of a split counts can miss once, and does not miss so often in a row. */
const MAX_TRIES = 5;

/**
 * The explanations that no longer explain anything: each is held against its witness, so that whether it is stale does
 * not depend on what was generated.
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
      expected: 'a difference that it explains; without one the entry is stale and has to go',
      actual: seen.map(({ expected, actual }) => `${expected} / ${actual}`).join(', ') || 'no difference',
    });
  }
  return stale;
}
