import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from './document.ts';
import { JsonPathError, readJsonPath } from './jsonpath.ts';
import { jsonText } from './vtl/value.ts';

const DOCUMENT = parseDocument(
  '{"a":{"b-c":1,"d e":2},"l":[{"k":1},{"k":2},{"x":3}],"n":null,"t":"text","f":false,"s":["a",1,"1",null],"__proto__":{"p":1}}',
);

const ROWS: readonly (readonly [path: string, expected: unknown])[] = [
  ['$.a.b-c', 1],
  ['a.b-c', 1],
  ["$.a['d e']", 2],
  ['$["a"]["d e"]', 2],
  ["$.a['d e','b-c','x']", { 'd e': 2, 'b-c': 1 }],
  ['$.l[1].k', 2],
  ['$.l[-1].x', 3],
  ['$.l[9]', undefined],
  ['$.l.k', undefined],
  ['$.a.missing', undefined],
  ['$.a.b-c.deeper', undefined],
  ['$.n', null],
  ['$.n.x', undefined],
  ['$.f', false],
  ['$.constructor', undefined],
  ['$.a.constructor', undefined],
  ['$.__proto__', { p: 1 }],
  ['$.t.length', undefined],
  ['$.l.length()', 3],
  ['$.t.length()', null],
  ['$.a.length()', 2],
  ['$.missing.length()', undefined],
  ['$.l[*].k', [1, 2]],
  ['$..k', [1, 2]],
  ['$.l[0:2].k', [1, 2]],
  ['$.l[-2:].k', [2]],
  ['$.l[1,0].k', [2, 1]],
  ['$.l[*].missing', []],
  ['$.missing[*].k', []],
  ['$.a[*]', [1, 2]],
  ['$.l.first().length()', JsonPathError],
  ['$.s.concat()', 'a1'],
  ['$.a.keys()', ['b-c', 'd e']],
  ['$.l[?(@.k == 2)].k', [2]],
  ["$.l[?(@['k'] == 2 || @.x)]", [{ k: 2 }, { x: 3 }]],
  ['$.l[?(!@.k)]', [{ x: 3 }]],
  ['$.l[?(!(@.k > 1) && @.k)]', [{ k: 1 }]],
  ['$.l[?(@.k == $.a.b-c)]', [{ k: 1 }]],
  ['$.l[?(@.k != 1)]', [{ k: 2 }, { x: 3 }]],
  ["$.s[?(@ == '1')]", [1, '1']],
  ["$.s[?(@ === '1')]", ['1']],
  ['$.s[?(@ == null)]', [null]],
  ["$.s[?(@ in ['a', 1])]", ['a', 1, '1']],
  ['$.s[?(@ =~ /[A-Z]/i)]', ['a']],
  ["$[?(@.t == 'text')].n", [null]],
  ['$.l[?(@.k size 1)]', []],
  ['$..[?(@.k)]', [{ k: 1 }, { k: 2 }]],
  ['$.missing[?(@.k)]', []],
  // One character after the last step is ignored.
  ['$.l[0]k', { k: 1 }],
];

for (const [path, expected] of ROWS) {
  test(`Jayway: ${path}`, () => {
    if (expected === JsonPathError) assert.throws(() => readJsonPath(DOCUMENT, path), JsonPathError);
    else if (expected === undefined) assert.equal(readJsonPath(DOCUMENT, path), undefined);
    else assert.equal(jsonText(readJsonPath(DOCUMENT, path)), JSON.stringify(expected));
  });
}

test('the document itself', () => {
  assert.equal(readJsonPath(DOCUMENT, '$'), DOCUMENT);
});

const REFUSED = [
  ['not a path', '$.l[(@.length-1)]'],
  ['not a path', '$.l[?(@.k ~ 1)]'],
  ['not a path', '$.l[?(@.k == 1]'],
  ['not a path', "$.l['k'"],
  ['not a path', '$l'],
  ['not a path', '$.'],
  ['not a path', '$.a.'],
  ['not a path', '$..'],
  ['not a path', ' $.a'],
  ['not a path', ''],
  ['a filter of neither a list nor an object', '$.t[?(@.k)]'],
  ['Jayway fails', '$.l[*].sum()'],
  ['Jayway fails', '$.a.max().x'],
  ['its answer depends on earlier ones', '$..*.k'],
  ['not emulated', '$.l.index(1)'],
  ['not emulated', '$..k.length()'],
  ['not emulated', '$.s[?(@ =~ /a++/)]'],
] as const;

for (const [why, path] of REFUSED) {
  test(`refused, ${why}: ${path}`, () => {
    assert.throws(() => readJsonPath(DOCUMENT, path), JsonPathError);
  });
}

test('a filter is never executed as code', () => {
  for (const path of ["$.l[?(@.constructor.constructor('return 1')())]", '$.l[?(process.exit())]'])
    assert.throws(() => readJsonPath(DOCUMENT, path), JsonPathError);
  assert.equal(jsonText(readJsonPath(DOCUMENT, '$.l[?(@.constructor)]')), '[]');
});

test('numbers keep their text (PUT-3)', () => {
  for (const text of ['1.0', '1e3', '12345678901234567890', '-0', '0.1', '[1.50,2]', '{"a":1E+2}']) {
    assert.equal(jsonText(parseDocument(text)), text);
  }
  assert.equal(jsonText(readJsonPath(parseDocument('[1.50, 2.0]'), '$..*')), '[1.50,2.0]');
});

test('members keep their order, even if their names are numbers', () => {
  const text = '{"b":1,"10":2,"2":3,"":{"__proto__":4}}';
  assert.equal(jsonText(parseDocument(text)), text);
  assert.equal(jsonText(parseDocument('{"a":1,"b":2,"a":3}')), '{"a":3,"b":2}');
});

test('JSON text is compact, strings minimally escaped', () => {
  assert.equal(jsonText(parseDocument('{ "a" : "é/\\u0041\\n" , "b" : [ ] }')), '{"a":"é/A\\n","b":[]}');
});

const NOT_JSON = [
  '',
  ' ',
  '{',
  '[1,]',
  '{"a":1,}',
  '{"a"}',
  "{'a':1}",
  '{a:1}',
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  'NaN',
  'tru',
  '"a',
  '"\\"',
  '"\\x"',
  '"\t"',
  '[1 2]',
  '1 2',
  '{"a":1}}',
  '[',
  ']',
  'nul',
  '"\\u12"',
  '\u00a01',
];

for (const text of NOT_JSON) {
  test(`not JSON, as JSON.parse says: ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseDocument(text), SyntaxError);
    assert.throws(() => JSON.parse(text), SyntaxError);
  });
}

for (const text of [
  ' \n\r\t1 ',
  '"\\\\"',
  '"\\\\\\""',
  '{"a\\"b":"\\u00e9"}',
  '[[],{}]',
  '-0.5e-3',
  '\uFEFF1',
  '"\u007f\u2028"',
]) {
  test(`JSON, as JSON.parse reads it: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(JSON.parse(jsonText(parseDocument(text))), JSON.parse(text.replace('\uFEFF', '')));
  });
}
