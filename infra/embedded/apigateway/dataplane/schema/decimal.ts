import { spendDigits } from '../work.ts';

/**
 * A number of JSON with all its digits: `unscaled` times ten to the power of `-scale`, as Java's BigDecimal has it.
 * Exponents may be of any size, so no code here expands them into digits.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
  /** Written without point and exponent: in JSON schema draft 4 such a number is an integer, whatever its value. */
  readonly isInteger: boolean;

  constructor(text: string) {
    const [, sign = '', whole = '', fraction = '', exponent = '0'] =
      /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
    spendDigits(text.length);
    this.isInteger = /^-?\d+$/.test(text);
    const unscaled = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
    const scale = fraction.length - Number(exponent);
    // An integer keeps its trailing zeros; a number with a point or an exponent drops them.
    const digits = String(unscaled);
    const zeros = this.isInteger || unscaled === 0n ? 0 : digits.length - digits.replace(/0+$/, '').length;
    this.unscaled = zeros === 0 ? unscaled : BigInt(digits.slice(0, digits.length - zeros));
    this.scale = unscaled === 0n ? 0 : scale - zeros;
  }

  /** As Java prints it: `1E+3` and `1E-7`, but `0.000001`. */
  toString(): string {
    const { unscaled, scale } = this;
    if (scale === 0) return String(unscaled);
    const sign = unscaled < 0n ? '-' : '';
    const digits = String(unscaled).replace('-', '');
    const exponent = digits.length - 1 - scale;
    if (scale > 0 && exponent >= -6) {
      const padded = digits.padStart(scale + 1, '0');
      return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
    }
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}E${exponent < 0 ? '' : '+'}${exponent}`;
  }
}

/** Negative, 0 or positive if `one` is less than, equal to or greater than `other`. */
export function compare(one: Decimal, other: Decimal): number {
  const signs = signOf(one.unscaled) - signOf(other.unscaled);
  if (signs !== 0 || one.unscaled === 0n) return signs;
  const sizes = orderOf(one) - orderOf(other);
  // With the same order of magnitude, the scales differ by at most the number of digits.
  if (sizes !== 0) return sizes * signOf(one.unscaled);
  const scale = Math.max(one.scale, other.scale);
  return signOf(scaled(one, scale) - scaled(other, scale));
}

/** @param divisor not 0. */
export function isMultipleOf(value: Decimal, divisor: Decimal): boolean {
  if (value.unscaled === 0n) return true;
  if (orderOf(value) < orderOf(divisor)) return false;
  const shift = divisor.scale - value.scale;
  const modulus = magnitude(divisor.unscaled);
  if (shift >= 0) return (magnitude(value.unscaled) * powerOfTen(shift, modulus)) % modulus === 0n;
  return value.unscaled % (divisor.unscaled * 10n ** BigInt(-shift)) === 0n;
}

function scaled({ unscaled, scale }: Decimal, to: number): bigint {
  return unscaled * 10n ** BigInt(to - scale);
}

/** The power of ten of the first digit. */
function orderOf({ unscaled, scale }: Decimal): number {
  return String(magnitude(unscaled)).length - scale;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function signOf(value: bigint): number {
  return value < 0n ? -1 : Number(value > 0n);
}

function powerOfTen(exponent: number, modulus: bigint): bigint {
  let [result, base] = [1n % modulus, 10n % modulus];
  for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}
