import fc from 'fast-check';
import type { TemplateCase } from './case.ts';
import { jsonText, NO_PARAMETERS } from './inputs.ts';

const PLACES = [
  '@.a',
  "@['a']",
  '@.b.c',
  '@',
  '@.list',
  '@.list[0]',
  '@.list[*]',
  '@.missing',
  '@.a.length()',
  '@.s',
  '@..c',
  '$.limit',
  '$.names',
  '$.items[0].a',
];
const LITERALS = [
  "'x'",
  "'1'",
  "'abc'",
  "''",
  "'it\\'s'",
  "'1.0'",
  '1',
  '1.0',
  '-2',
  '1e1',
  '1.50',
  'true',
  'false',
  'null',
];
const COLLECTIONS = ["['x','abc']", "['1', 2]", '[1, 1.5, null]', '[]', '[true]', '["x"]', '{}', "{'c': 1}"];
const PATTERNS = ['/a.*/', '/X/i', '/[a-z]+/', '/\\d+/', '/true|1/', '/x$/', '/(a)(b)c/'];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '===', '!=='];
const WORDS = ['in', 'nin', 'IN', 'contains', 'size', 'empty', 'subsetof', 'anyof', 'noneof', 'all', 'type'];

const place = fc.constantFrom(...PLACES);
const operand = fc.oneof(
  { weight: 3, arbitrary: place },
  { weight: 3, arbitrary: fc.constantFrom(...LITERALS) },
  { weight: 1, arbitrary: fc.constantFrom(...COLLECTIONS) },
);

const relation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(place, fc.constantFrom(...OPERATORS), operand, fc.constantFrom(' ', '')).map(spaced),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(operand, fc.constantFrom(...OPERATORS), place, fc.constant(' ')).map(spaced),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        operand,
        fc.constantFrom(...WORDS),
        fc.oneof(operand, fc.constantFrom(...COLLECTIONS, '3', '0', 'true')),
      )
      .map(([left, word, right]) => `${left} ${word} ${right}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(operand, fc.constantFrom(...PATTERNS))
      .map(([left, pattern]) => `${left} =~ ${pattern}`),
  },
  { weight: 2, arbitrary: place },
  { weight: 1, arbitrary: place.map((path) => `!${path}`) },
);

function spaced([left, operator, right, blank]: readonly [string, string, string, string]): string {
  return left + blank + operator + blank + right;
}

function filter(depth: number): fc.Arbitrary<string> {
  if (depth === 0) return relation;
  const inner = filter(depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: relation },
    {
      weight: 1,
      arbitrary: fc
        .tuple(inner, fc.constantFrom(' && ', ' || ', '&&', '||'), inner)
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: inner.map((text) => `(${text})`) },
    { weight: 1, arbitrary: inner.map((text) => `!(${text})`) },
  );
}

const ROOTS = [
  '$',
  '$.items',
  '$.items[*]',
  '$.one',
  '$.items[0]',
  '$.items[0].b',
  '$.nested.deep',
  '$.limit',
  '$.nothing',
  '$.items[*].list',
  '$.',
];
const STEPS = [
  '.a',
  '.b.c',
  "['a']",
  "['a','b']",
  '[0]',
  '[-1]',
  '[0,1]',
  '[1:]',
  '[:1]',
  '[-2:]',
  '[0:9:2]',
  '[*]',
  '.*',
  '..c',
  '..a',
  '..[0]',
  '..*',
  "..['a','b']",
];
const FUNCTIONS = [
  '.length()',
  '.size()',
  '.min()',
  '.max()',
  '.avg()',
  '.sum()',
  '.stddev()',
  '.keys()',
  '.first()',
  '.last()',
  '.concat()',
  '.none()',
];
/** Paths that are invalid, or barely valid, JSONPath. */
const ODD = [
  '.',
  '[',
  ']',
  '[?]',
  '[]',
  "['a",
  '[a]',
  ' ',
  '..',
  '[1',
  '()',
  '.a b',
  '[?(@.a)',
  '[?()]',
  '[?(@.a ==)]',
  '[?(@.a = 1)]',
  '[(@.a)]',
  'x',
];

const path = fc
  .tuple(
    fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...ROOTS) },
      { weight: 1, arbitrary: fc.constantFrom(' $', ' $.limit', 'limit', ' limit', '$.limit ') },
    ),
    fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc
            .tuple(fc.constantFrom('', '', '', '..'), filter(2))
            .map(([scan, text]) => `${scan}[?(${text})]`),
        },
        { weight: 3, arbitrary: fc.constantFrom(...STEPS) },
      ),
      { maxLength: 2 },
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('') },
      { weight: 2, arbitrary: fc.constantFrom(...FUNCTIONS) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    ),
  )
  .map(([root, steps, end]) => root + steps.join('') + end);

const scalar = fc.constantFrom(
  'x',
  'abc',
  '1',
  '',
  "it's",
  '1.0',
  'true',
  1,
  2,
  -2,
  10,
  1.5,
  true,
  false,
  null,
  9007199254740991,
);
const item = fc.record(
  {
    a: fc.oneof(
      { weight: 4, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
    ),
    b: fc.oneof(fc.record({ c: scalar }, { requiredKeys: [] }), scalar),
    s: fc.constantFrom('x', 'abc', '1'),
    list: fc.array(scalar, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const body = fc
  .record(
    {
      items: fc.array(fc.oneof({ weight: 5, arbitrary: item }, { weight: 1, arbitrary: scalar }), {
        maxLength: 4,
      }),
      one: item,
      limit: scalar,
      names: fc.array(scalar, { maxLength: 3 }),
      nested: fc.record({ deep: fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }) }),
      a: scalar,
    },
    { requiredKeys: ['items', 'limit', 'names'] },
  )
  .chain(jsonText);

/** Paths with filters, and the rest of JSONPath, in both functions that take a path. */
export const filterCase: fc.Arbitrary<TemplateCase> = fc.record({
  template: path.map((text) => {
    // A literal doubles the quote that delimits it.
    const literal = `"${text.replaceAll('"', '""')}"`;
    return `$input.json(${literal})|$input.path(${literal})`;
  }),
  body,
  variables: fc.constant('{}'),
  params: fc.constant(NO_PARAMETERS),
});
