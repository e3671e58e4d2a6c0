import { searching } from '../pattern.ts';
import { spendText } from '../work.ts';
import { javaPattern } from './java-pattern.ts';
import { TemplateError } from './scanner.ts';
import { asNumber, printed, type Value, VtlList } from './value.ts';

/** Java's replacement text: `$1` is a group, `${name}` a named one, a backslash escapes the next character. */
export function substitute(self: string, pattern: string, replacement: string, global: boolean): string {
  const compiled = javaPattern(pattern, { global });
  return searching(compiled, self.length, () => self.replace(compiled, replaced));

  function replaced(...match: unknown[]): string {
    const numbered = match.slice(
      0,
      match.findIndex((part) => typeof part === 'number'),
    );
    const last = match.at(-1);
    const named = new Map(Object.entries(typeof last === 'object' && last !== null ? last : {}));
    const text = replacement.replace(/\\([\s\S]?)|\$(?:(\d)|\{(\w+)\}|)/g, (all, literal, group, name) => {
      if (literal) return literal as string;
      const isGroup = name === undefined ? Number(group) < numbered.length : named.has(name);
      if (!isGroup) throw new TemplateError(`${all} is not a group of ${pattern}`);
      return String((name === undefined ? numbered[Number(group)] : named.get(name)) ?? '');
    });
    spendText(text.length + MATCH);
    return text;
  }
}

/** The cost of a match, in characters. */
const MATCH = 16;

/** Without a limit, Java drops trailing empty parts, but returns a text without a match unchanged. */
export function split(self: string, pattern: string, limit: number): VtlList {
  const parts: string[] = [];
  let from = 0;
  const compiled = javaPattern(pattern, { global: true });
  for (const match of searching(compiled, self.length, () => [...matchesIn(self, compiled)])) {
    if (limit > 0 && parts.length === limit - 1) break;
    // An empty match at the beginning yields no empty part.
    if (match[0] === '' && match.index === 0) continue;
    parts.push(self.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return new VtlList([self], 'array');
  parts.push(self.slice(from));
  if (limit === 0) while (parts.at(-1) === '') parts.pop();
  return new VtlList(parts, 'array');
}

function* matchesIn(self: string, pattern: RegExp): Iterable<RegExpExecArray> {
  for (const match of self.matchAll(pattern)) {
    spendText(MATCH);
    yield match;
  }
}

/**
 * Java trims control characters and the blank, not Unicode's spaces. A regular expression would take quadratic time.
 */
export function javaTrim(self: string): string {
  let [from, to] = [0, self.length];
  while (from < to && self.charCodeAt(from) <= 0x20) from += 1;
  while (to > from && self.charCodeAt(to - 1) <= 0x20) to -= 1;
  return self.slice(from, to);
}

export function compareTexts(left: string, right: string): number {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    spendText(1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * Java's `String.format` as far as templates use it: `%s`, `%d`, `%x`, `%X`, `%f`, `%b`, `%%` and `%n` with width,
 * precision and the flags `-` and `0`.
 *
 * @throws TemplateError for anything else, and for a value of the wrong type.
 */
export function format(pattern: string, values: readonly Value[]): string {
  let next = 0;
  return pattern.replace(
    /%([-0]*)(\d+)?(?:\.(\d+))?([\s\S]?)/g,
    (all, flags: string, width, precision, kind: string) => {
      if (all === '%%') return '%';
      if (all === '%n') return '\n';
      if (next >= values.length) throw new TemplateError(`no value for ${all}`);
      const text = formatted(
        all,
        kind,
        values[next],
        precision === undefined ? undefined : Number(precision),
      );
      next += 1;
      if (flags !== '' && (width === undefined || flags.length > 1)) throw unsupported(all);
      const size = Number(width ?? 0);
      spendText(size);
      if (flags === '-') return text.padEnd(size);
      if (flags !== '0') return text.padStart(size);
      if (!'dxXf'.includes(kind)) throw unsupported(all);
      const sign = text.startsWith('-') ? '-' : '';
      return sign + text.slice(sign.length).padStart(size - sign.length, '0');
    },
  );
}

function formatted(all: string, kind: string, value: Value, precision: number | undefined): string {
  const isInteger = /^-?\d+$/.test(printed(value)) && asNumber(value) !== undefined;
  const shown = value === undefined || value === null ? 'null' : printed(value);
  if (kind === 's') return precision === undefined ? shown : shown.slice(0, precision);
  if (kind === 'b' && precision === undefined)
    return String(typeof value === 'boolean' ? value : value !== undefined && value !== null);
  if (kind === 'd' && precision === undefined && isInteger) return shown;
  if (
    'xX'.includes(kind) &&
    kind !== '' &&
    precision === undefined &&
    isInteger &&
    (asNumber(value) ?? -1) >= 0
  ) {
    const digits = BigInt(shown).toString(16);
    return kind === 'x' ? digits : digits.toUpperCase();
  }
  // Only doubles that both languages round alike: Java rounds half up, JavaScript rounds the double's exact value.
  if (kind === 'f' && !isInteger && asNumber(value) !== undefined) {
    const fixed = (asNumber(value) as number).toFixed(precision ?? 6);
    if (!/5$/.test(shown)) return fixed;
  }
  throw unsupported(all);
}

function unsupported(what: string): TemplateError {
  return new TemplateError(`${what} is not supported in a format, or its value has the wrong type`);
}
