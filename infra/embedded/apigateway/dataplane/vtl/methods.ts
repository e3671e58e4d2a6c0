import { NumberText } from '../json.ts';
import { TemplateError } from './scanner.ts';
import {
  asNumber,
  doubleText,
  isHost,
  printed,
  same,
  type Value,
  type VtlHost,
  VtlList,
  type VtlMap,
  VtlView,
} from './value.ts';

/** What a parameter takes. Java finds no method where the arguments do not fit, and then nothing is rendered. */
type Parameter = 'text' | 'int' | 'list' | 'map' | 'any';

interface Method<T> {
  readonly takes: readonly Parameter[];
  readonly run: (self: T, args: readonly Value[]) => Value;
}

type Methods<T> = Readonly<Record<string, readonly Method<T>[]>>;

/** What Velocity makes of a method without a result. */
const VOID = '';

function method<T>(takes: readonly Parameter[], run: Method<T>['run']): Method<T> {
  return { takes, run };
}

const text = (value: Value): string => printed(value);
const integer = (value: Value): number => value as number;

/** The methods of Java's String, List, Map, Number and Boolean that templates call; nothing else is reachable. */
const STRING: Methods<string> = {
  charAt: [method(['int'], (self, [at]) => self[within(integer(at), 0, self.length - 1)])],
  compareTo: [method(['text'], (self, [other]) => compareTexts(self, text(other)))],
  concat: [method(['text'], (self, [other]) => self + text(other))],
  contains: [method(['text'], (self, [part]) => self.includes(text(part)))],
  endsWith: [method(['text'], (self, [part]) => self.endsWith(text(part)))],
  equals: [method(['any'], (self, [other]) => self === other)],
  equalsIgnoreCase: [method(['text'], (self, [other]) => self.toLowerCase() === text(other).toLowerCase())],
  indexOf: [
    method(['text'], (self, [part]) => self.indexOf(text(part))),
    method(['text', 'int'], (self, [part, from]) => self.indexOf(text(part), integer(from))),
  ],
  isEmpty: [method([], (self) => self === '')],
  lastIndexOf: [method(['text'], (self, [part]) => self.lastIndexOf(text(part)))],
  length: [method([], (self) => self.length)],
  matches: [method(['text'], (self, [pattern]) => javaPattern(`^(?:${text(pattern)})$`).test(self))],
  replace: [method(['text', 'text'], (self, [from, to]) => self.replaceAll(text(from), () => text(to)))],
  replaceAll: [
    method(['text', 'text'], (self, [pattern, to]) => substitute(self, text(pattern), text(to), 'g')),
  ],
  replaceFirst: [
    method(['text', 'text'], (self, [pattern, to]) => substitute(self, text(pattern), text(to), '')),
  ],
  split: [
    method(['text'], (self, [pattern]) => split(self, text(pattern), 0)),
    method(['text', 'int'], (self, [pattern, limit]) => split(self, text(pattern), integer(limit))),
  ],
  startsWith: [method(['text'], (self, [part]) => self.startsWith(text(part)))],
  substring: [
    method(['int'], (self, [from]) => self.substring(within(integer(from), 0, self.length))),
    method(['int', 'int'], (self, [from, to]) => {
      const end = within(integer(to), 0, self.length);
      return self.substring(within(integer(from), 0, end), end);
    }),
  ],
  toLowerCase: [method([], (self) => self.toLowerCase())],
  toString: [method<string>([], (self) => self)],
  toUpperCase: [method([], (self) => self.toUpperCase())],
  // Java trims control characters and the blank, not Unicode's spaces.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is trimmed
  trim: [method([], (self) => self.replace(/^[\u0000- ]+|[\u0000- ]+$/g, ''))],
};

/** What lists have in common with the key sets and values of maps. */
const COLLECTION: Methods<VtlList> = {
  contains: [method(['any'], (self, [item]) => self.items.some((candidate) => same(candidate, item)))],
  equals: [method(['any'], (self, [other]) => same(self, other))],
  isEmpty: [method([], (self) => self.items.length === 0)],
  size: [method([], (self) => self.items.length)],
  toString: [method<VtlList>([], (self) => printed(self))],
};

/** What is taken out of a view is taken out of its map; nothing can be put in. */
const VIEW: Methods<VtlView> = {
  ...(COLLECTION as Methods<VtlView>),
  add: [method(['any'], refuseAddition)],
  addAll: [method(['list'], (self, [other]) => (other as VtlList).items.length > 0 && refuseAddition(self))],
  clear: [
    method([], (self) => {
      self.map.clear();
      return VOID;
    }),
  ],
  remove: [
    method(['any'], (self, [item]) => {
      const index = self.items.findIndex((candidate) => same(candidate, item));
      const key = [...self.map.keys()][index];
      return key !== undefined && self.map.delete(key);
    }),
  ],
};

const LIST: Methods<VtlList> = {
  ...COLLECTION,
  add: [
    method(['any'], (self, [item]) => self.items.push(item) > 0),
    method(['int', 'any'], (self, [at, item]) => {
      self.items.splice(within(integer(at), 0, self.items.length), 0, item);
      return VOID;
    }),
  ],
  addAll: [
    method(['list'], (self, [other]) => {
      const { items } = other as VtlList;
      return self.items.push(...items) > 0 && items.length > 0;
    }),
  ],
  clear: [
    method([], (self) => {
      self.items.length = 0;
      return VOID;
    }),
  ],
  get: [method(['int'], (self, [at]) => self.items[within(integer(at), 0, self.items.length - 1)])],
  indexOf: [method(['any'], (self, [item]) => self.items.findIndex((candidate) => same(candidate, item)))],
  remove: [
    method(['int'], (self, [at]) => self.items.splice(within(integer(at), 0, self.items.length - 1), 1)[0]),
    method(['any'], (self, [item]) => {
      const index = self.items.findIndex((candidate) => same(candidate, item));
      return index >= 0 && self.items.splice(index, 1).length > 0;
    }),
  ],
  set: [
    method(['int', 'any'], (self, [at, item]) => {
      return self.items.splice(within(integer(at), 0, self.items.length - 1), 1, item)[0];
    }),
  ],
  subList: [
    method(['int', 'int'], (self, [from, to]) => {
      const end = within(integer(to), 0, self.items.length);
      return new VtlList(self.items.slice(within(integer(from), 0, end), end));
    }),
  ],
};

const MAP: Methods<VtlMap> = {
  clear: [
    method([], (self) => {
      self.clear();
      return VOID;
    }),
  ],
  containsKey: [method(['any'], (self, [key]) => keyOf(self, key) !== undefined)],
  containsValue: [
    method(['any'], (self, [value]) => [...self.values()].some((candidate) => same(candidate, value))),
  ],
  entrySet: [method([], (self) => new VtlView(self, entry))],
  equals: [method(['any'], (self, [other]) => same(self, other))],
  get: [method(['any'], (self, [key]) => self.get(keyOf(self, key) ?? ''))],
  getOrDefault: [
    method(['any', 'any'], (self, [key, fallback]) => {
      const known = keyOf(self, key);
      return known === undefined ? fallback : self.get(known);
    }),
  ],
  isEmpty: [method([], (self) => self.size === 0)],
  keySet: [method([], (self) => new VtlView(self, (key) => key))],
  put: [
    method(['any', 'any'], (self, [key, value]) => {
      const before = self.get(text(key));
      self.set(text(key), value);
      return before;
    }),
  ],
  putAll: [
    method(['map'], (self, [other]) => {
      for (const [key, value] of other as VtlMap) self.set(key, value);
      return VOID;
    }),
  ],
  remove: [
    method(['any'], (self, [key]) => {
      const known = keyOf(self, key);
      const before = self.get(known ?? '');
      if (known !== undefined) self.delete(known);
      return known === undefined ? undefined : before;
    }),
  ],
  replace: [
    method(['any', 'any'], (self, [key, value]) => {
      const known = keyOf(self, key);
      const before = self.get(known ?? '');
      if (known !== undefined) self.set(known, value);
      return known === undefined ? undefined : before;
    }),
  ],
  size: [method([], (self) => self.size)],
  toString: [method<VtlMap>([], (self) => printed(self))],
  values: [method([], (self) => new VtlView(self, (_key, value) => value))],
};

const NUMBER: Methods<Value> = {
  compareTo: [method(['any'], (self, [other]) => Math.sign((asNumber(self) ?? 0) - (asNumber(other) ?? 0)))],
  doubleValue: [method([], (self) => new NumberText(doubleText(asNumber(self) ?? 0)))],
  equals: [method(['any'], (self, [other]) => same(self, other))],
  intValue: [method([], (self) => Math.trunc(asNumber(self) ?? 0) | 0)],
  longValue: [method([], (self) => Math.trunc(asNumber(self) ?? 0))],
  toString: [method<Value>([], (self) => printed(self))],
};

const BOOLEAN: Methods<Value> = {
  booleanValue: [method([], (self) => self)],
  equals: [method(['any'], (self, [other]) => self === other)],
  toString: [method<Value>([], (self) => printed(self))],
};

/**
 * Calls a method; undefined where the value has none of that name for such arguments, which prints as nothing.
 *
 * @throws TemplateError where Java's method throws, which ends the rendering in Velocity (unrecorded on AWS).
 */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  if (isHost(self)) return self.call(name, args);
  if (typeof self === 'string') return call(STRING, self, name, args);
  if (self instanceof VtlView) return call(VIEW, self, name, args);
  if (self instanceof VtlList) return call(LIST, self, name, args);
  if (self instanceof Map) return call(MAP, self, name, args);
  return call(typeof self === 'boolean' ? BOOLEAN : NUMBER, self, name, args);
}

function call<T>(methods: Methods<T>, self: T, name: string, args: readonly Value[]): Value {
  const overloads = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return overloads
    ?.find(
      ({ takes }) => takes.length === args.length && takes.every((type, index) => fits(args[index], type)),
    )
    ?.run(self, args);
}

function fits(value: Value, type: Parameter): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'text':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'number' && value === (value | 0);
    case 'list':
      return value instanceof VtlList;
    case 'map':
      return value instanceof Map;
  }
}

function refuseAddition(_view: VtlView): never {
  throw new TemplateError('nothing can be added to the keys, values or entries of a map');
}

function within(index: number, least: number, most: number): number {
  if (index >= least && index <= most) return index;
  throw new TemplateError(`index ${index} is out of range ${least} to ${most}`);
}

/** A key of a JSON object is a text: a number finds nothing, as in Java. */
function keyOf(map: VtlMap, key: Value): string | undefined {
  return typeof key === 'string' && map.has(key) ? key : undefined;
}

/** An entry of entrySet: its getters, which a template also reads as `.key` and `.value`. */
function entry(key: string, value: Value): VtlHost {
  return {
    host: true,
    property: (name) => (name === 'key' ? key : name === 'value' ? value : undefined),
    call: (name) => (name === 'getKey' ? key : name === 'getValue' ? value : undefined),
    text: () => `${key}=${value === undefined || value === null ? 'null' : printed(value)}`,
  };
}

function compareTexts(left: string, right: string): number {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Java's pattern as JavaScript's, whose common ground mapping templates keep to. */
function javaPattern(pattern: string, flags = ''): RegExp {
  const ignoreCase = pattern.includes('(?i)');
  try {
    return new RegExp(ignoreCase ? pattern.replace('(?i)', '') : pattern, ignoreCase ? `${flags}i` : flags);
  } catch {
    throw new TemplateError(`${pattern} is no regular expression`);
  }
}

/** Java's replacement text: `$1` is a group, a backslash takes the next character as it is. */
function substitute(self: string, pattern: string, replacement: string, flags: string): Value {
  return self.replace(javaPattern(pattern, flags), (...match: unknown[]) =>
    replacement.replace(/\\(.)|\$(\d)/gs, (_all, literal: string | undefined, group: string | undefined) =>
      group === undefined ? (literal ?? '') : String(match[Number(group)] ?? ''),
    ),
  );
}

/** Java drops trailing empty parts when no limit is given, though not the whole of a text that was not divided. */
function split(self: string, pattern: string, limit: number): Value {
  const parts: string[] = [];
  let from = 0;
  for (const match of self.matchAll(javaPattern(pattern, 'g'))) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === '' && (match.index === 0 || match.index === self.length)) continue;
    parts.push(self.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return new VtlList([self]);
  parts.push(self.slice(from));
  if (limit === 0) while (parts.at(-1) === '') parts.pop();
  return new VtlList(parts);
}
