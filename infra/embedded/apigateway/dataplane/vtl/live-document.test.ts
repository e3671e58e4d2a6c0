import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from './evaluator.ts';
import { createInput } from './input.ts';
import { TemplateError } from './scanner.ts';
import { util } from './util.ts';

/**
 * docs/facts/templates.md#live-document, serverless/serverless#2916: `$input` returns its live document. Changes to it
 * behave as in Java.
 */

const BODY = '{"Data":"d","n":1.50,"l":[1,"b"],"m":{"k":null},"records":[{"data":"x"},{"data":"y"}]}';

function rendered(template: string): string {
  const params = { path: new Map(), querystring: new Map(), header: new Map() };
  return render(template, { input: createInput(BODY, params), util });
}

const ROWS: readonly (readonly [what: string, template: string, expected: string])[] = [
  [
    'a member assigned',
    "#set($b = $input.path('$'))#set($b.Data = \"stamped\")$input.json('$.Data')",
    '"stamped"',
  ],
  [
    'a new member comes last',
    "#set($b = $input.path('$.m'))#set($b.z = [1, {'a': 2}])$input.json('$.m')",
    '{"k":null,"z":[1,{"a":2}]}',
  ],
  ['put', "$input.path('$.m').put('k', true)$input.json('$.m')", '{"k":true}'],
  ['putAll', "$input.path('$.m').putAll({'k': 1.0, 'j': 2})$input.json('$.m')", '{"k":1.0,"j":2}'],
  ['remove', "$input.path('$.m').remove('k')$input.json('$.m')", '{}'],
  ['clear', "$input.path('$.m').clear()$input.json('$.m')", '{}'],
  ['a list grows', "$input.path('$.l').add('c')$input.json('$.l')", 'true[1,"b","c"]'],
  ['a list set', "$input.path('$.l').set(0, 'a')$input.json('$.l')", '1["a","b"]'],
  ['a list shrinks', "$input.path('$.l').remove(0)$input.json('$.l')", '1["b"]'],
  ['an index assigned', "#set($l = $input.path('$.l'))#set($l[1] = $l[0])$input.json('$.l')", '[1,1]'],
  [
    'the value of an entry, set as a property',
    "#foreach($e in $input.path('$').entrySet())#if($e.Key == 'Data')#set($e.value = 'stamped')#end#end$input.json('$.Data')",
    '"stamped"',
  ],
  [
    'the key of an entry has no setter',
    "#foreach($e in $input.path('$.m').entrySet())#set($e.key = 'z')#end$input.json('$.m')",
    '{"k":null}',
  ],
  [
    'members of loop elements',
    "#foreach($r in $input.path('$.records'))#set($r.data = $foreach.index)#end$input.json('$.records')",
    '[{"data":0},{"data":1}]',
  ],
  [
    'a second look',
    "#set($a = $input.path('$.m'))#set($a.k = 'v')#set($b = $input.path('$'))$b.m.k $b.get('m')",
    'v {k=v}',
  ],
  [
    'nested',
    "#set($b = $input.path('$'))#set($b.m.k = {})#set($b.m.k.deep = $b.l)$input.path('$.l').add(2)$input.json('$.m.k.deep')",
    'true[1,"b",2]',
  ],
  ['a subList', "$input.path('$.l').subList(0, 1).clear()$input.json('$.l')", '["b"]'],
  [
    'an entry',
    "#foreach($e in $input.path('$.m').entrySet())$e.setValue('v')#end$input.json('$.m')",
    '{"k":"v"}',
  ],
  [
    'a number as key is a text in JSON',
    "$input.path('$.m').put(1, 2)$input.json('$.m')$input.json('$.m.1')",
    '{"k":null,"1":2}""',
  ],
  [
    'an indefinite path hands out the same elements',
    "#foreach($r in $input.path('$..records[*]'))$r.put('data', 1)#end$input.json('$.records')",
    'xy[{"data":1},{"data":1}]',
  ],
  ['the list of an indefinite path is its own', "$input.path('$.l[*]').clear()$input.json('$.l')", '[1,"b"]'],
  [
    'parseJson makes another document',
    "#set($p = $util.parseJson($input.body))#set($p.Data = 1)$input.json('$.Data')",
    '"d"',
  ],
  ['the body stays its text', "$input.path('$').clear()$input.body", BODY],
  [
    'what is not touched keeps its digits',
    "#set($b = $input.path('$'))#set($b.x = 1)$input.json('$.n')",
    '1.50',
  ],
];

for (const [what, template, expected] of ROWS) {
  test(`serverless#2916, ${what}`, () => assert.equal(rendered(template), expected));
}

test('changing a copy does not change the document', () => {
  assert.equal(rendered("#set($c = $input.path('$').clone())#set($c.Data = 1)$input.json('$.Data')"), '"d"');
});

for (const template of [
  "#foreach($r in $input.path('$.records'))$input.path('$.records').add(1)#end",
  "#foreach($v in $input.path('$'))$input.path('$').put('new', 1)#end",
  "#set($b = $input.path('$'))#set($b.self = $b)$input.json('$')",
  "$input.path('$.m').put('e', $input.path('$.m').entrySet())$input.json('$.m')",
]) {
  test(`Java throws: ${template}`, () => {
    assert.throws(
      () => rendered(template),
      (error) => error instanceof TemplateError || error instanceof RangeError,
    );
  });
}
