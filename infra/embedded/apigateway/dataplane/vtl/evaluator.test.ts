import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../document.ts';
import { render } from './evaluator.ts';
import { createInput } from './input.ts';
import { TemplateError } from './scanner.ts';
import { util } from './util.ts';
import type { Value } from './value.ts';

function rendered(template: string, body = '', data: Readonly<Record<string, unknown>> = {}): string {
  const input = createInput(body, { path: new Map(), querystring: new Map(), header: new Map() });
  const variables: Record<string, Value> = { input, util };
  for (const [name, value] of Object.entries(data)) variables[name] = parseDocument(JSON.stringify(value));
  return render(template, variables);
}

type Row = readonly [
  source: string,
  template: string,
  expected: string,
  body?: string,
  data?: Record<string, unknown>,
];

const ROWS: readonly Row[] = [
  ['LS-T:common, empty body', '$input.body $util.urlEncode($input.body)', '{} %7B%7D'],
  ['LS-T:common, blank in urlEncode', "$util.urlEncode('a b')", 'a+b'],
  ['LS-T:common, body that is not JSON', '$input.body|$input.body.x', 'plain text|', 'plain text'],
  ['LS-T:common, missing path', "[$input.path('$.missing')]", '[]', '{}'],
  ['LS-T:common, below a missing path', "[$input.path('$.missing').nested]", '[]', '{}'],
  ['LS-T:common, null value', "[$input.path('$.a')]", '[]', '{"a":null}'],
  ['LS-T:common, missing == $null', "#if($input.path('$.x') == $null)yes#end", 'yes', '{}'],
  ['LS-T:common, missing == ""', '#if($input.path("$.x") == "")yes#end', 'yes', '{}'],
  ['LS-T:common, null == ""', '#if($input.path("$.x") == "")yes#end', 'yes', '{"x":null}'],
  ['LS-T:common, empty list', "$input.path('$.x')", '[]', '{"x":[]}'],
  [
    'LS-T:common, empty list is not null',
    "#if($input.path('$.x') == $null)null#else list#end",
    ' list',
    '{"x":[]}',
  ],
  [
    'LS-T:common, empty list is not ""',
    "#if($input.path('$.x') == '')empty#else list#end",
    ' list',
    '{"x":[]}',
  ],
  ['LS-T:common, map', "$input.path('$')", '{foo=bar}', '{"foo":"bar"}'],
  ['LS-T:common, list', "$input.path('$')", '[{"foo":"bar"}]', '[{"foo":"bar"}]'],
  ['LS-T:common, list in map', "$input.path('$')", '{foo=[{"nested":"bar"}]}', '{"foo":[{"nested":"bar"}]}'],
  [
    'LS-T:common, input order',
    "$input.path('$')",
    '{bigger=dict, to=test, with=separators}',
    '{"bigger":"dict","to":"test","with":"separators"}',
  ],
  ['LS-T:common, toString', "$input.path('$').toString()", '{foo=bar}', '{"foo":"bar"}'],
  ['LS-T:common, element of a list', "#set($l = $input.path('$'))$l[0]", '{foo=bar}', '[{"foo":"bar"}]'],
  ['LS-T:integrations, missing parameter', "[$input.params('missing')]", '[]'],
  ['LS-T:kinesis, undefined != ""', "#if($foo.bar.stuff != '')set#else unset#end", ' unset'],
  ['AIR, undefined name', 'Hi $name', 'Hi '],
  ['AIR, undefined in braces and silent', '${name}$!name$!{name}.', '.'],
  ['AIR, undefined is true', '#if($undefined)yes#end', 'yes'],
  ['AIR, undefined path is true', '#if(${a.b.c})yes#end', 'yes'],
  ['AIR, silent undefined is true', '#if($!{a.b.c})yes#end', 'yes'],
  ['AIR, null is true', '#if($a)yes#end', 'yes', '', { a: null }],
  ['AIR, false is false', '#if($a)yes#end', '', '', { a: false }],
  ['AIR, null put into a map', '#set($m = {})$m.put("k", null)#if("$m.k" == "")none#end', 'none'],
  ['AIR, foreach over undefined', '#foreach($x in $nothing)$x#end.', '.'],
  [
    'AIR, loop variables',
    '#foreach($x in [7, 8])$foreach.index$foreach.count$foreach.first$foreach.last$velocityCount #end',
    '01truefalse1 12falsetrue2 ',
  ],
  [
    'Velocity, a null item hides what would take its place',
    "#foreach($x in $input.path('$.l'))#set($x = 5)$x,#end",
    ',5,',
    '{"l":[null,1]}',
  ],
  [
    'Velocity, $input.params() is one map',
    '#set($p = $input.params())$p.header.put("k", 1)$input.params("k")',
    '1',
  ],
  ['AIR, hasNext', '#foreach($x in [1, 2, 3])$x#if($foreach.hasNext),#end#end', '1,2,3'],
  [
    'Velocity, methods and getters of $foreach',
    '#foreach($x in [1, 2])$foreach.isFirst()$foreach.getIndex()$foreach.Count$foreach.last#if($foreach.hasNext()),#end#end',
    'true01false,false12true',
  ],
  [
    'Velocity, $foreach of loops within loops',
    '#foreach($x in [1, 2])#foreach($y in [3])$foreach.parent.count$foreach.topmost.index$foreach.getParent().hasNext() #end#end',
    '10true 21false ',
  ],
  [
    'Velocity, what a template sets on $foreach hides no getter',
    '#foreach($x in [1])#set($foreach.index = 7)#set($foreach.mine = 8)$foreach.index$foreach.mine#end',
    '08',
  ],
  ['AIR, velocityHasNext', '#foreach($x in [1, 2])$x#if($velocityHasNext),#end#end', '1,2'],
  ['AIR, range', '#foreach($i in [0..$n])$i#end', '0123', '', { n: 3 }],
  ['AIR, range backwards', '#foreach($i in [2..-1])$i,#end', '2,1,0,-1,'],
  ['AIR, loop variable ends with its loop', '#foreach($x in [1, 2])$x#end<$x>', '12<>'],
  [
    'AIR, outer loop variable comes back',
    '#foreach($x in [1, 2])$x#foreach($x in [8, 9])$x#end$x #end',
    '1891 2892 ',
  ],
  ['AIR, #macro call', '#macro(greet $x)hi $x#end#greet("a")', '#greet("a")'],
  ['AIR, #evaluate', '#set($d = "x")#evaluate($d)', '#evaluate($d)'],
  ['AIR, #stop', 'hello #stop world', 'hello '],
  ['AIR, #define is rendered where it is used', '#define($f)$v#end#set($v = 1)$f#set($v = 2)$f', '12'],
  ['AIR, dollar without a name', 'costs $ 5 and $6', 'costs $ 5 and $6'],
  ['AIR, hash without a directive', '<a href="#">#1</a>', '<a href="#">#1</a>'],
  ['AIR, escaped reference', '#set($e = "x")\\$e $e', '$e x'],
  ['AIR, single quotes do not interpolate', "#set($v = 1)#set($s = '$v')$s", '$v'],
  ['AIR, double quotes interpolate', '#set($v = 1)#set($s = "<$v>")$s', '<1>'],
  ['AIR, comments', '## gone\na## gone too\n#* and\nthis *#b', 'ab'],
  ['AIR, map assigned by index', '#set($m = {})#set($k = "a")#set($m["$k"] = 1)$m', '{a=1}'],
  ['AIR, map assigned by an undefined index', '#set($m = {})#set($m["$k"] = 1)$m', '{=1}'],
  ['AIR, list assigned by index', "#set($l = ['a', 'b'])#set($l[1] = 'c')$l", '[a, c]'],
  ['AIR, a map key that looks like a method', '[$m.size]', '[]', '', { m: { items: 1 } }],
  ['AIR, precedence', '#if(1 + 2 * 3 == 7 && !(2 > 3))ok#end', 'ok'],
  ['AIR, blanks before a #set line stay', 'a\n    #set($x = 1)\n    b', 'a\n        b'],
  ['TUT, hyphen in a name', "#set($e = $input.path('$'))$e.partition-key", 'k', '{"partition-key":"k"}'],
  [
    'docs/facts/templates.md#values, 0 == ""',
    "#if($input.path('$.n') == '')empty#else full#end",
    ' full',
    '{"n":0}',
  ],
  ['Velocity guide, types compared by text', '#if($n == "2")same#end', 'same', '', { n: 2 }],
  ['Velocity guide, integer division', '#set($x = 7 / 2)$x', '3'],
  ['raw text', '#[[ $x #if ]]#', ' $x #if '],
  ['#break', '#foreach($x in [1, 2, 3])#if($x == 2)#break#end$x#end.', '1.'],
];

for (const [source, template, expected, body, data] of ROWS) {
  test(`${source}: ${template}`, () => assert.equal(rendered(template, body, data), expected));
}

test('#foreach ends after 1,000 items', () => {
  const body = JSON.stringify(Array.from({ length: 1_500 }, () => 1));
  assert.equal(rendered("#foreach($x in $input.path('$'))x#end", body).length, 1_000);
});

test('#foreach over a map gives its values, keySet its keys', () => {
  assert.equal(
    rendered('#foreach($v in $m)$v#end #foreach($k in $m.keySet())$k#end', '', { m: { a: 1, b: 2 } }),
    '12 ab',
  );
});

for (const broken of ['Hello $', '#if($x)open', 'a#end b', '#set($x = )', '#foreach($x in $y)#if($x)#end']) {
  test(`a template that AWS refuses: ${broken}`, () => {
    assert.throws(() => rendered(broken), TemplateError);
  });
}

const HOSTILE = [
  '$util.base64Encode("x")',
  '#set($x = 1)$x',
  '#foreach($i in [1..3])x#end',
  '## note',
  '#stop',
  '${input.body}',
];

for (const text of HOSTILE) {
  test(`data is never evaluated (INJ-3): ${text}`, () => {
    const body = JSON.stringify({ v: text });
    assert.equal(rendered("$input.path('$.v')", body), text);
    assert.equal(rendered('#set($s = "<$input.path(\'$.v\')>")$s', body), `<${text}>`);
    assert.equal(rendered('#set($v = $input.path(\'$.v\'))#set($w = "$v")$w', body), text);
  });
}

for (const name of ['constructor', '__proto__', 'prototype', 'toLocaleString', 'hasOwnProperty', 'eval']) {
  test(`JavaScript's own ${name} is out of reach`, () => {
    // A property's name begins with a letter: elsewhere the dot is text.
    const forms = name.startsWith('_')
      ? [`$m["${name}"]`]
      : [
          `$m.${name}`,
          `$m["${name}"]`,
          `$m.${name}()`,
          `$l.${name}`,
          `$s.${name}()`,
          `$util.${name}("x")`,
          `$input.${name}`,
          `$m.${name}.${name}("return 1")`,
          `$util.${name}.call("x")`,
        ];
    const all = [`$${name}`, ...forms];
    for (const form of all) assert.equal(rendered(form, '', { m: { a: 1 }, l: [1], s: 'x' }), '', form);
  });
}

test('a key named __proto__ is data like any other', () => {
  assert.equal(
    rendered("$input.path('$.__proto__').x $input.json('$')", '{"__proto__":{"x":1}}'),
    '1 {"__proto__":{"x":1}}',
  );
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test('500 records render in milliseconds', () => {
  const records = Array.from({ length: 500 }, (_, index) => ({
    data: `d${index}`,
    'partition-key': `k${index}`,
  }));
  const body = JSON.stringify({ records });
  const template =
    '[#foreach($e in $input.path(\'$.records\')){"D":"$util.base64Encode($e.data)","K":"$e.partition-key"}#if($foreach.hasNext),#end#end]';
  rendered(template, body);
  const started = performance.now();
  const out = rendered(template, body);
  const elapsed = performance.now() - started;
  assert.equal(JSON.parse(out).length, 500);
  assert.ok(elapsed < 250, `${elapsed} ms`);
});
