import fc from 'fast-check';
import type { TemplateCase } from './case.ts';
import { jsonText, jsonValue, NAMES, TEXTS } from './inputs.ts';

const PLAIN = [
  'a',
  ' ',
  '\n',
  '  \n',
  ', ',
  '{ "k": "',
  '" }',
  ' [',
  ']',
  ' (',
  ')',
  '.',
  ':',
  '-',
  '"',
  "'",
  '=',
  '5',
  'é',
];

function node(depth: number): fc.Arbitrary<string> {
  const leaves = [
    { weight: 4, arbitrary: fc.constantFrom(...PLAIN) },
    { weight: 5, arbitrary: printedReference(depth) },
    { weight: 3, arbitrary: set(depth) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('.\n## note\n', '#* note *#', '#[[ $x #if ]]#', '\\$s', '$.,'),
    },
  ];
  if (depth === 0) return fc.oneof(...leaves);
  return fc.oneof(
    ...leaves,
    { weight: 3, arbitrary: conditional(depth - 1) },
    { weight: 2, arbitrary: loop(depth - 1) },
    { weight: 1, arbitrary: block(depth - 1).map((body) => `#define($d)${body}#end$d`) },
  );
}

function block(depth: number): fc.Arbitrary<string> {
  return fc.array(node(depth), { maxLength: 3 }).map((parts) => parts.join(''));
}

/** What may follow a directive, which drops a line end after it and the blanks before that. */
const gap = fc.constantFrom('', '', ' ', '\n', ' \n', '\n  ', '\t\n');

function set(depth: number): fc.Arbitrary<string> {
  const target = fc.constantFrom('$x', '$y', '$hy-phen', '$m.k', '$m.partition-key', '$m["k"]', '$l[0]');
  return fc
    .tuple(target, expression(depth), fc.constantFrom(' = ', '='), gap)
    .map(([left, right, equals, after]) => `#set(${left}${equals}${right})${after}`);
}

function conditional(depth: number): fc.Arbitrary<string> {
  return fc
    .record({
      condition: expression(depth),
      afterIf: gap,
      whenTrue: block(depth),
      elseIf: fc.option(fc.tuple(expression(depth), gap, block(depth))),
      otherwise: fc.option(fc.tuple(fc.constantFrom('#else', '#{else}'), gap, block(depth))),
      end: fc.constantFrom('#end', '#{end}'),
      afterEnd: gap,
    })
    .map(({ condition, afterIf, whenTrue, elseIf, otherwise, end, afterEnd }) =>
      [
        `#if(${condition})${afterIf}${whenTrue}`,
        elseIf === null ? '' : `#elseif(${elseIf[0]})${elseIf[1]}${elseIf[2]}`,
        otherwise === null ? '' : `${separated(otherwise[0], otherwise[1] + otherwise[2])}`,
        separated(end, afterEnd),
      ].join(''),
    );
}

/** `#else` followed by a letter would be another word. */
function separated(directive: string, rest: string): string {
  return /^#\w+$/.test(directive) && /^[\w-]/.test(rest) ? `${directive} ${rest}` : directive + rest;
}

function loop(depth: number): fc.Arbitrary<string> {
  const over = fc.oneof(
    fc.constantFrom('$l', '$m', '$u', '$nil', '$s', "$input.path('$.records')", '$m.keySet()', '$m.values()'),
    listLiteral(depth),
    range(depth),
  );
  const body = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: node(depth) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '$i',
          '$i.data',
          '$i.partition-key',
          '#if($foreach.hasNext),#end',
          '$foreach.index',
          '$foreach.count',
          '$foreach.first',
          '$foreach.last',
          '$foreach.isLast()',
          '$foreach.isFirst()#if($foreach.hasNext()),#end',
          '$foreach.getIndex()$foreach.Count$foreach.HasNext',
          '$foreach.topmost.index$foreach.getTopmost().getCount()',
          '#set($foreach.index = 7)#set($foreach.mine = $foreach.count)$foreach.index$foreach.mine',
          '$foreach.size()$foreach.replaced$foreach.getParent().getIndex()',
          '$velocityCount',
          '$velocityHasNext',
          '$foreach.parent.index',
          '#if($foreach.count == 2)#break#end',
          '#set($x = $x + $i)',
          '#set($x = "$!x$i")',
        ),
      },
    ),
    { maxLength: 4 },
  );
  return fc
    .tuple(over, gap, body, fc.constantFrom('#end', '#{end}'), gap)
    .map(
      ([list, before, parts, end, after]) =>
        `#foreach($i in ${list})${before}${parts.join('')}${separated(end, after)}`,
    );
}

/** A reference in text, in all four notations. A separator follows those without braces. */
function printedReference(depth: number): fc.Arbitrary<string> {
  return fc.tuple(reference(depth), fc.constantFrom('$', '$!', '${', '$!{')).map(([body, open]) => {
    if (open.endsWith('{')) return `${open}${body}}`;
    return `${open}${body}`;
  });
}

function reference(depth: number): fc.Arbitrary<string> {
  const names = fc.constantFrom(...NAMES);
  const input = fc.oneof(
    jsonPath().map((path) => `input.path(${quoted(path)})`),
    jsonPath().map((path) => `input.json(${quoted(path)})`),
    fc.constantFrom(
      'input.body',
      "input.params('stream-name')",
      'input.params("Shard-Iterator")',
      'input.params("no")',
    ),
    fc.constantFrom('input.params().path.stream-name', 'input.params().header', 'input.params("q")'),
  );
  const root = fc.oneof({ weight: 4, arbitrary: names }, { weight: 3, arbitrary: input });
  const stepped = fc
    .tuple(root, fc.array(step(depth), { maxLength: 2 }))
    .map(([from, steps]) => from + steps.join(''));
  if (depth === 0) return stepped;
  return fc.oneof(
    { weight: 4, arbitrary: stepped },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('base64Encode', 'escapeJavaScript', 'urlEncode'), parameter(depth - 1))
        .map(([name, argument]) => `util.${name}(${argument})`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "util.base64Decode('aMOpIQ==')",
        "util.urlDecode('a+b%26%C3%A9')",
        'util.parseJson(\'{"a":[1,{"b":null}],"c":"d"}\')',
        "util.parseJson($input.json('$')).a",
        'util.base64Decode($util.base64Encode($input.body))',
      ),
    },
  );
}

function step(depth: number): fc.Arbitrary<string> {
  const property = fc.constantFrom('.a', '.k', '.partition-key', '.data', '.missing', '.b', '.empty');
  const index = fc.oneof(
    fc.constantFrom('[0]', '[1]', '["a"]', "['k']", '[$n]', '["$s"]'),
    fc.integer({ min: 0, max: 3 }).map((at) => `[${at}]`),
  );
  const anyMethod = fc.constantFrom('.toString()', '.size()', '.isEmpty()', '.get(0)', ".get('a')");
  const textMethod = fc.constantFrom(
    '.length()',
    '.toUpperCase()',
    '.trim()',
    ".contains('a')",
    ".indexOf('a')",
    ".replace('a', 'b')",
    '.replaceAll("[ab]+", "<$0>")',
    '.replaceAll("\\s", "_")',
    ".split(',')[0]",
    ".split('a').size()",
    '.substring(1)',
    '.substring(0, 1)',
    ".startsWith('a')",
    ".concat('z')",
    ".equals('a')",
    ".equalsIgnoreCase('A')",
    ".matches('[a-z]*')",
  );
  const collectionMethod = fc.constantFrom(
    ".containsKey('a')",
    '.keySet()',
    '.values()',
    '.entrySet()',
    ".put('k', 1)",
    ".remove('a')",
    ".add('z')",
    '.subList(0, 1)',
    ".contains('a')",
    ".getOrDefault('zz', 'def')",
    ".indexOf('a')",
    '.clear()',
  );
  const withArgument =
    depth === 0
      ? anyMethod
      : fc
          .tuple(fc.constantFrom('get', 'contains', 'equals', 'containsKey', 'concat'), operand(depth - 1))
          .map(([name, argument]) => `.${name}(${argument})`);
  return fc.oneof(
    { weight: 4, arbitrary: property },
    { weight: 2, arbitrary: index },
    { weight: 2, arbitrary: anyMethod },
    { weight: 2, arbitrary: textMethod },
    { weight: 2, arbitrary: collectionMethod },
    { weight: 1, arbitrary: withArgument },
  );
}

function operand(depth: number): fc.Arbitrary<string> {
  const literals = [
    fc.integer({ min: -9, max: 1000 }).map(String),
    fc.constantFrom('0', '1', '2', '5', '2147483648', '1.5', '2.0', '0.1', '-0.5'),
    fc.constantFrom('true', 'false'),
    fc.constantFrom(...TEXTS).map((text) => `'${text}'`),
    interpolated(depth),
  ];
  const simpleReference = fc.constantFrom(...NAMES).map((name) => `$${name}`);
  const anyReference = fc
    .tuple(reference(depth), fc.constantFrom('$', '$!', '${'))
    .map(([body, open]) => (open === '${' ? `\${${body}}` : open + body));
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...literals) },
    { weight: 2, arbitrary: simpleReference },
    { weight: 3, arbitrary: anyReference },
  );
}

/** An argument: Velocity does not allow operators there. */
function parameter(depth: number): fc.Arbitrary<string> {
  return depth < 1
    ? operand(0)
    : fc.oneof(
        { weight: 4, arbitrary: operand(depth) },
        { weight: 1, arbitrary: fc.oneof(listLiteral(depth - 1), mapLiteral(depth - 1), range(depth - 1)) },
      );
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

function interpolated(depth: number): fc.Arbitrary<string> {
  const part =
    depth === 0
      ? fc.constantFrom('a', ' ', '$s', '${n}', '$!u', '.', '-')
      : fc.oneof(
          fc.constantFrom('a', ' ', '$s', '${n}', '$!{u}', '$m.a', "$input.path('$.a')", '<', '-', '.', ','),
        );
  return fc.array(part, { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'];

function expression(depth: number): fc.Arbitrary<string> {
  if (depth === 0) return operand(0);
  const inner = expression(depth - 1);
  const grouped = fc.tuple(inner, fc.boolean()).map(([text, group]) => (group ? `(${text})` : text));
  const binary = (operators: readonly string[]) =>
    fc
      .tuple(grouped, fc.constantFrom(...operators), grouped)
      .map(([left, op, right]) => `${left} ${op} ${right}`);
  return fc.oneof(
    { weight: 6, arbitrary: operand(depth - 1) },
    { weight: 3, arbitrary: binary(COMPARISONS) },
    { weight: 2, arbitrary: arithmetic(depth - 1) },
    { weight: 2, arbitrary: binary(['&&', '||', 'and', 'or']) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('!', 'not '), grouped).map(([not, text]) => not + text),
    },
    { weight: 1, arbitrary: listLiteral(depth - 1) },
    { weight: 1, arbitrary: mapLiteral(depth - 1) },
    { weight: 1, arbitrary: range(depth - 1) },
  );
}

/** Only numbers are nested: Velocity's `+` prints the source of a part without a value. */
function arithmetic(depth: number): fc.Arbitrary<string> {
  const simple = fc
    .tuple(operand(depth), fc.constantFrom('+', '-', '*', '/', '%'), operand(depth))
    .map(([left, operator, right]) => `${left} ${operator} ${right}`);
  const nested = fc.constantFrom(
    '$n * 2 + 3',
    '($n + 1) * 2',
    '10 - 4 - 3',
    '7 / 2 * 2',
    '$big * $big',
    '1.0 + $n / 2',
  );
  return fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: nested });
}

function listLiteral(depth: number): fc.Arbitrary<string> {
  return fc.array(operand(depth), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
}

function mapLiteral(depth: number): fc.Arbitrary<string> {
  const key = fc.constantFrom("'a'", '"k"', '"partition-key"', "'b c'");
  return fc
    .array(fc.tuple(key, operand(depth)), { maxLength: 3 })
    .map((entries) => `{${entries.map(([name, value]) => `${name}: ${value}`).join(', ')}}`);
}

function range(depth: number): fc.Arbitrary<string> {
  const bound = fc.oneof(
    fc.integer({ min: -3, max: 6 }).map(String),
    depth === 0 ? fc.constantFrom('$n', '$u') : fc.constantFrom('$n', '$l.size()', '$u', '${n}'),
  );
  return fc.tuple(bound, bound).map(([from, to]) => `[${from}..${to}]`);
}

function jsonPath(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '$',
    '$.a',
    '$.a.b',
    '$.records',
    '$.records[0]',
    '$.records[0].data',
    '$.records[-1]',
    '$.records[0].partition-key',
    "$.records[1]['partition-key']",
    '$.records[*].data',
    '$..data',
    '$.missing',
    '$.a.missing.b',
    '$.nil',
    '$.nil.x',
    '$.Data',
    '$.PartitionKey',
    '$.ShardCount',
    'a',
    'records[0].data',
    '$.records.length()',
    '$.records[0:1]',
    '$.records[9]',
    '$.a[0]',
    "$['a']['b']",
    '$.a.*',
  );
}

function parameters(): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc
    .array(
      fc.tuple(
        fc.constantFrom('stream-name', 'shard-id', 'Shard-Iterator', 'q'),
        fc.constantFrom(...TEXTS, 'a"b', '$x', '#set($x = 1)'),
      ),
      { maxLength: 2 },
    )
    .map((entries) => Object.fromEntries(entries));
}

function bodyText(): fc.Arbitrary<string> {
  const record = fc.record(
    { data: jsonValue, 'partition-key': jsonValue, k: jsonValue },
    { requiredKeys: [] },
  );
  return fc
    .record(
      {
        a: jsonValue,
        nil: fc.constant(null),
        Data: jsonValue,
        PartitionKey: jsonValue,
        ShardCount: jsonValue,
        records: fc.oneof({ weight: 4, arbitrary: fc.array(record, { maxLength: 3 }) }, jsonValue),
        '9': jsonValue,
      },
      { requiredKeys: [] },
    )
    .chain(jsonText);
}

function variables(): fc.Arbitrary<string> {
  return fc
    .record(
      {
        s: fc.constantFrom(...TEXTS),
        n: fc.integer({ min: -3, max: 12 }),
        big: fc.constantFrom(2147483647, -2147483648, 9007199254740991),
        l: fc.array(jsonValue, { maxLength: 3 }),
        m: fc.dictionary(fc.constantFrom('a', 'b', 'k', 'partition-key', '1', 'size'), jsonValue, {
          maxKeys: 3,
        }),
        e: fc.record({ data: jsonValue, 'partition-key': fc.constantFrom(...TEXTS) }),
        flag: fc.boolean(),
        nil: fc.constant(null),
      },
      { requiredKeys: ['s', 'n', 'big', 'l', 'm', 'e', 'flag'] },
    )
    .chain(jsonText);
}

/**
 * Templates as users could write them for API Gateway, generated from their grammar. Left out: what AWS documents
 * as absent or what reaches Java's own classes (`$x.class`), and three oddities of Velocity's own lexer: `#set(${x} = 1)` assigns
 * nothing, a `##` right behind a property is text, and a `$` or `#` before blanks and `#set` vanishes with them.
 */
export const templateCase: fc.Arbitrary<TemplateCase> = fc.record({
  template: fc.array(node(3), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  body: fc.oneof({ weight: 9, arbitrary: bodyText() }, { weight: 1, arbitrary: fc.constant('') }),
  variables: variables(),
  params: fc.record({ path: parameters(), querystring: parameters(), header: parameters() }),
});
