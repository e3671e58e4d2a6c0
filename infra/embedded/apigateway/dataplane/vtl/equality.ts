import { NumberText } from '../json.ts';
import { ITEM, spend, spendDigits } from '../work.ts';
import { LongText } from './number.ts';
import {
  asNumber,
  printed,
  type Value,
  VtlCharacter,
  VtlEntry,
  VtlList,
  VtlSubList,
  VtlView,
} from './value.ts';

/**
 * Velocity's `==`: numbers by value, the same type by value, different types by their text (Velocity user guide,
 * "Relational and Logical Operators"), so 0 == "" is false and 2 == "2" is true; null equals only null. An undefined
 * reference has already become "", and so equals `$null` and "" (docs/facts/templates.md#values, LS-T:common).
 */
export function equal(left: Value, right: Value): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  const leftNumber = asNumber(left);
  const rightNumber = asNumber(right);
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber === rightNumber;
  return className(left) === className(right) ? same(left, right) : printed(left) === printed(right);
}

/** Java's `equals`: same type and same value; all lists are of one type, and so are all maps. */
export function same(left: Value, right: Value): boolean {
  spend(ITEM);
  if (left === right) return true;
  if (left instanceof VtlList && right instanceof VtlList) {
    if (left instanceof VtlView || right instanceof VtlView) return sameKeys(left, right);
    return (
      left.kind !== 'array' &&
      right.kind !== 'array' &&
      left.items.length === right.items.length &&
      left.items.every((item, index) => same(item, right.items[index]))
    );
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && same(value, right.get(key)))
    );
  }
  if (left instanceof VtlEntry || left instanceof VtlCharacter)
    return className(left) === className(right) && printed(left) === printed(right);
  if (asNumber(left) !== undefined)
    return className(left) === className(right) && asNumber(left) === asNumber(right);
  return (left ?? null) === (right ?? null);
}

/** Sets of keys are equal regardless of order; a map's `values()` equals only itself. */
function sameKeys(left: VtlList, right: VtlList): boolean {
  if (!(left instanceof VtlView && right instanceof VtlView)) return false;
  if (left.part !== 'keys' || right.part !== 'keys') return false;
  return left.map.size === right.map.size && [...left.map.keys()].every((key) => right.map.has(key));
}

/** The Java class of a value; the two lists that are both ArrayLists share a name. */
export function className(value: Value): string {
  if (value instanceof VtlView) return value.part;
  if (value instanceof VtlSubList) return 'SubList';
  if (value instanceof VtlList) return value.kind === 'array' ? 'String[]' : 'ArrayList';
  if (value instanceof Map) return 'Map';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'boolean') return 'Boolean';
  if (value instanceof LongText) return 'Long';
  if (typeof value === 'number' || value instanceof NumberText) return numberClass(value);
  if (value instanceof VtlEntry) return 'Entry';
  return value instanceof VtlCharacter ? 'Character' : 'Object';
}

function numberClass(
  value: number | NumberText,
): 'Integer' | 'Long' | 'BigInteger' | 'Double' | 'BigDecimal' {
  const text = printed(value);
  spendDigits(text.length);
  // json-smart's limit: numbers with more digits are kept exactly.
  if (!/^-?\d+$/.test(text)) return /^-?\d+\.?\d*$/.test(text) && text.length > 18 ? 'BigDecimal' : 'Double';
  const number = Number(text);
  if (number === (number | 0)) return 'Integer';
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? 'Long' : 'BigInteger';
}
