import { NumberText } from '../json.ts';

/** An integer of Java's type Long, even if an Integer could hold it. */
export class LongText extends NumberText {}

/** A double as Java prints it: `1.0`, `1.0E10`. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size === Number.MIN_VALUE) return `${value < 0 ? '-' : ''}4.9E-324`;
  if (Number.isFinite(value) && size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}
