import { NumberText } from '../json.ts';
import { spendDigits } from '../work.ts';
import { doubleText } from './number.ts';
import type { Operator } from './syntax.ts';
import { asNumber, type Value } from './value.ts';

/**
 * Velocity's arithmetic and comparison: integers of any size are exact; if either operand is a double, so is the
 * result. If an operand is not a number, or the divisor is 0, Velocity logs an error, and the result is null, or false
 * for a comparison.
 */
export function arithmetic(operator: Operator, left: Value, right: Value): Value {
  const [x, y] = [asNumber(left), asNumber(right)];
  if (x === undefined || y === undefined) return isArithmetic(operator) ? undefined : false;
  switch (operator) {
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default: {
      if (y === 0 && (operator === '/' || operator === '%')) return undefined;
      const integers = [integerOf(left), integerOf(right)] as const;
      return integers[0] === undefined || integers[1] === undefined
        ? new NumberText(doubleText(withDoubles(operator, x, y)))
        : fromInteger(withIntegers(operator, integers[0], integers[1]));
    }
  }
}

export function isArithmetic(operator: Operator): boolean {
  return '+-*/%'.includes(operator);
}

/** Undefined if either is a double. */
function integerOf(value: Value): bigint | undefined {
  const text = value instanceof NumberText ? value.text : String(value);
  spendDigits(text.length);
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function fromInteger(value: bigint): Value {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : new NumberText(String(value));
}

function withIntegers(operator: Operator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return left % right;
  }
}

function withDoubles(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return left % right;
  }
}
