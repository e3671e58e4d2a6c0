import type { Counterexample } from '../report.ts';

/** One recording: named after where it was made. */
export interface Vector {
  /** Where it was recorded; of a later fact also its page and heading in docs/facts. */
  readonly source: string;
}

export interface Verdict {
  /** Absent where the embedded AWS does as AWS did. */
  readonly difference?: Counterexample;
}

/** @param seen each thing that is compared: its name, what was recorded (undefined for nothing) and what is. */
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

/** For a pattern as one of the things that are compared. */
export function matching(pattern: string | undefined, text: string) {
  const fits = pattern === undefined || new RegExp(pattern, 's').test(text);
  return ['text', pattern, fits ? pattern : text] as const;
}
