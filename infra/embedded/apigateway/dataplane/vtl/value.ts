import { type JsonValue, NumberText } from '../json.ts';

/**
 * A value inside a template. Maps are `Map`s and lists are `VtlList`s, never plain objects: a template reaches
 * keys and the methods of methods.ts, and nothing of JavaScript's own (`constructor`, `__proto__`).
 */
export type Value = undefined | null | boolean | number | string | NumberText | VtlList | VtlMap | VtlHost;

export type VtlMap = Map<string, Value>;

/** A list. One out of JSON prints as JSON, one made in a template as Java does (facts 3.2). */
export class VtlList {
  readonly #items: Value[];
  readonly kind: 'json' | 'java';

  constructor(items: Value[], kind: VtlList['kind'] = 'java') {
    this.#items = items;
    this.kind = kind;
  }

  get items(): Value[] {
    return this.#items;
  }
}

/** What a map gives of itself, as Java does: it follows the map, takes nothing in, and has no positions. */
export class VtlView extends VtlList {
  readonly map: VtlMap;
  readonly #part: (key: string, value: Value) => Value;

  constructor(map: VtlMap, part: (key: string, value: Value) => Value) {
    super([]);
    this.map = map;
    this.#part = part;
  }

  /** A copy: what is done to it is not done to the map. */
  override get items(): Value[] {
    return [...this.map].map(([key, value]) => this.#part(key, value));
  }
}

/** An object of the gateway's own, such as `$input`: only what it names can be reached. */
export interface VtlHost {
  readonly host: true;
  property(name: string): Value;
  /** `undefined` where there is no such method. */
  call(name: string, args: readonly Value[]): Value;
  /** How it prints; nothing where this is absent. */
  text?(): string;
}

/** A map that prints as nothing: `$context.requestOverride` on AWS (facts 3.2, LS-T:sqs). */
export class SilentMap extends Map<string, Value> {}

export function isHost(value: Value): value is VtlHost {
  return typeof value === 'object' && value !== null && 'host' in value;
}

export function fromJson(json: JsonValue): Value {
  if (json === null || typeof json !== 'object' || json instanceof NumberText) return json;
  if (Array.isArray(json)) return new VtlList(json.map(fromJson), 'json');
  return new Map(Object.entries(json).map(([key, member]) => [key, fromJson(member)]));
}

/** How a value prints: maps as Java's `{k=v, l=w}`, lists out of JSON as JSON (facts 3.2, emulators 5.2). */
export function printed(value: Value): string {
  if (value === undefined || value === null) return '';
  if (value instanceof SilentMap) return '';
  if (isHost(value)) return value.text?.() ?? '';
  if (value instanceof NumberText) return value.text;
  if (value instanceof Map) {
    const members = [...value].map(
      ([key, member]) => `${key}=${member === value ? '(this Map)' : element(member)}`,
    );
    return `{${members.join(', ')}}`;
  }
  if (value instanceof VtlList) {
    return value.kind === 'json' ? jsonText(value) : `[${value.items.map(element).join(', ')}]`;
  }
  return String(value);
}

/** Inside a collection Java prints null by its name. */
function element(value: Value): string {
  return value === undefined || value === null ? 'null' : printed(value);
}

export function jsonText(value: Value): string {
  if (value === undefined || value === null || isHost(value)) return 'null';
  if (value instanceof NumberText) return value.text;
  if (value instanceof Map) {
    return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(',')}}`;
  }
  if (value instanceof VtlList) return `[${value.items.map(jsonText).join(',')}]`;
  return JSON.stringify(value);
}

export function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof NumberText ? value.value : undefined;
}

/**
 * Velocity's `==`: numbers by value, the same type by value, different types by their text (Velocity user guide,
 * "Relational and Logical Operators"), so 0 == "" is false and 2 == "2" is true; null equals only null. A reference
 * that leads nowhere has become "" before, and so equals `$null` and "" (facts 3.2, LS-T:common).
 */
export function equal(left: Value, right: Value): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  const leftNumber = asNumber(left);
  const rightNumber = asNumber(right);
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber === rightNumber;
  if (left instanceof VtlList ? right instanceof VtlList : left instanceof Map && right instanceof Map)
    return same(left, right);
  return printed(left) === printed(right);
}

/** Java's `equals`: one type, and one value. */
export function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left instanceof VtlList && right instanceof VtlList) {
    return (
      left.items.length === right.items.length &&
      left.items.every((item, index) => same(item, right.items[index]))
    );
  }
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size && [...left].every(([key, value]) => same(value, right.get(key)));
  }
  if (asNumber(left) !== undefined)
    return numberClass(left) === numberClass(right) && asNumber(left) === asNumber(right);
  return (left ?? null) === (right ?? null);
}

function numberClass(value: Value): string {
  const number = asNumber(value);
  if (number === undefined) return 'none';
  if (!/^-?\d+$/.test(printed(value))) return 'double';
  return number === (number | 0) ? 'int' : 'long';
}

/** A double as Java prints it: `1.0`, `1.0E10`. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}
