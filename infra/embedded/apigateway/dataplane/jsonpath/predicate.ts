import { NumberText } from '../json.ts';
import { tests } from '../pattern.ts';
import { className, same } from '../vtl/equality.ts';
import { doubleText } from '../vtl/number.ts';
import { printed, type Value, VtlList } from '../vtl/value.ts';
import { ITEM, spend, spendDigits } from '../work.ts';
import { InvalidPath, JsonPathError, PathNotFound } from './error.ts';
import { type Filter, isDecimal, type Operand, type Relation } from './filter.ts';
import type { Path } from './path.ts';

interface FilterContext {
  /** `@`. */
  readonly item: Value;
  /** `$`. */
  readonly root: Value;
  readonly evaluate: (path: Path, item: Value, root: Value, options?: { requireMembers?: boolean }) => Value;
}

/** One operand of a relation, as Jayway's library types it; `undefined` is a path that finds nothing. */
type Side =
  | { readonly kind: 'none' | 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** A list or a map; `literal` if it is a literal of the filter. */
  | { readonly kind: 'json'; readonly value: Value; readonly literal: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

/** @throws InvalidPath if the filter is invalid for this item in Jayway's library, which makes it false. */
export function isTrue(filter: Filter, context: FilterContext): boolean {
  spend(ITEM);
  switch (filter.kind) {
    case 'or':
      return filter.operands.some((operand) => isTrue(operand, context));
    case 'and':
      return filter.operands.every((operand) => isTrue(operand, context));
    case 'not':
      return !isTrue(filter.operand, context);
    case 'exists':
      return exists(filter.path, context) === filter.wanted;
    case 'relation':
      return relates(filter.operator, sideOf(filter.left, context), sideOf(filter.right, context));
  }
}

/** Jayway's library starts at the item here, even if the path starts with `$`. */
function exists(path: Path, { item, root, evaluate }: FilterContext): boolean {
  try {
    evaluate(path, item, root, { requireMembers: true });
    return true;
  } catch (error) {
    if (error instanceof PathNotFound) return false;
    throw error;
  }
}

function sideOf(operand: Operand, { item, root, evaluate }: FilterContext): Side {
  switch (operand.kind) {
    case 'path':
      try {
        return sideOfValue(evaluate(operand.path, operand.path.root === '$' ? root : item, root));
      } catch (error) {
        if (error instanceof PathNotFound) return { kind: 'none' };
        throw error;
      }
    case 'value':
      return sideOfValue(operand.value);
    case 'json':
      return { kind: 'json', value: operand.value, literal: true };
    case 'number':
    case 'pattern':
      return operand;
  }
}

function sideOfValue(value: Value): Side {
  if (value === undefined || value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'number' || value instanceof NumberText)
    return {
      kind: 'number',
      text: className(value) === 'Double' ? doubleText(Number(printed(value))) : printed(value),
    };
  if (value instanceof Map || (value instanceof VtlList && value.kind !== 'array' && !('map' in value)))
    return { kind: 'json', value, literal: false };
  throw new JsonPathError('a filter of a JSONPath meets what is not JSON');
}

function relates(operator: Relation, left: Side, right: Side): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case '===':
      return left.kind === right.kind && equals(left, right);
    case '!==':
      return !(left.kind === right.kind && equals(left, right));
    case '<':
      return compares(left, right, (order) => order < 0);
    case '<=':
      return compares(left, right, (order) => order <= 0);
    case '>':
      return compares(left, right, (order) => order > 0);
    case '>=':
      return compares(left, right, (order) => order >= 0);
    case '=~':
      return matches(left, right);
    case 'IN':
      return contains(listOf(right), left);
    case 'NIN':
      return !contains(listOf(right), left);
    case 'CONTAINS':
      if (left.kind === 'text' && right.kind === 'text') return left.text.includes(right.text);
      return left.kind === 'json' && contains(listOf(left), right);
    case 'SIZE':
      return right.kind === 'number' && sizeOf(left) === Math.trunc(Number(right.text));
    case 'EMPTY':
      return isEmpty(left, right);
    case 'EXISTS':
      if (left.kind !== 'boolean' && right.kind !== 'boolean')
        throw new JsonPathError('EXISTS in a filter needs true or false');
      if (left.kind !== 'boolean' || right.kind !== 'boolean') throw new InvalidPath('not two booleans');
      return left.value === right.value;
    case 'SUBSETOF':
    case 'ANYOF':
    case 'NONEOF':
      return compareLists(operator, left, right);
    case 'ALL':
    case 'TYPE':
    case 'MATCHES':
      // These operators need values that a filter cannot express, so they are false.
      throw new InvalidPath(`${operator} cannot be true`);
  }
}

function equals(left: Side, right: Side): boolean {
  switch (left.kind) {
    case 'null':
      return right.kind === 'null';
    case 'boolean':
      return right.kind === 'boolean' && left.value === right.value;
    case 'number':
      if (right.kind === 'text') return isDecimal(right.text) && order(left.text, right.text) === 0;
      return right.kind === 'number' && order(left.text, right.text) === 0;
    case 'text':
      if (right.kind === 'number') return left.text === decimalText(right.text);
      return right.kind === 'text' && left.text === right.text;
    case 'json':
      // A JSON literal on the left is treated as text.
      return right.kind === 'json' && !left.literal && same(left.value, right.value);
    default:
      return false;
  }
}

function compares(left: Side, right: Side, holds: (order: number) => boolean): boolean {
  if (left.kind === 'number' && right.kind === 'number') return holds(order(left.text, right.text));
  if (left.kind === 'text' && right.kind === 'text')
    return holds(left.text < right.text ? -1 : left.text > right.text ? 1 : 0);
  return false;
}

function order(left: string, right: string): number {
  const integers = /^[+-]?\d+$/;
  if (integers.test(left) && integers.test(right)) {
    spendDigits(left.length + right.length);
    return Number(BigInt(left) > BigInt(right)) - Number(BigInt(left) < BigInt(right));
  }
  return Math.sign(Number(left) - Number(right));
}

/** A number as Java's BigDecimal prints it. */
function decimalText(text: string): string {
  const [, minus = '', whole = '', fraction = '', exponent = '0'] =
    /^\+?(-?)(\d*)\.?(\d*)(?:[eE]\+?(-?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const scale = fraction.length - Number(exponent);
  const magnitude = digits.length - 1 - scale;
  if (scale >= 0 && magnitude >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    const point = padded.length - scale;
    return minus + (scale === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`);
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${minus}${mantissa}E${magnitude < 0 ? '' : '+'}${magnitude}`;
}

/** @throws InvalidPath if it is not JSON. @returns undefined if it is not a list. */
function listOf(side: Side): readonly Value[] | undefined {
  if (side.kind !== 'json') throw new InvalidPath('no list');
  return side.value instanceof VtlList ? side.value.items : undefined;
}

function contains(items: readonly Value[] | undefined, wanted: Side): boolean {
  return items?.some((item) => equals(wanted, sideOfItem(item))) ?? false;
}

/** List items are parsed again: a text may be JSON, a path or a quoted string. */
function sideOfItem(item: Value): Side {
  spend(ITEM);
  if (typeof item !== 'string') {
    const side = sideOfValue(item);
    if (side.kind === 'json') throw new JsonPathError('a filter of a JSONPath meets a list in a list');
    return side;
  }
  const text = item.trim();
  if (/^[@$]/.test(text) || /\\|^(['"]).*\1$/s.test(item) || /^(?:\[.*\]|\{.*\})$/s.test(text))
    throw new JsonPathError(`the text ${item} is not supported in a list of a filter`);
  return { kind: 'text', text: item };
}

function sizeOf(side: Side): number | undefined {
  if (side.kind === 'text') return side.text.length;
  if (side.kind !== 'json') return undefined;
  return side.value instanceof VtlList ? side.value.items.length : -1;
}

function isEmpty(left: Side, right: Side): boolean {
  if (left.kind !== 'text' && left.kind !== 'json') return false;
  if (left.kind === 'json' && !(left.value instanceof VtlList))
    throw new JsonPathError('EMPTY in a filter cannot ask an object');
  if (right.kind !== 'boolean') throw new InvalidPath('EMPTY needs true or false');
  if (left.kind === 'text') return (left.text === '') === right.value;
  return ((left.value as VtlList).items.length === 0) === right.value;
}

function compareLists(operator: 'SUBSETOF' | 'ANYOF' | 'NONEOF', left: Side, right: Side): boolean {
  const rights = listOf(right);
  if (rights === undefined) return false;
  const lefts = listOf(left);
  if (lefts === undefined) return false;
  const isIn = (item: Value) => contains(rights, sideOfItem(item));
  if (operator === 'SUBSETOF') return lefts.every(isIn);
  return lefts.some(isIn) === (operator === 'ANYOF');
}

function matches(left: Side, right: Side): boolean {
  if ((left.kind === 'pattern') === (right.kind === 'pattern')) return false;
  const [side, other] = left.kind === 'pattern' ? [left, right] : [right, left];
  const { pattern } = side as Extract<Side, { kind: 'pattern' }>;
  if (other.kind === 'json' && other.value instanceof VtlList)
    return other.value.items.some((item) => tests(pattern, inputOf(sideOfItem(item))));
  return tests(pattern, inputOf(other));
}

function inputOf(side: Side): string {
  if (side.kind === 'text') return side.text;
  if (side.kind === 'number') return decimalText(side.text);
  return side.kind === 'boolean' ? String(side.value) : '';
}
