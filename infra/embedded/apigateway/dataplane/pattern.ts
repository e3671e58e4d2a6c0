import { spend, terminable } from './work.ts';

/**
 * Runs a regular expression from a definition or a request. JavaScript's engine backtracks, and linear engines (RE2)
 * lack lookaround and backreferences, which Java has. So V8 interrupts a search that takes too long. This costs a
 * thread per run, which patterns with a known bound do not need.
 *
 * @param length of the searched text. @param run searches it and does little else.
 * @throws WorkExceeded
 */
export function searching<T>(pattern: RegExp, length: number, run: () => T): T {
  const steps = worstCase(shapeOf(pattern.source), length);
  if (steps > MAX_FREE_STEPS) return terminable(run);
  spend(steps / 8);
  return run();
}

export function tests(pattern: RegExp, text: string): boolean {
  return searching(pattern, text.length, () => pattern.test(text));
}

const MAX_REMEMBERED = 500;
const compiled = new Map<string, RegExp | SyntaxError>();

/** A pattern without flags, compiled once. @throws SyntaxError */
export function patternOf(source: string): RegExp {
  const known = compiled.get(source) ?? compile(source);
  if (compiled.size >= MAX_REMEMBERED) compiled.delete(compiled.keys().next().value as string);
  compiled.set(source, known);
  if (known instanceof RegExp) return known;
  throw known;
}

function compile(source: string): RegExp | SyntaxError {
  try {
    return new RegExp(source);
  } catch (error) {
    return error as SyntaxError;
  }
}

/** A number of engine steps that takes about a millisecond at most. */
const MAX_FREE_STEPS = 100_000;

interface Shape {
  /** A nested quantifier or a backreference: no bound is known. */
  readonly isOpen: boolean;
  readonly size: number;
  /** A search has to begin at the start of the text. */
  readonly isWhole: boolean;
  /** Quantifiers without a maximum, the maximums of the others, and those that only make something optional. */
  readonly repeats: number;
  readonly maximums: readonly number[];
  readonly options: number;
  readonly alternatives: number;
}

/** Constructs without a known bound. */
const REFERENCE_BACK = '(x*)*';

const shapes = new Map<string, Shape>();

function shapeOf(source: string): Shape {
  const known = shapes.get(source);
  if (known !== undefined) return known;
  const atoms = source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g, (part) =>
    /^\\[k1-9]/.test(part) ? REFERENCE_BACK : 'x',
  );
  const count = (pattern: RegExp) => atoms.match(pattern)?.length ?? 0;
  const shape = {
    isOpen: /\)(?:[*+]|\{)/.test(atoms) || source.length > 1_000,
    size: source.length,
    isWhole: /^\^\(\?:.*\)\$$/s.test(atoms) && isBalanced(atoms.slice(4, -2)),
    repeats: count(/[*+]|\{\d+,\}/g),
    maximums: [...atoms.matchAll(/\{(?:\d+,)?(\d+)\}/g)].map(([, most]) => Number(most)),
    // A non-capturing group contains a question mark too; overestimating is harmless.
    options: count(/\?/g) - count(/\(\?/g),
    alternatives: count(/\|/g),
  };
  if (shapes.size >= MAX_REMEMBERED) shapes.clear();
  shapes.set(source, shape);
  return shape;
}

/** Whether each group that closes in a part of a pattern opens there too. */
function isBalanced(part: string): boolean {
  let depth = 0;
  for (const character of part) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/**
 * The worst case: from every position where a match may begin, the engine tries every repetition with every length, and
 * every option and alternative both ways.
 */
function worstCase(shape: Shape, length: number): number {
  const { isOpen, isWhole, size, repeats, maximums, options, alternatives } = shape;
  if (isOpen) return Number.POSITIVE_INFINITY;
  const lengths = maximums.map((most) => Math.min(length, most) + 1);
  const starts = isWhole ? 0 : 1;
  return lengths.reduce(
    (steps, choices) => steps * choices,
    size * (length + 1) ** (repeats + starts) * 2 ** (options + alternatives),
  );
}
