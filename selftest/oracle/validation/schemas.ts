import fc from 'fast-check';
import type { ValidationCase } from './case.ts';
import { FORMATS, UNKNOWN_FORMATS } from './formats.ts';

const NAMES = ['a', 'b', 'Data', 'partition-key', 'x y', 'é'];
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const PATTERNS = ['^a', '[0-9]+', '^[a-zA-Z0-9_.-]+$', 'x|y', '^$', '\\d{2,}', 'é'];
/** Numbers as text, since messages print their digits: points, exponents, more digits than a double has. */
const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '5',
  '10',
  '90',
  '1.0',
  '1.5',
  '0.1',
  '0.30',
  '-90.1',
  '1e3',
  '1E-7',
  '2.50',
].concat([
  '100.0',
  '-0',
  '-0.0',
  '0.000001',
  '0.0000001',
  '12345678901234567890',
  '1e300',
  '9223372036854775808',
]);
const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'A',
  '10',
  'é',
  '😀',
  'x y',
  'say "hi"',
  'back\\slash',
  'line\nbreak',
  '\u0001',
  '/',
];

type Json = fc.Arbitrary<string>;

const number: Json = fc.constantFrom(...NUMBERS);
const text: Json = fc
  .oneof(
    fc.constantFrom(...TEXTS),
    fc.constantFrom(...Object.values(FORMATS).flat()),
    fc.string({ maxLength: 4 }),
  )
  .map((value) => JSON.stringify(value));
const name = fc.constantFrom(...NAMES);
const count = fc.integer({ min: 0, max: 4 }).map(String);

/** JSON texts, so that numbers keep their digits. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    number,
    text,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    members(name, tie('value'), 5),
  ),
}));

const { schema } = fc.letrec<{ schema: string }>((tie) => {
  const inner = tie('schema');
  const list = fc.array(inner, { minLength: 1, maxLength: 3 }).map((all) => `[${all.join(',')}]`);
  const keyword = (named: string, arbitrary: Json) => arbitrary.map((written) => `"${named}":${written}`);
  const leaf = fc.oneof(
    { weight: 6, arbitrary: keyword('type', fc.oneof(oneType(), types())) },
    keyword('enum', fc.array(value, { minLength: 1, maxLength: 3 }).map(distinct)),
    keyword('minimum', number),
    keyword('maximum', number),
    keyword('multipleOf', divisor()),
    ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((each) =>
      keyword(each, count),
    ),
    keyword('pattern', patterns()),
    keyword('uniqueItems', fc.constantFrom('true', 'false')),
    keyword('required', names()),
    { weight: 2, arbitrary: keyword('format', formats()) },
    keyword('additionalProperties', fc.constantFrom('false', 'true')),
    keyword('additionalItems', fc.constantFrom('false', 'true')),
    keyword('dependencies', members(name, names(), 2)),
    keyword('description', fc.constant('"told"')),
    keyword('example', fc.constant('1')),
  );
  const branch = fc.oneof(
    { weight: 6, arbitrary: keyword('properties', members(name, inner, 4)) },
    keyword('patternProperties', members(fc.constantFrom(...PATTERNS), inner, 2)),
    keyword('additionalProperties', inner),
    { weight: 3, arbitrary: keyword('items', fc.oneof(inner, list)) },
    keyword('additionalItems', inner),
    ...['allOf', 'anyOf', 'oneOf'].map((each) => keyword(each, list)),
    keyword('not', inner),
    keyword('dependencies', members(name, inner, 2)),
  );
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.array(leaf, { maxLength: 3 }).map(joined),
      fc
        .tuple(fc.array(leaf, { maxLength: 2 }), fc.array(branch, { maxLength: 2 }))
        .map((parts) => joined(parts.flat())),
    ),
  };
});

/** Bounds with their exclusive counterparts, and references, each added to an ordinary schema. */
const rooted: Json = fc.oneof(
  { weight: 6, arbitrary: schema },
  fc.tuple(number, fc.boolean()).map(([limit, is]) => `{"minimum":${limit},"exclusiveMinimum":${is}}`),
  fc.tuple(number, fc.boolean()).map(([limit, is]) => `{"maximum":${limit},"exclusiveMaximum":${is}}`),
  fc
    .tuple(schema, schema)
    .map(
      ([one, other]) =>
        `{"definitions":{"one":${one},"other":${other}},"properties":{"a":{"$ref":"#/definitions/one"},"b":{"$ref":"#/definitions/other"}},"items":{"$ref":"#/definitions/one"}}`,
    ),
  fc.constant('{"properties":{"a":{"$ref":"#"}},"required":["a"]}'),
  schema.map((one) => `{"items":{"$ref":"#/definitions/one"},"definitions":{"one":${one}},"type":"array"}`),
);

/** A text validated by a format: mostly one chosen for that format. */
const formatted: fc.Arbitrary<ValidationCase> = fc
  .constantFrom(...Object.entries(FORMATS))
  .chain(([format, texts]) =>
    fc.record({
      schema: fc.constant(`{"format":"${format}"}`),
      body: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...texts).map((each) => JSON.stringify(each)) },
        text,
      ),
    }),
  );

/** A value of the type that its keywords apply to, alone or as a member. */
const typed: fc.Arbitrary<ValidationCase> = fc
  .oneof(
    held(number, ['minimum', number], ['maximum', number], ['multipleOf', divisor()]),
    held(text, ['minLength', count], ['maxLength', count], ['pattern', patterns()]),
    held(
      fc.array(value, { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      ['minItems', count],
      ['maxItems', count],
      ['uniqueItems', fc.constant('true')],
      ['items', fc.array(schema, { maxLength: 2, minLength: 1 }).map((all) => `[${all.join(',')}]`)],
      ['additionalItems', fc.oneof(fc.constant('false'), schema)],
    ),
    held(
      members(name, value, 5),
      ['required', names()],
      ['properties', members(name, schema, 4)],
      ['additionalProperties', fc.oneof(fc.constant('false'), schema)],
      ['dependencies', members(name, fc.oneof(names(), schema), 2)],
      ['minProperties', count],
      ['maxProperties', count],
    ),
  )
  .chain((one) =>
    fc.constantFrom(
      one,
      { schema: `{"properties":{"Data":${one.schema}}}`, body: `{"Data":${one.body}}` },
      { schema: `{"items":${one.schema},"minItems":2}`, body: `[${one.body},${one.body}]` },
      {
        schema: `{"type":"object","properties":{"a":${one.schema},"b":${one.schema}},"required":["c"]}`,
        body: `{"a":${one.body}}`,
      },
      {
        schema: `{"properties":{"a":${one.schema},"b":{"type":"integer","format":"int32"}}}`,
        body: `{"a":${one.body},"b":"1"}`,
      },
    ),
  );

export const validationCase: fc.Arbitrary<ValidationCase> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ schema: rooted, body: value }) },
  { weight: 1, arbitrary: formatted },
  { weight: 2, arbitrary: typed },
);

function held(
  body: Json,
  ...keywords: readonly (readonly [keyword: string, expected: Json])[]
): fc.Arbitrary<ValidationCase> {
  const each = keywords.map(([keyword, expected]) =>
    fc.option(
      expected.map((written) => `"${keyword}":${written}`),
      { nil: undefined, freq: 3 },
    ),
  );
  const keywordsOf = fc.tuple(...each).map((all) => `{${all.filter((one) => one !== undefined).join(',')}}`);
  return fc.record({ schema: keywordsOf, body });
}

function divisor(): Json {
  return fc.constantFrom('1', '2', '0.1', '1.50', '3', '1e2', '1E-3');
}

function patterns(): Json {
  return fc.constantFrom(...PATTERNS).map((pattern) => JSON.stringify(pattern));
}

function oneType(): Json {
  return fc.constantFrom(...TYPES).map((type) => JSON.stringify(type));
}

function types(): Json {
  return fc
    .uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 })
    .map((all) => JSON.stringify(all));
}

function names(): Json {
  return fc.uniqueArray(name, { minLength: 1, maxLength: 3 }).map((all) => JSON.stringify(all));
}

function formats(): Json {
  return fc.constantFrom(...Object.keys(FORMATS), ...UNKNOWN_FORMATS).map((format) => JSON.stringify(format));
}

/** A JSON object of texts with unique names. */
function members(key: fc.Arbitrary<string>, member: Json, maxLength: number): Json {
  return fc
    .uniqueArray(fc.tuple(key, member), { maxLength, selector: ([named]) => named })
    .map((all) => `{${all.map(([named, written]) => `${JSON.stringify(named)}:${written}`).join(',')}}`);
}

/** A JSON array of distinct texts. */
function distinct(all: readonly string[]): string {
  return `[${[...new Set(all)].join(',')}]`;
}

/** A schema of unique keywords: the first of two is kept. */
function joined(keywords: readonly string[]): string {
  const named = new Map(keywords.toReversed().map((written) => [written.split(':')[0], written]));
  return `{${[...named.values()].join(',')}}`;
}
