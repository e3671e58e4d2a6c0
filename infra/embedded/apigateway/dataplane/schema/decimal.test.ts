import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, Decimal, isMultipleOf } from './decimal.ts';

/** The output of Java's BigDecimal; the oracle compares many more cases. */
for (const [text, printed] of [
  ['10', '10'],
  ['-0', '0'],
  ['0.0', '0'],
  ['1.50', '1.5'],
  ['100.0', '1E+2'],
  ['1e3', '1E+3'],
  ['12.5e-3', '0.0125'],
  ['-0.000001', '-0.000001'],
  ['0.0000001', '1E-7'],
  ['12345678901234567890.5', '12345678901234567890.5'],
] as const) {
  test(`${text} is printed as ${printed}`, () => assert.equal(String(new Decimal(text)), printed));
}

test('an exponent of any size costs nothing', () => {
  const [huge, tiny, one] = [new Decimal('1e999999999'), new Decimal('-1e-999999999'), new Decimal('1')];
  assert.ok(compare(huge, one) > 0);
  assert.ok(compare(tiny, one) < 0);
  assert.ok(compare(huge, new Decimal('9e999999998')) > 0);
  assert.equal(isMultipleOf(huge, new Decimal('3')), false);
  assert.equal(isMultipleOf(huge, new Decimal('0.5')), true);
  assert.equal(isMultipleOf(tiny, one), false);
});

test("digits beyond a double's precision count", () => {
  const [one, other] = [new Decimal('9007199254740993'), new Decimal('9007199254740992.0')];
  assert.ok(compare(one, other) > 0);
  assert.equal(compare(new Decimal('1.10'), new Decimal('11e-1')), 0);
  assert.equal(isMultipleOf(new Decimal('0.3'), new Decimal('0.1')), true);
});
