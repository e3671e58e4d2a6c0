import { ITEM, spend, spendText } from '../work.ts';
import { className, same } from './equality.ts';
import { compareTexts } from './java-text.ts';
import { type Methods, method, VOID, within } from './method.ts';
import { hashOfDouble, hashOfInteger } from './methods-of-numbers.ts';
import { hashOfText } from './methods-of-text.ts';
import { TemplateError } from './scanner.ts';
import {
  asNumber,
  clearMembers,
  type Key,
  keyOf,
  printed,
  putMember,
  removeMember,
  type Value,
  VtlCharacter,
  VtlEntry,
  VtlList,
  type VtlMap,
  VtlSubList,
  VtlView,
} from './value.ts';

const integer = (value: Value): number => value as number;
const itemsOf = (value: Value): readonly Value[] => [...(value as VtlList).items];

/** The methods that lists share with the keys, values and entries of maps. */
const COLLECTION: Methods<VtlList> = {
  add: [method(['Object'], (self, [item]) => insert(self, self.items.length, [item]))],
  addAll: [method(['Collection'], (self, [other]) => insertAll(self, self.items.length, itemsOf(other)))],
  clear: [
    method([], (self) => {
      self.splice(0, self.items.length);
      return VOID;
    }),
  ],
  contains: [method(['Object'], (self, [item]) => indexOf(self, item) >= 0)],
  containsAll: [
    method(['Collection'], (self, [other]) => itemsOf(other).every((item) => indexOf(self, item) >= 0)),
  ],
  equals: [method(['Object'], (self, [other]) => same(self, other))],
  hashCode: [method([], hashOf)],
  isEmpty: [method([], (self) => self.items.length === 0)],
  remove: [method(['Object'], (self, [item]) => removeAt(self, indexOf(self, item)))],
  removeAll: [
    method(['Collection'], (self, [other]) =>
      removeWhere(self, (item) => indexOf(other as VtlList, item) >= 0),
    ),
  ],
  retainAll: [
    method(['Collection'], (self, [other]) =>
      removeWhere(self, (item) => indexOf(other as VtlList, item) < 0),
    ),
  ],
  size: [method([], (self) => self.items.length)],
  toString: [method<VtlList>([], (self) => printed(self))],
};

/** Removing from a view removes from its map; adding is not supported. */
export const VIEW: Methods<VtlList> = COLLECTION;

/** The methods of all lists: json-smart's, those that a template creates, sublists, and arrays. */
export const LIST: Methods<VtlList> = {
  ...COLLECTION,
  add: [
    ...(COLLECTION.add ?? []),
    method(['int', 'Object'], (self, [at, item]) => {
      insert(self, within(integer(at), 0, self.items.length), [item]);
      return VOID;
    }),
  ],
  addAll: [
    ...(COLLECTION.addAll ?? []),
    method(['int', 'Collection'], (self, [at, other]) =>
      insertAll(self, within(integer(at), 0, self.items.length), itemsOf(other)),
    ),
  ],
  get: [method(['int'], (self, [at]) => self.items[within(integer(at), 0, self.items.length - 1)])],
  indexOf: [method(['Object'], (self, [item]) => indexOf(self, item))],
  lastIndexOf: [
    method(['Object'], (self, [item]) => self.items.findLastIndex((candidate) => same(candidate, item))),
  ],
  remove: [
    method(['int'], (self, [at]) => {
      const index = within(integer(at), 0, self.items.length - 1);
      const before = self.items[index];
      self.splice(index, 1);
      return before;
    }),
    ...(COLLECTION.remove ?? []),
  ],
  set: [
    method(['int', 'Object'], (self, [at, item]) => {
      const index = within(integer(at), 0, self.items.length - 1);
      const before = self.items[index];
      if (self.kind === 'array' && typeof item !== 'string')
        throw new TemplateError('an array takes texts only');
      self.replace(index, item);
      return before;
    }),
  ],
  sort: [
    method(['null'], (self) => {
      for (const [index, item] of sorted(self.items).entries()) self.replace(index, item);
      return VOID;
    }),
  ],
  subList: [
    method(['int', 'int'], (self, [from, to]) => {
      const end = within(integer(to), 0, self.items.length);
      const start = within(integer(from), 0, end);
      return new VtlSubList(self, start, end - start);
    }),
  ],
};

/** The methods that only json-smart's lists have. */
export const JSON_LIST: Methods<VtlList> = {
  ...LIST,
  appendElement: [
    method(['Object'], (self, [item]) => {
      insert(self, self.items.length, [item]);
      return self;
    }),
  ],
  clone: [method([], (self) => new VtlList([...self.items], 'json'))],
  toJSONString: [method([], (self) => printed(self))],
};

export const ARRAY_LIST: Methods<VtlList> = {
  ...LIST,
  clone: [method([], (self) => new VtlList([...self.items]))],
};

export const MAP: Methods<VtlMap> = {
  clear: [
    method([], (self) => {
      clearMembers(self);
      return VOID;
    }),
  ],
  clone: [method([], (self) => new Map(self))],
  containsKey: [method(['Object'], (self, [key]) => knownKey(self, key) !== undefined)],
  containsValue: [
    method(['Object'], (self, [value]) => [...self.values()].some((candidate) => same(candidate, value))),
  ],
  entrySet: [method([], (self) => new VtlView(self, 'entries'))],
  equals: [method(['Object'], (self, [other]) => same(self, other))],
  get: [method(['Object'], (self, [key]) => valueAt(self, key))],
  getOrDefault: [
    method(['Object', 'Object'], (self, [key, fallback]) =>
      knownKey(self, key) === undefined ? fallback : valueAt(self, key),
    ),
  ],
  hashCode: [method([], hashOf)],
  isEmpty: [method([], (self) => self.size === 0)],
  keySet: [method([], (self) => new VtlView(self, 'keys'))],
  put: [method(['Object', 'Object'], (self, [key, value]) => putMember(self, keyOf(key), value))],
  putAll: [
    method(['Map'], (self, [other]) => {
      for (const [key, value] of [...(other as VtlMap)]) putMember(self, key, value);
      return VOID;
    }),
  ],
  putIfAbsent: [
    method(['Object', 'Object'], (self, [key, value]) => {
      const before = valueAt(self, key);
      if (before === undefined || before === null) putMember(self, keyOf(key), value);
      return before;
    }),
  ],
  remove: [
    method(['Object'], (self, [key]) => {
      const known = knownKey(self, key);
      return known === undefined ? undefined : removeMember(self, known.key);
    }),
    method(['Object', 'Object'], (self, [key, value]) => {
      const known = knownKey(self, key);
      if (known === undefined || !same(self.get(known.key), value)) return false;
      removeMember(self, known.key);
      return true;
    }),
  ],
  replace: [
    method(['Object', 'Object'], (self, [key, value]) =>
      knownKey(self, key) === undefined ? undefined : putMember(self, keyOf(key), value),
    ),
    method(['Object', 'Object', 'Object'], (self, [key, before, value]) => {
      const known = knownKey(self, key);
      if (known === undefined || !same(self.get(known.key), before)) return false;
      putMember(self, known.key, value);
      return true;
    }),
  ],
  size: [method([], (self) => self.size)],
  toString: [method<VtlMap>([], (self) => printed(self))],
  values: [method([], (self) => new VtlView(self, 'values'))],
};

/** An existing key; undefined for a value that cannot be a key. */
function knownKey(map: VtlMap, key: Value): { readonly key: Key } | undefined {
  if (typeof key === 'object' && key !== null) return undefined;
  return map.has(key ?? null) ? { key: key ?? null } : undefined;
}

function valueAt(map: VtlMap, key: Value): Value {
  const known = knownKey(map, key);
  return known === undefined ? undefined : map.get(known.key);
}

function insert(list: VtlList, at: number, items: readonly Value[]): true {
  list.splice(at, 0, items);
  return true;
}

function insertAll(list: VtlList, at: number, items: readonly Value[]): boolean {
  // A view refuses items, but accepts an empty collection; a list counts both as a change.
  list.splice(at, 0, items);
  return items.length > 0;
}

function indexOf({ items }: VtlList, wanted: Value): number {
  return items.findIndex((item) => same(item, wanted));
}

function removeAt(list: VtlList, index: number): boolean {
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}

function removeWhere(list: VtlList, goes: (item: Value) => boolean): boolean {
  if (list instanceof VtlView) {
    // One by one, since the argument may be a view of the same map.
    const before = list.map.size;
    for (const key of [...list.map.keys()]) if (goes(list.itemAt(key))) removeMember(list.map, key);
    return list.map.size < before;
  }
  const going = list.items.flatMap((item, index) => (goes(item) ? [index] : []));
  for (const index of going.reverse()) {
    spend(list.size - index);
    list.splice(index, 1);
  }
  return going.length > 0;
}

/** By Java's natural order, which exists for strings, and for numbers of one type. */
function sorted(items: readonly Value[]): Value[] {
  spend(items.length * Math.log2(items.length + 1) * ITEM);
  const [first] = items;
  if (items.some((item) => className(item) !== className(first)))
    throw new TemplateError('sort takes one type of item');
  if (typeof first === 'string')
    return [...items].sort((left, right) => compareTexts(printed(left), printed(right)));
  if (items.length > 1 && typeof first !== 'boolean' && asNumber(first) === undefined)
    throw new TemplateError('sort takes texts, numbers or booleans');
  const weight = (item: Value) => asNumber(item) ?? Number(item === true);
  return [...items].sort((left, right) => weight(left) - weight(right));
}

/** Java's hash of a value. @throws TemplateError for values whose hash is their identity. */
function hashOf(value: Value): number {
  spend(ITEM);
  if (value === undefined || value === null) return 0;
  if (typeof value === 'string') {
    spendText(value.length);
    return hashOfText(value);
  }
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  if (value instanceof Map) {
    let sum = 0;
    for (const [key, member] of value) sum = (sum + (hashOf(key) ^ hashOf(member))) | 0;
    return sum;
  }
  if (value instanceof VtlView && value.part === 'values')
    throw new TemplateError('hashCode of values is not emulated');
  if (value instanceof VtlView) return value.items.reduce<number>((sum, item) => (sum + hashOf(item)) | 0, 0);
  if (value instanceof VtlList && value.kind !== 'array')
    return value.items.reduce<number>((hash, item) => (Math.imul(hash, 31) + hashOf(item)) | 0, 1);
  if (value instanceof VtlEntry) return hashOf(value.property('key')) ^ hashOf(value.property('value'));
  if (value instanceof VtlCharacter) return value.text().charCodeAt(0);
  const name = className(value);
  if (name === 'Integer' || name === 'Long')
    return hashOfInteger(BigInt(printed(value)), name === 'Integer' ? 32 : 64);
  if (name === 'Double') return hashOfDouble(asNumber(value) ?? 0);
  throw new TemplateError(`hashCode of ${name} is not emulated`);
}
