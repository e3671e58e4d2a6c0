import fc from 'fast-check';

/** The variables that a generated template may use; `u` is never defined, `nil` is null or undefined. */
export const NAMES = [
  's',
  'n',
  'big',
  'l',
  'm',
  'e',
  'flag',
  'u',
  'nil',
  'x',
  'y',
  'hy-phen',
  'm.a',
  'e.partition-key',
];

/** Texts that a single-quoted literal can hold. */
export const TEXTS = [
  '',
  'a',
  'abc',
  'a,b,,',
  'A b',
  ' x ',
  '0',
  '12',
  '2.0',
  'true',
  'null',
  'é',
  '😀',
  'a/b',
  '$s',
  '1,2',
];

const RARE_TEXTS = [
  'a"b',
  "it's",
  'back\\slash',
  'line\nbreak',
  '\t',
  '\u0001',
  '#set($x = 9)',
  '$input.body',
  '<&>',
  '{"k":1}',
];

export const jsonValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(...TEXTS, ...RARE_TEXTS),
    fc.string({ maxLength: 5 }),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
    fc.integer({ min: -20, max: 300 }),
    fc.constantFrom(0, 1, 5, 1.5, -0.25, 2147483648, 9007199254740991),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'k', 'data', 'partition-key', 'x y', '10', '2'), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

/** JSON text of a value, compact or indented, as clients send it. */
export function jsonText(value: unknown): fc.Arbitrary<string> {
  return fc.constantFrom(undefined, 2).map((indent) => JSON.stringify(value, undefined, indent));
}

export const NO_PARAMETERS = { path: {}, querystring: {}, header: {} };
