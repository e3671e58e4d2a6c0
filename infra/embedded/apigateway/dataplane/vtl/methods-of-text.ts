import { tests } from '../pattern.ts';
import { spend, spendText } from '../work.ts';
import { javaPattern } from './java-pattern.ts';
import { compareTexts, format, javaTrim, split, substitute } from './java-text.ts';
import { type Methods, method, ofAnotherClass, variadic, within } from './method.ts';
import { TemplateError } from './scanner.ts';
import { printed, type Value, VtlCharacter, VtlList } from './value.ts';

const text = (value: Value): string => printed(value);
const integer = (value: Value): number => value as number;
/** A character by its code; an invalid code occurs in no text. */
const code = (value: Value): string | undefined =>
  integer(value) >= 0 && integer(value) <= 0x10ffff ? String.fromCodePoint(integer(value)) : undefined;

/** The methods of java.lang.String, of Java 8. */
export const STRING: Methods<string> = {
  charAt: [
    method(
      ['int'],
      (self, [at]) => new VtlCharacter(self[within(integer(at), 0, self.length - 1)] as string),
    ),
  ],
  codePointAt: [method(['int'], (self, [at]) => self.codePointAt(within(integer(at), 0, self.length - 1)))],
  compareTo: [method(['String'], (self, [other]) => compareTexts(self, text(other))), ofAnotherClass()],
  compareToIgnoreCase: [
    method(['String'], (self, [other]) => compareTexts(folded(self), folded(text(other)))),
  ],
  concat: [method(['String'], (self, [other]) => self + text(other))],
  contains: [method(['String'], (self, [part]) => self.includes(sought(self, part)))],
  contentEquals: [method(['String'], (self, [other]) => self === other)],
  endsWith: [method(['String'], (self, [part]) => self.endsWith(text(part)))],
  equals: [method(['Object'], (self, [other]) => self === other)],
  equalsIgnoreCase: [
    method(['null'], () => false),
    method(['String'], (self, [other]) => folded(self) === folded(text(other))),
  ],
  format: [
    variadic(['String'], 'Object', (_self, [pattern, ...values]) => format(text(pattern), spread(values))),
  ],
  hashCode: [method([], (self) => hashOfText(self))],
  indexOf: [
    method(['String'], (self, [part]) => self.indexOf(sought(self, part))),
    method(['int'], (self, [char]) => indexOf(self, code(char), 0)),
    method(['String', 'int'], (self, [part, from]) => self.indexOf(sought(self, part), integer(from))),
    method(['int', 'int'], (self, [char, from]) => indexOf(self, code(char), integer(from))),
  ],
  intern: [method([], (self) => self)],
  isEmpty: [method([], (self) => self === '')],
  join: [
    // The call is ambiguous for Velocity.
    method(['Object', 'null'], () => undefined),
    method(['String', 'Collection'], (_self, [between, parts]) =>
      joined(text(between), (parts as VtlList).items),
    ),
    method(['String', 'String[]'], (_self, [between, parts]) =>
      joined(text(between), (parts as VtlList).items),
    ),
    variadic(['String'], 'String', (_self, [between, ...parts]) => joined(text(between), parts)),
  ],
  lastIndexOf: [
    method(['String'], (self, [part]) => self.lastIndexOf(sought(self, part))),
    method(['int'], (self, [char]) => lastIndex(self, code(char), self.length)),
    method(['String', 'int'], (self, [part, from]) => lastIndex(self, sought(self, part), integer(from))),
    method(['int', 'int'], (self, [char, from]) => lastIndex(self, code(char), integer(from))),
  ],
  length: [method([], (self) => self.length)],
  matches: [
    method(['String'], (self, [pattern]) => tests(javaPattern(text(pattern), { whole: true }), self)),
  ],
  replace: [method(['String', 'String'], (self, [from, to]) => replaced(self, sought(self, from), text(to)))],
  replaceAll: [
    method(['String', 'String'], (self, [pattern, to]) => substitute(self, text(pattern), text(to), true)),
  ],
  replaceFirst: [
    method(['String', 'String'], (self, [pattern, to]) => substitute(self, text(pattern), text(to), false)),
  ],
  split: [
    method(['String'], (self, [pattern]) => split(self, text(pattern), 0)),
    method(['String', 'int'], (self, [pattern, limit]) => split(self, text(pattern), integer(limit))),
  ],
  startsWith: [
    method(['String'], (self, [part]) => self.startsWith(text(part))),
    method(['String', 'int'], (self, [part, from]) => {
      const at = integer(from);
      return at >= 0 && at <= self.length && self.startsWith(text(part), at);
    }),
  ],
  subSequence: [method(['int', 'int'], (self, [from, to]) => substring(self, integer(from), integer(to)))],
  substring: [
    method(['int'], (self, [from]) => substring(self, integer(from), self.length)),
    method(['int', 'int'], (self, [from, to]) => substring(self, integer(from), integer(to))),
  ],
  toLowerCase: [method([], (self) => self.toLowerCase())],
  toString: [method<string>([], (self) => self)],
  toUpperCase: [method([], (self) => self.toUpperCase())],
  trim: [method([], javaTrim)],
  valueOf: [
    method(['Object'], (_self, [value]) => (value === undefined || value === null ? 'null' : text(value))),
  ],
};

/** Charges for a text search, whose worst case is the product of both lengths. */
function sought(self: string, part: Value): string {
  const wanted = text(part);
  spend((self.length * wanted.length) / 256);
  return wanted;
}

function replaced(self: string, from: string, to: string): string {
  return self.replaceAll(from, () => {
    spendText(to.length + 1);
    return to;
  });
}

/** Java's string hash, over UTF-16 code units. */
export function hashOfText(value: string): number {
  let hash = 0;
  for (let at = 0; at < value.length; at += 1) hash = (Math.imul(hash, 31) + value.charCodeAt(at)) | 0;
  return hash;
}

/** Java folds case character by character, so a text never becomes longer. */
function folded(value: string): string {
  spendText(value.length * 4);
  return value.replace(/[^\n]/gu, (char) => {
    const upper = char.toUpperCase();
    const lower = (upper.length === char.length ? upper : char).toLowerCase();
    return lower.length === char.length ? lower : char;
  });
}

/** An array is spread into arguments. */
function spread(values: readonly Value[]): readonly Value[] {
  const [only] = values;
  return values.length === 1 && only instanceof VtlList && only.kind === 'array' ? only.items : values;
}

function joined(between: string, parts: readonly Value[]): string {
  spendText(between.length * parts.length);
  for (const part of parts) if (typeof part === 'string') spendText(part.length);
  if (parts.every((part) => typeof part === 'string' || (part ?? null) === null))
    return parts.map((part) => part ?? 'null').join(between);
  throw new TemplateError('join takes texts only');
}

function indexOf(self: string, part: string | undefined, from: number): number {
  return part === undefined ? -1 : self.indexOf(part, from);
}

function lastIndex(self: string, part: string | undefined, from: number): number {
  return part === undefined || from < 0 ? -1 : self.lastIndexOf(part, from);
}

function substring(self: string, from: number, to: number): string {
  const end = within(to, 0, self.length);
  return self.substring(within(from, 0, end), end);
}
