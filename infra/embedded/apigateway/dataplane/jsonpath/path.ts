import { InvalidPath, JsonPathError } from './error.ts';
import { compileFilter, type Filter } from './filter.ts';
import { PathText, unescaped } from './text.ts';

/** One step of a path. */
export type PathStep =
  | { readonly kind: 'property'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' | 'scan' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'function'; readonly name: string };

export interface Path {
  readonly root: '$' | '@';
  readonly steps: readonly PathStep[];
}

const MAX_REMEMBERED = 500;
const compiled = new Map<string, Path>();

/**
 * Compiles a path with the grammar of Jayway's JsonPath 2.9, and caches it, since an API has few paths.
 *
 * @throws JsonPathError
 */
export function compilePath(path: string): Path {
  const known = compiled.get(path);
  if (known) return known;
  let text = new PathText(path);
  // A blank before the root makes it a name.
  if (path[0] !== '$' && path[0] !== '@') text = new PathText(`$.${path}`);
  if (text.text[text.end] === '.') text.fail('a dot ends it');
  const fresh = readPath(text);
  if (compiled.size >= MAX_REMEMBERED) compiled.delete(compiled.keys().next().value as string);
  compiled.set(path, fresh);
  return fresh;
}

/** Identifies exactly one place. Multiple names at the end yield one map, and so are definite too. */
export function isDefinite({ steps }: Path): boolean {
  return steps.every((step, index) => isDefiniteStep(step, index === steps.length - 1));
}

export function isDefiniteStep(step: PathStep, isLast: boolean): boolean {
  switch (step.kind) {
    case 'property':
      return step.names.length === 1 || isLast;
    case 'indexes':
      return step.indexes.length === 1;
    case 'function':
      return true;
    default:
      return false;
  }
}

function readPath(text: PathText): Path {
  const root = text.char() as Path['root'];
  const steps: PathStep[] = [];
  if (!text.atTail) {
    text.at += 1;
    if (text.char() !== '.' && text.char() !== '[') text.fail('. or [ expected');
    do steps.push(...readStep(text));
    while (!text.atTail);
  }
  refuseUnsupported(steps, text);
  return { root, steps };
}

function readStep(text: PathText): PathStep[] {
  switch (text.char()) {
    case '[':
      return [readBracket(text)];
    case '.':
      return readDots(text);
    case '*':
      text.at += 1;
      return [{ kind: 'wildcard' }];
    default:
      return [readName(text)];
  }
}

function readDots(text: PathText): PathStep[] {
  const scans = text.text[text.at + 1] === '.' && text.at < text.end;
  text.at += scans ? 2 : 1;
  if (text.char() === '.') text.fail('a dot too many');
  return scans ? [{ kind: 'scan' }, ...readStep(text)] : readStep(text);
}

/** An unquoted name ends at a dot, a bracket or a parenthesis; anything else, such as a hyphen, is part of it. */
function readName(text: PathText): PathStep {
  const from = text.at;
  let to = from;
  while (to <= text.end && !'.[('.includes(text.text[to] as string)) {
    if (text.text[to] === ' ') text.fail('a name with a blank needs quotes');
    to += 1;
  }
  const name = text.text.slice(from, to);
  text.at = to;
  if (to > text.end || text.text[to] !== '(') return { kind: 'property', names: [name] };
  if (text.text[to + 1] !== ')' || to >= text.end)
    throw new JsonPathError(`functions with arguments are not supported in a JSONPath: ${text.text}`);
  text.at = to + 1;
  // The step after a function needs its own dot, as after any step.
  if (!text.atTail) text.at += 1;
  return { kind: 'function', name };
}

function readBracket(text: PathText): PathStep {
  const next = text.significant();
  const char = next <= text.end ? (text.text[next] as string) : ' ';
  if (char === "'" || char === '"') return readNames(text, char);
  if (/[\d:-]/.test(char)) return readIndexes(text);
  if (char === '*') {
    text.at = (text.significantIs(']', next) ?? text.fail('] expected')) + 1;
    return { kind: 'wildcard' };
  }
  if (char === '?') return readFilter(text, next);
  return text.fail("?, ', a number or * expected");
}

function readNames(text: PathText, quote: string): PathStep {
  const names: string[] = [];
  let from = text.at + 1;
  let end = 0;
  let inName = false;
  let afterComma = false;
  for (let at = from; at <= text.end; at += 1) {
    const char = text.text[at];
    if (char === '\\') {
      at += 1;
    } else if (char === ']' && !inName) {
      if (afterComma) text.fail('an empty name');
      break;
    } else if (char === quote && inName) {
      const next = text.text[text.significant(at)];
      if (next !== ']' && next !== ',') text.fail('a comma or ] expected');
      end = at;
      names.push(unescaped(text.text.slice(from, at)));
      inName = false;
    } else if (char === quote) {
      from = at + 1;
      inName = true;
      afterComma = false;
    } else if (char === ',' && !inName) {
      if (afterComma) text.fail('an empty name');
      afterComma = true;
    }
  }
  const close = inName ? undefined : text.significantIs(']', end);
  text.at = (close ?? text.fail('] expected')) + 1;
  return { kind: 'property', names };
}

function readIndexes(text: PathText): PathStep {
  const close = text.text.indexOf(']', text.at + 1);
  if (close === -1 || close > text.end) text.fail('] expected');
  const inside = text.text.slice(text.at + 1, close).trim();
  if (!/^[\d,: -]*$/.test(inside)) text.fail('a number expected');
  text.at = close + 1;
  if (!inside.includes(':'))
    return { kind: 'indexes', indexes: inside.split(/\s*,\s*/).map((index) => integer(index, text)) };
  if (/[ ,]/.test(inside)) text.fail('a slice has neither blanks nor commas');
  // The step of a slice, as in `[0:5:2]`, is ignored.
  const [from = '', to = ''] = inside.split(':');
  if (from === '' && to === '') text.fail('a slice needs a bound');
  const bound = (digits: string) => (digits === '' ? undefined : integer(digits, text));
  return { kind: 'slice', from: bound(from), to: bound(to) };
}

function integer(digits: string, text: PathText): number {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && value === (value | 0) ? value : text.fail(`${digits} is not an index`);
}

function readFilter(text: PathText, mark: number): PathStep {
  const open = text.significantIs('(', mark) ?? text.fail('( expected');
  const close = text.closing(open, '(', ')', true) ?? text.fail('the filter is not closed');
  const end = text.significantIs(']', close) ?? text.fail('] expected');
  const filter = compileFilter(text.text.slice(open, close + 1), compilePath);
  text.at = end + 1;
  return { kind: 'filter', filter };
}

/** Jayway's result here depends on earlier calls, or on quirks that no template should rely on. */
function refuseUnsupported(steps: readonly PathStep[], { text }: PathText): void {
  const refuse = (what: string) => {
    throw new JsonPathError(`${what} is not supported in a JSONPath: ${text}`);
  };
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (step.kind === 'function' && next !== undefined) refuse('a step behind a function');
    if (step.kind !== 'scan' || next === undefined) continue;
    if (steps.at(-1)?.kind === 'function') refuse('a function behind ..');
    if (next.kind === 'scan') throw new InvalidPath(`not a JSONPath: ${text}`);
    const isOdd = next.kind === 'wildcard' || next.kind === 'indexes' || next.kind === 'slice';
    if (isOdd && index + 2 < steps.length) refuse('a step behind ..[]');
  }
}
