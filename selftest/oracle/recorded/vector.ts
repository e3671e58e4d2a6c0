import type { Counterexample } from '../report.ts';

/** One recording, named after its source. */
export interface Vector {
  /** Where it was recorded; for a later fact also its page and heading in docs/facts. */
  readonly source: string;
}

export interface Verdict {
  /** Absent where the embedded AWS behaves as AWS did. */
  readonly difference?: Counterexample;
}

/** @param seen each compared value: its name, the recorded value (undefined for none) and the actual one. */
export function verdictOf(
  vector: Vector,
  seen: readonly (readonly [what: string, expected: unknown, actual: unknown])[],
): Verdict {
  const wrong = seen.filter(
    ([, expected, actual]) => expected !== undefined && JSON.stringify(expected) !== JSON.stringify(actual),
  );
  if (wrong.length === 0) return {};
  const list = (side: 1 | 2) => wrong.map((row) => `${row[0]} ${JSON.stringify(row[side])}`).join(', ');
  return { difference: { input: JSON.stringify(vector), expected: list(1), actual: list(2) } };
}

/** A pattern as one of the compared values. */
export function matching(pattern: string | undefined, text: string) {
  const fits = pattern === undefined || new RegExp(pattern, 's').test(text);
  return ['text', pattern, fits ? pattern : text] as const;
}
