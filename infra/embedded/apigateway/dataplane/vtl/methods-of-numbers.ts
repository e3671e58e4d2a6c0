import { NumberText } from '../json.ts';
import { spendDigits } from '../work.ts';
import { same } from './equality.ts';
import { javaTrim } from './java-text.ts';
import { type Method, type Methods, method, ofAnotherClass, within } from './method.ts';
import { doubleText, LongText } from './number.ts';
import { TemplateError } from './scanner.ts';
import { asNumber, printed, type Value } from './value.ts';

const number = (value: Value): number => asNumber(value) as number;
const exact = (value: Value): bigint => {
  const text = printed(value);
  spendDigits(text.length);
  return BigInt(text);
};
const double = (value: number): NumberText => new NumberText(doubleText(value));

/** Converts to an integer's lowest bits, or to the nearest double. */
function toInteger(value: Value, bits: number): bigint {
  const text = printed(value);
  if (/^-?\d+$/.test(text)) return BigInt.asIntN(bits, BigInt(text));
  const whole = BigInt(
    Math.trunc(Number.isFinite(number(value)) ? number(value) : Math.sign(number(value)) * 2 ** 64 || 0),
  );
  const most = 2n ** BigInt(bits - 1);
  return whole >= most ? most - 1n : whole < -most ? -most : whole;
}

const PRINTED = method<Value>([], (self) => printed(self));

const COMMON: Methods<Value> = {
  doubleValue: [method([], (self) => double(number(self)))],
  equals: [method(['Object'], (self, [other]) => same(self, other))],
  intValue: [method([], (self) => Number(toInteger(self, 32)))],
  longValue: [method([], (self) => new LongText(String(toInteger(self, 64))))],
  toString: [PRINTED],
};

const compare = (left: bigint | number, right: bigint | number): number =>
  Number(left > right) - Number(left < right);

/** The methods of both Integer and Long, by their size. */
function integers(type: 'int' | 'long', boxed: 'Integer' | 'Long', bits: 32 | 64): Methods<Value> {
  const make = (value: bigint): Value => (type === 'int' ? Number(value) : new LongText(String(value)));
  const parse = (text: Value, radix: number): Value => make(parseInteger(printed(text), radix, bits));
  const two = (run: (left: bigint, right: bigint) => bigint): Method<Value> =>
    method([type, type], (_self, [left, right]) => make(BigInt.asIntN(bits, run(exact(left), exact(right)))));
  const unsigned = (radix: number): Method<Value> =>
    method([type], (_self, [value]) => BigInt.asUintN(bits, exact(value)).toString(radix));
  const parsers = [
    method<Value>(['String'], (_self, [text]) => parse(text, 10)),
    method<Value>(['String', 'int'], (_self, [text, radix]) => parse(text, number(radix))),
  ];
  return {
    ...COMMON,
    byteValue: [method([], (self) => Number(toInteger(self, 8)))],
    compare: [method([type, type], (_self, [left, right]) => compare(exact(left), exact(right)))],
    compareTo: [method([boxed], (self, [other]) => compare(exact(self), exact(other))), ofAnotherClass()],
    hashCode: [
      method([], (self) => hashOfInteger(exact(self), bits)),
      method([type], (_self, [value]) => hashOfInteger(exact(value), bits)),
    ],
    max: [two((left, right) => (left > right ? left : right))],
    min: [two((left, right) => (left < right ? left : right))],
    [type === 'int' ? 'parseInt' : 'parseLong']: parsers,
    shortValue: [method([], (self) => Number(toInteger(self, 16)))],
    signum: [method([type], (_self, [value]) => compare(exact(value), 0n))],
    sum: [two((left, right) => left + right)],
    toBinaryString: [unsigned(2)],
    toHexString: [unsigned(16)],
    toOctalString: [unsigned(8)],
    toString: [
      PRINTED,
      method<Value>([type], (_self, [value]) => printed(value)),
      method<Value>([type, 'int'], (_self, [value, radix]) => exact(value).toString(radixOf(number(radix)))),
    ],
    valueOf: [...parsers, method<Value>([type], (_self, [value]) => make(exact(value)))],
  };
}

export const INTEGER = integers('int', 'Integer', 32);
export const LONG = integers('long', 'Long', 64);

export const DOUBLE: Methods<Value> = {
  ...COMMON,
  compare: [
    method(['double', 'double'], (_self, [left, right]) => compareDoubles(number(left), number(right))),
  ],
  compareTo: [
    method(['Double'], (self, [other]) => compareDoubles(number(self), number(other))),
    ofAnotherClass(),
  ],
  hashCode: [method([], (self) => hashOfDouble(number(self)))],
  isFinite: [method(['double'], (_self, [value]) => Number.isFinite(number(value)))],
  isInfinite: [
    method([], (self) => isInfinite(number(self))),
    method(['double'], (_self, [value]) => isInfinite(number(value))),
  ],
  isNaN: [
    method([], (self) => Number.isNaN(number(self))),
    method(['double'], (_self, [value]) => Number.isNaN(number(value))),
  ],
  max: [
    method(['double', 'double'], (_self, [left, right]) => double(Math.max(number(left), number(right)))),
  ],
  min: [
    method(['double', 'double'], (_self, [left, right]) => double(Math.min(number(left), number(right)))),
  ],
  parseDouble: [method(['String'], (_self, [text]) => double(parseDouble(printed(text))))],
  sum: [method(['double', 'double'], (_self, [left, right]) => double(number(left) + number(right)))],
  toString: [PRINTED, method<Value>(['double'], (_self, [value]) => doubleText(number(value)))],
  valueOf: [
    method(['String'], (_self, [text]) => double(parseDouble(printed(text)))),
    method(['double'], (_self, [value]) => double(number(value))),
  ],
};

/** BigInteger and BigDecimal, which come only from a document, for numbers of more than 18 digits. */
export const BIG_NUMBER: Methods<Value> = COMMON;

export const BOOLEAN: Methods<Value> = {
  booleanValue: [method([], (self) => self)],
  compare: [method(['boolean', 'boolean'], (_self, [left, right]) => Number(left) - Number(right))],
  compareTo: [method(['Boolean'], (self, [other]) => Number(self) - Number(other)), ofAnotherClass()],
  equals: [method(['Object'], (self, [other]) => self === other)],
  hashCode: [
    method([], (self) => (self ? 1231 : 1237)),
    method(['boolean'], (_self, [value]) => (value ? 1231 : 1237)),
  ],
  logicalAnd: [method(['boolean', 'boolean'], (_self, [left, right]) => left === true && right === true)],
  logicalOr: [method(['boolean', 'boolean'], (_self, [left, right]) => left === true || right === true)],
  logicalXor: [method(['boolean', 'boolean'], (_self, [left, right]) => left !== right)],
  parseBoolean: [
    method(['null'], () => false),
    method(['String'], (_self, [text]) => printed(text).toLowerCase() === 'true'),
  ],
  toString: [PRINTED, method<Value>(['boolean'], (_self, [value]) => printed(value))],
  valueOf: [
    method(['boolean'], (_self, [value]) => value),
    method(['null'], () => false),
    method(['String'], (_self, [text]) => printed(text).toLowerCase() === 'true'),
  ],
};

export function hashOfInteger(value: bigint, bits: 32 | 64): number {
  return Number(BigInt.asIntN(32, bits === 32 ? value : value ^ (BigInt.asUintN(64, value) >> 32n)));
}

export function hashOfDouble(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getInt32(0) ^ view.getInt32(4);
}

function radixOf(radix: number): number {
  return radix >= 2 && radix <= 36 ? radix : 10;
}

/** More digits than either type allows: a longer text need not be parsed. */
const MAX_PARSED = 2n ** 64n;

function parseInteger(text: string, radix: number, bits: 32 | 64): bigint {
  within(radix, 2, 36);
  const digits = /^[+-]?([\da-z]+)$/i.exec(text)?.[1] ?? refuse(text);
  let value = 0n;
  for (const digit of digits) {
    const weight = Number.parseInt(digit, 36);
    if (weight >= radix) refuse(text);
    value = value * BigInt(radix) + BigInt(weight);
    if (value > MAX_PARSED) refuse(text);
  }
  if (text.startsWith('-')) value = -value;
  return BigInt.asIntN(bits, value) === value ? value : refuse(text);
}

/** Hexadecimal literals are not supported. */
function parseDouble(text: string): number {
  const trimmed = javaTrim(text);
  if (/^[+-]?(?:NaN|Infinity)$/.test(trimmed)) return Number(trimmed.replace(/^[+-]NaN$/, 'NaN'));
  const digits = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/.exec(trimmed)?.[1];
  return Number(digits ?? refuse(text));
}

function refuse(text: string): never {
  throw new TemplateError(`${JSON.stringify(text)} is not a number`);
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** In Java, NaN is the greatest double, and -0.0 is less than 0.0. */
function compareDoubles(left: number, right: number): number {
  if (Object.is(left, right)) return 0;
  if (Number.isNaN(left)) return 1;
  if (Number.isNaN(right)) return -1;
  return left === right ? (Object.is(left, -0) ? -1 : 1) : compare(left, right);
}
