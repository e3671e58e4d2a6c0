import type { JsonValue } from '../json.ts';
import { patternOf, tests } from '../pattern.ts';
import { compare, type Decimal, isMultipleOf } from './decimal.ts';
import {
  canonical,
  decimalOf,
  type InstanceType,
  isEqual,
  isNumber,
  isObject,
  textOf,
  typeOf,
} from './instance.ts';

export type SchemaNode = { readonly [keyword: string]: JsonValue };

/** Checks a value against one keyword of a schema, not the value's parts. Returns the error, if any. */
type KeywordCheck = (expected: JsonValue, value: never, schema: SchemaNode) => string | undefined;

interface Keyword {
  /** The types of instances that the keyword applies to; all by default. */
  readonly types?: readonly InstanceType[];
  readonly check: KeywordCheck;
}

const ARRAYS: readonly InstanceType[] = ['array'];
const NUMBERS: readonly InstanceType[] = ['integer', 'number'];
const OBJECTS: readonly InstanceType[] = ['object'];
const STRINGS: readonly InstanceType[] = ['string'];

type Members = { [key: string]: JsonValue };

/**
 * The keywords of draft 4 without subschemas, with the Java validator's messages (docs/facts/gateway.md#validation).
 */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  additionalItems: {
    types: ARRAYS,
    check: (allowed, value: JsonValue[], { items }) =>
      allowed === false && Array.isArray(items) && value.length > items.length
        ? `schema only allows ${items.length} elements in array but instance has ${value.length} elements`
        : undefined,
  },
  additionalProperties: { types: OBJECTS, check: additionalProperties },
  enum: {
    check: (values, value: JsonValue) =>
      (values as JsonValue[]).some((one) => isEqual(one, value))
        ? undefined
        : `instance value (${textOf(value)}) not found in enum (possible values: ${textOf(values)})`,
  },
  maxItems: {
    types: ARRAYS,
    check: (limit, { length }: JsonValue[]) =>
      length > sizeOf(limit)
        ? `array is too long: must have at most ${sizeOf(limit)} elements but instance has ${length} elements`
        : undefined,
  },
  maxLength: {
    types: STRINGS,
    check: (limit, value: string) =>
      lengthOf(value) > sizeOf(limit)
        ? `string "${value}" is too long (length: ${lengthOf(value)}, maximum allowed: ${sizeOf(limit)})`
        : undefined,
  },
  maxProperties: {
    types: OBJECTS,
    check: (limit, value: Members) => {
      const count = Object.keys(value).length;
      return count > sizeOf(limit)
        ? `object has too many properties (found ${count} but schema requires at most ${sizeOf(limit)})`
        : undefined;
    },
  },
  maximum: {
    types: NUMBERS,
    check: (limit, value: number, { exclusiveMaximum }) => {
      const order = compare(decimalOf(value), limitOf(limit));
      if (order > 0)
        return `numeric instance is greater than the required maximum (maximum: ${limitText(limit)}, found: ${textOf(value)})`;
      if (order < 0 || exclusiveMaximum !== true) return undefined;
      return `numeric instance is not strictly lower than the required maximum ${limitText(limit)}`;
    },
  },
  minItems: {
    types: ARRAYS,
    check: (limit, { length }: JsonValue[]) =>
      length < sizeOf(limit)
        ? `array is too short: must have at least ${sizeOf(limit)} elements but instance has ${length} elements`
        : undefined,
  },
  minLength: {
    types: STRINGS,
    check: (limit, value: string) =>
      lengthOf(value) < sizeOf(limit)
        ? `string "${value}" is too short (length: ${lengthOf(value)}, required minimum: ${sizeOf(limit)})`
        : undefined,
  },
  minProperties: {
    types: OBJECTS,
    check: (limit, value: Members) => {
      const count = Object.keys(value).length;
      return count < sizeOf(limit)
        ? `object has too few properties (found ${count} but schema requires at least ${sizeOf(limit)})`
        : undefined;
    },
  },
  minimum: {
    types: NUMBERS,
    // exclusiveMinimum is not supported (docs/facts/gateway.md#validation, DOC), so it is ignored.
    check: (limit, value: number) =>
      compare(decimalOf(value), limitOf(limit)) < 0
        ? `numeric instance is lower than the required minimum (minimum: ${limitText(limit)}, found: ${textOf(value)})`
        : undefined,
  },
  multipleOf: {
    types: NUMBERS,
    check: (divisor, value: number) =>
      isMultipleOf(decimalOf(value), limitOf(divisor))
        ? undefined
        : `remainder of division is not zero (${textOf(value)} / ${limitText(divisor)})`,
  },
  pattern: {
    types: STRINGS,
    check: (pattern, value: string) =>
      tests(patternOf(String(pattern)), value)
        ? undefined
        : `ECMA 262 regex "${pattern}" does not match input string "${value}"`,
  },
  required: {
    types: OBJECTS,
    check: (names, value: Members) => {
      const missing = [...new Set(names as string[])].filter((name) => !Object.hasOwn(value, name)).sort();
      return missing.length > 0 ? `object has missing required properties (${textOf(missing)})` : undefined;
    },
  },
  type: {
    check: (names, value: JsonValue) => {
      const allowed = new Set([names].flat() as string[]);
      if (allowed.has('number')) allowed.add('integer');
      const found = typeOf(value);
      return allowed.has(found)
        ? undefined
        : `instance type (${found}) does not match any allowed primitive type (allowed: ${textOf([...allowed].sort())})`;
    },
  },
  uniqueItems: {
    types: ARRAYS,
    check: (isWanted, value: JsonValue[]) =>
      isWanted === true && new Set(value.map(canonical)).size < value.length
        ? 'array must not contain duplicate elements'
        : undefined,
  },
};

function additionalProperties(allowed: JsonValue, value: Members, schema: SchemaNode): string | undefined {
  if (allowed !== false) return undefined;
  const { properties, patternProperties } = schema;
  const known = isObject(properties) ? properties : {};
  const patterns = Object.keys(isObject(patternProperties) ? patternProperties : {});
  const unwanted = Object.keys(value)
    .filter((name) => !Object.hasOwn(known, name))
    .filter((name) => !patterns.some((pattern) => tests(patternOf(pattern), name)))
    .sort();
  return unwanted.length > 0
    ? `object instance has properties which are not allowed by the schema: ${textOf(unwanted)}`
    : undefined;
}

function sizeOf(limit: JsonValue): number {
  return Number(limitOf(limit));
}

/** In code points. */
function lengthOf(text: string): number {
  return [...text].length;
}

function limitOf(limit: JsonValue): Decimal {
  if (!isNumber(limit)) throw new TypeError('a limit is a number, as the meta-schema says');
  return decimalOf(limit);
}

/** An integral limit is written without a point or an exponent if it fits into 64 bits. */
function limitText(limit: JsonValue): string {
  const decimal = limitOf(limit);
  const { unscaled, scale } = decimal;
  if (scale >= 0 || scale < -18) return decimal.toString();
  const whole = unscaled * 10n ** BigInt(-scale);
  return BigInt.asIntN(64, whole) === whole ? String(whole) : decimal.toString();
}
