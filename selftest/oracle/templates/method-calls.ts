import fc from 'fast-check';
import type { Methods, Parameter } from '../../../infra/embedded/apigateway/dataplane/vtl/method.ts';
import {
  ARRAY_LIST,
  JSON_LIST,
  LIST,
  MAP,
  VIEW,
} from '../../../infra/embedded/apigateway/dataplane/vtl/methods-of-collections.ts';
import {
  BIG_NUMBER,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  LONG,
} from '../../../infra/embedded/apigateway/dataplane/vtl/methods-of-numbers.ts';
import { STRING } from '../../../infra/embedded/apigateway/dataplane/vtl/methods-of-text.ts';
import type { TemplateCase } from './case.ts';
import { jsonText, jsonValue, NO_PARAMETERS, TEXTS } from './inputs.ts';

/** Values of each class in template syntax, with the methods that the embedded AWS has for the class. */
const RECEIVERS: readonly (readonly [references: readonly string[], methods: Methods<never>])[] = [
  [['$s', '$t', '$m.a'], STRING],
  [['$n', '$l.size()', '$s.length()'], INTEGER],
  [['$long', '$n.longValue()'], LONG],
  [['$d', '$n.doubleValue()', '$whole'], DOUBLE],
  [['$flag', '$s.isEmpty()'], BOOLEAN],
  [['$huge'], BIG_NUMBER],
  [['$l', '$m.list', '$l.clone()'], JSON_LIST],
  [['$own'], ARRAY_LIST],
  [['$l.subList(0, 1)', "$s.split(',')"], LIST],
  [['$m', '$map'], MAP],
  [['$m.keySet()', '$m.values()', '$map.keySet()'], VIEW],
];

/** Texts, including regular expressions, replacements, formats and numbers. */
const ARGUMENT_TEXTS = [
  ...TEXTS,
  '[ab]+',
  '\\s',
  ',',
  'a|b',
  '(a)(b)?',
  '.',
  '^a',
  'b$',
  '[^a-c]',
  '\\d+',
  '\\w',
  'a{1,2}',
  '(?i)A',
  'x*',
  '\\.',
  '[',
  '(',
  '\\p{Alpha}',
  '[\\s,]',
  '(?<x>b)',
  'a+?',
  '(?:a|b)c',
  '\\bA',
  '}',
  '[\\w.-]+',
  '$1',
  '<$0>',
  '\\$',
  '${x}',
  '%s',
  '%d',
  '%05d',
  '%-4s|',
  '%x',
  '%b',
  '%%',
  '%s-%s',
  '12',
  '-7',
  '1.5',
  '1e3',
  'ff',
  ' 3 ',
  '+4',
  '9999999999',
  'NaN',
];

const ARGUMENTS: Readonly<Record<Parameter, fc.Arbitrary<string>>> = {
  int: fc.oneof(fc.integer({ min: -2, max: 6 }).map(String), fc.constantFrom('$n', '16', '97', '2147483647')),
  long: fc.constantFrom('$long', '3', '-1', '4294967296'),
  double: fc.constantFrom('1.5', '-0.25', '$d', '2', '100.0'),
  boolean: fc.constantFrom('true', 'false', '$flag'),
  Object: fc.constantFrom('1', '2.0', "'a'", '$s', '$l', '$m', 'true', '$u', '[]', "'k'", 'null', '$own'),
  String: fc.constantFrom(...ARGUMENT_TEXTS).map((text) => `'${text}'`),
  Integer: fc.constantFrom('1', '5', '$n'),
  Long: fc.constantFrom('$long', '4294967296'),
  Double: fc.constantFrom('1.5', '$d', '0.0'),
  Boolean: fc.constantFrom('true', '$flag'),
  'String[]': fc.constantFrom("$s.split('a')", "$t.split(',')"),
  Collection: fc.constantFrom('$l', '[]', "['a', 1]", '$m.keySet()', "['a', 'b']"),
  Map: fc.constantFrom('$m', '{}', "{'a': 1, 'z': []}"),
  null: fc.constant('null'),
};

const anyArgument = fc.oneof(...Object.values(ARGUMENTS));

/** Methods that only Java has, and methods that neither has. */
const OTHERS = [
  'isBlank',
  'chars',
  'getBytes',
  'toCharArray',
  'stream',
  'iterator',
  'getClass',
  'bitCount',
  'floatValue',
  'nothing',
  'length',
  'size',
  'get',
  'toList',
  'foo',
];

function call([references, methods]: (typeof RECEIVERS)[number]): fc.Arbitrary<string> {
  const overloads = Object.entries(methods).flatMap(([name, list]) =>
    list.map(({ takes, more }) => ({ name, takes, more })),
  );
  const fitting = fc
    .constantFrom(...overloads)
    .chain(({ name, takes, more }) =>
      fc
        .tuple(
          fc.tuple(...takes.map((type) => ARGUMENTS[type])),
          more === undefined ? fc.constant([]) : fc.array(ARGUMENTS[more], { maxLength: 2 }),
        )
        .map(([args, further]) => written(name, [...args, ...further])),
    );
  const random = fc
    .tuple(fc.constantFrom(...OTHERS, ...Object.keys(methods)), fc.array(anyArgument, { maxLength: 2 }))
    .map(([name, args]) => written(name, args));
  const property = fc.constantFrom('.empty', '.class', '.bytes', '.naN', '.infinite', '.a', '.size', '.key');
  return fc
    .tuple(
      fc.constantFrom(...references),
      fc.oneof(
        { weight: 8, arbitrary: fitting },
        { weight: 2, arbitrary: random },
        { weight: 1, arbitrary: property },
      ),
    )
    .map((parts) => parts.join(''));
}

/** Java prints an array by its address. */
function written(name: string, args: readonly string[]): string {
  return `.${name}(${args.join(', ')})${name === 'split' ? '.size()' : ''}`;
}

const variables = fc
  .record({
    s: fc.constantFrom(...TEXTS, 'O\'Brien "x"', 'aAbB', 'ab\ncd', 'straße', '\u00a0x'),
    t: fc.constantFrom('a,b,,', 'foobar', 'Hello World 42', '-17', '3.25', 'TRUE', 'a.b.c'),
    n: fc.integer({ min: -3, max: 12 }),
    long: fc.constantFrom(2147483648, -4294967297, 9007199254740991),
    d: fc.constantFrom(1.5, -0.25, 1234.5678, 0.0001),
    flag: fc.boolean(),
    l: fc.array(jsonValue, { maxLength: 3 }),
    m: fc.record(
      { a: fc.constantFrom('a', 'b,c', ''), k: jsonValue, list: fc.array(jsonValue, { maxLength: 2 }) },
      { requiredKeys: ['a', 'list'] },
    ),
  })
  .chain(jsonText)
  // JavaScript has no literals for these two.
  .map((text) => text.replace(/^\{/, '{"huge": 123456789012345678901234567890, "whole": 3.0,'));

/** Calls of Java's methods, most with valid arguments, each printed with its receiver after the call. */
export const methodCase: fc.Arbitrary<TemplateCase> = fc.record({
  template: fc
    .array(fc.oneof(...RECEIVERS.map(call)), { minLength: 1, maxLength: 3 })
    .map(
      (calls) =>
        `#set($own = ['b', 'a', 3])#set($map = {'k': 1})${calls.map((text) => `$${text.slice(1)}`).join('|')}|$l|$own|$m|$map`,
    ),
  body: fc.constant('{}'),
  variables,
  params: fc.constant(NO_PARAMETERS),
});
