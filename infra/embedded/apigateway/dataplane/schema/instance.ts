import { type JsonValue, NumberText } from '../json.ts';
import { ITEM, spend, spendText } from '../work.ts';
import { compare, Decimal } from './decimal.ts';

export type InstanceType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

/** The type according to draft 4: a number written with a point or an exponent is not an integer. */
export function typeOf(value: JsonValue): InstanceType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' || value instanceof NumberText) {
    return decimalOf(value).isInteger ? 'integer' : 'number';
  }
  return typeof value as 'boolean' | 'object' | 'string';
}

export function decimalOf(value: number | NumberText): Decimal {
  return new Decimal(value instanceof NumberText ? value.text : String(value));
}

export function isNumber(value: JsonValue): value is number | NumberText {
  return typeof value === 'number' || value instanceof NumberText;
}

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

/** Numbers are compared by value, and objects regardless of the order of their members. */
export function isEqual(one: JsonValue, other: JsonValue): boolean {
  spend(ITEM);
  if (isNumber(one)) return isNumber(other) && compare(decimalOf(one), decimalOf(other)) === 0;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isEqual(item, other[at] as JsonValue))
    );
  }
  if (!isObject(one)) return one === other;
  const names = Object.keys(one);
  return (
    isObject(other) &&
    names.length === Object.keys(other).length &&
    names.every(
      (name) => Object.hasOwn(other, name) && isEqual(one[name] as JsonValue, other[name] as JsonValue),
    )
  );
}

/** A key that is the same for equal values only. */
export function canonical(value: JsonValue): string {
  spend(ITEM);
  if (isNumber(value)) {
    const { unscaled, scale } = decimalOf(value);
    const digits = String(unscaled);
    const zeros = unscaled === 0n ? 0 : digits.length - digits.replace(/0+$/, '').length;
    return `${digits.slice(0, digits.length - zeros)}e${unscaled === 0n ? 0 : zeros - scale}`;
  }
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${quoted(name)}:${canonical(member)}`);
  return `{${members.sort().join(',')}}`;
}

/** JSON text as Jackson writes it. */
export function textOf(value: JsonValue): string {
  spend(ITEM);
  if (isNumber(value)) return decimalOf(value).toString();
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${quoted(name)}:${textOf(member)}`);
  return `{${members.join(',')}}`;
}

const NAMED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

function quoted(text: string): string {
  spendText(text.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
  const escaped = text.replace(/["\\\u0000-\u001f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return NAMED[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}
