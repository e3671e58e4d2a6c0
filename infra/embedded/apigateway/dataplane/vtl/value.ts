import { NumberText } from '../json.ts';
import { ITEM, spend, spendText } from '../work.ts';
import { TemplateError } from './scanner.ts';

/**
 * A value inside a template, and a parsed JSON document. Maps are `Map`s and lists are `VtlList`s, never plain
 * objects: a template can reach keys and the methods of methods.ts, but not JavaScript's properties (`constructor`,
 * `__proto__`). A document consists of the same values, so later reads see a template's changes to it.
 */
export type Value = undefined | null | boolean | number | string | NumberText | VtlList | VtlMap | VtlHost;

/** Java's maps have keys of any type, and 1 and "1" are different keys. */
export type Key = null | boolean | number | string;

export type VtlMap = Map<Key, Value>;

/**
 * A list. One from JSON prints as JSON, one created by a template prints as in Java (docs/facts/templates.md#values),
 * and an array, the result of `split`, has a fixed size.
 */
export class VtlList {
  readonly kind: 'json' | 'java' | 'array';
  readonly #items: Value[];
  #changes = 0;

  constructor(items: Value[], kind: VtlList['kind'] = 'java') {
    this.#items = items;
    this.kind = kind;
  }

  get items(): readonly Value[] {
    return this.#items;
  }

  get size(): number {
    return this.#items.length;
  }

  /** How often the size of the list has changed: after a change, Java's loops over it fail. */
  get changes(): number {
    return this.#changes;
  }

  replace(at: number, item: Value): void {
    this.#items[at] = item;
  }

  /** Replaces items by others. */
  splice(at: number, count: number, inserted: readonly Value[] = []): void {
    if (this.kind === 'array') {
      if (count === 0 && inserted.length === 0) return;
      throw new TemplateError('an array cannot be made longer or shorter');
    }
    this.#changes += 1;
    this.#items.splice(at, count, ...inserted);
  }
}

/** Java's subList: changes to it change the list. It becomes invalid once the list changes in another way. */
export class VtlSubList extends VtlList {
  readonly #of: VtlList;
  readonly #from: number;
  #size: number;
  #known: number;

  constructor(of: VtlList, from: number, size: number) {
    super([]);
    this.#of = of;
    this.#from = from;
    this.#size = size;
    this.#known = of.changes;
  }

  override get items(): readonly Value[] {
    if (this.changes !== this.#known) throw new TemplateError('the list of a subList has changed');
    spend(this.#size);
    return this.#of.items.slice(this.#from, this.#from + this.#size);
  }

  override get size(): number {
    return this.#size;
  }

  override get changes(): number {
    return this.#of.changes;
  }

  override replace(at: number, item: Value): void {
    this.#of.replace(this.#from + at, item);
  }

  override splice(at: number, count: number, inserted: readonly Value[] = []): void {
    this.#of.splice(this.#from + at, count, inserted);
    this.#size += inserted.length - Math.min(count, this.#size - at);
    this.#known = this.#of.changes;
  }
}

/**
 * A view of a map's keys, values or entries, as in Java: it reflects the map, refuses additions, and has no indexes.
 */
export class VtlView extends VtlList {
  readonly map: VtlMap;
  readonly part: 'keys' | 'values' | 'entries';

  constructor(map: VtlMap, part: VtlView['part']) {
    super([]);
    this.map = map;
    this.part = part;
    if (map instanceof SilentMap) map.viewed();
  }

  /** A copy: changes to it do not affect the map. */
  override get items(): Value[] {
    spend(this.map.size * ITEM);
    return [...this.map.keys()].map((key) => this.itemAt(key));
  }

  override get size(): number {
    return this.map.size;
  }

  itemAt(key: Key): Value {
    if (this.part === 'keys') return key;
    return this.part === 'values' ? this.map.get(key) : new VtlEntry(this.map, key);
  }

  override get changes(): number {
    return changesOf(this.map);
  }

  override splice(at: number, count: number, inserted: readonly Value[] = []): void {
    if (inserted.length > 0)
      throw new TemplateError('nothing can be added to the keys, values or entries of a map');
    for (const key of [...this.map.keys()].slice(at, at + count)) removeMember(this.map, key);
  }
}

/** An object of the gateway, such as `$input`: only its listed members can be reached. */
export interface VtlHost {
  readonly host: true;
  property(name: string): Value;
  /** Undefined if there is no such method. */
  call(name: string, args: readonly Value[]): Value;
  /** What `#set($host.name = value)` does; nothing by default. */
  assign?(name: string, value: Value): void;
  /** Its text; empty by default. */
  text?(): string;
}

/** An entry of a map, which a template also reads as `.key` and `.value`. */
export class VtlEntry implements VtlHost {
  readonly host = true;
  readonly #map: VtlMap;
  readonly #key: Key;

  constructor(map: VtlMap, key: Key) {
    this.#map = map;
    this.#key = key;
  }

  /** Velocity finds a getter or a setter whichever case the name begins in. */
  property(name: string): Value {
    return /^[kK]ey$/.test(name) ? this.#key : /^[vV]alue$/.test(name) ? this.#map.get(this.#key) : undefined;
  }

  assign(name: string, value: Value): void {
    if (/^[vV]alue$/.test(name)) putMember(this.#map, this.#key, value);
  }

  call(name: string, args: readonly Value[]): Value {
    switch (`${name}/${args.length}`) {
      case 'getKey/0':
        return this.#key;
      case 'getValue/0':
        return this.#map.get(this.#key);
      case 'setValue/1':
        return putMember(this.#map, this.#key, args[0]);
      case 'toString/0':
        return this.text();
      default:
        return undefined;
    }
  }

  text(): string {
    return `${this.#key}=${element(this.#map.get(this.#key))}`;
  }
}

/** A Java Character, which is distinct from a string of length one and has other methods. */
export class VtlCharacter implements VtlHost {
  readonly host = true;
  readonly #char: string;

  constructor(char: string) {
    this.#char = char;
  }

  property(): Value {
    return undefined;
  }

  call(name: string, args: readonly Value[]): Value {
    switch (`${name}/${args.length}`) {
      case 'charValue/0':
        return this;
      case 'toString/0':
        return this.#char;
      case 'hashCode/0':
        return this.#char.charCodeAt(0);
      case 'equals/1':
        return args[0] instanceof VtlCharacter && args[0].text() === this.#char;
      default:
        return undefined;
    }
  }

  text(): string {
    return this.#char;
  }
}

/** A map that prints as nothing: `$context.requestOverride` on AWS (docs/facts/templates.md#variables, LS-T:sqs). */
export class SilentMap extends Map<Key, Value> {
  /** Whether a template read its keys, values or entries by name, rather than in a loop over the map. */
  viewed(): void {}
}

export function isHost(value: Value): value is VtlHost {
  return typeof value === 'object' && value !== null && 'host' in value;
}

const changes = new WeakMap<VtlMap, number>();

/** How often keys were added or removed. */
export function changesOf(map: VtlMap): number {
  return changes.get(map) ?? 0;
}

/** @returns the previous value. */
export function putMember(map: VtlMap, key: Key, value: Value): Value {
  if (!map.has(key)) changes.set(map, changesOf(map) + 1);
  const before = map.get(key);
  map.set(key, value);
  return before;
}

export function removeMember(map: VtlMap, key: Key): Value {
  const before = map.get(key);
  if (map.delete(key)) changes.set(map, changesOf(map) + 1);
  return before;
}

export function clearMembers(map: VtlMap): void {
  map.clear();
  changes.set(map, changesOf(map) + 1);
}

/**
 * Converts a value to the key of a map. @throws TemplateError for the few values that this project cannot distinguish
 * as Java does.
 */
export function keyOf(value: Value): Key {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') throw new TemplateError(`${printed(value)} is not supported as a map key`);
  return value;
}

/** The base cost of printing a list or a map, whatever its size. */
const COLLECTION = 4 * ITEM;

/**
 * How a value prints: maps as Java's `{k=v, l=w}`, lists from JSON as JSON (docs/facts/templates.md#values,
 * docs/facts/templates.md#velocity).
 */
export function printed(value: Value): string {
  spend(ITEM);
  if (value === undefined || value === null) return '';
  if (value instanceof SilentMap) return '';
  if (isHost(value)) return value.text?.() ?? '';
  if (value instanceof NumberText) return value.text;
  if (value instanceof Map) {
    spend(COLLECTION);
    const members = [...value].map(
      ([key, member]) => `${key}=${member === value ? '(this Map)' : element(member)}`,
    );
    return `{${members.join(', ')}}`;
  }
  if (value instanceof VtlList) {
    if (value.kind === 'json') return jsonText(value);
    // Java prints an array as its type and an address, which is unpredictable.
    spend(COLLECTION);
    if (value.kind === 'array') return '[Ljava.lang.String;@0';
    const items = value.items.map((item) => (item === value ? '(this Collection)' : element(item)));
    return `[${items.join(', ')}]`;
  }
  return String(value);
}

/** Inside a collection, Java prints null as `null`. */
function element(value: Value): string {
  if (typeof value === 'string') spendText(value.length);
  return value === undefined || value === null ? 'null' : printed(value);
}

/**
 * A value as JSON: compact, with only the escapes that JSON requires. @throws TemplateError for values that JSON
 * cannot represent.
 */
export function jsonText(value: Value): string {
  spend(ITEM);
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') {
    spendText(value.length);
    return JSON.stringify(value);
  }
  if (value instanceof NumberText) return /^-?Infinity$/.test(value.text) ? 'null' : value.text;
  if (value instanceof Map) {
    spend(COLLECTION);
    const members = [...value].map(([key, member]) => `${keyText(key)}:${jsonText(member)}`);
    return `{${members.join(',')}}`;
  }
  if (value instanceof VtlList) spend(COLLECTION);
  if (value instanceof VtlList) return `[${value.items.map(jsonText).join(',')}]`;
  if (isHost(value)) throw new TemplateError(`${printed(value) || 'an object'} cannot be written as JSON`);
  return String(value);
}

function keyText(key: Key): string {
  if (key === null) throw new TemplateError('the key null cannot be written as JSON');
  return JSON.stringify(String(key));
}

export function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof NumberText ? value.value : undefined;
}
