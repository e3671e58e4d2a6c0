import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson, toJsonText } from './json.ts';
import { JsonPathError, readJsonPath } from './jsonpath.ts';

const DOCUMENT = parseJson(
  '{"a":{"b-c":1,"d e":2},"l":[{"k":1},{"k":2},{"x":3}],"n":null,"t":"text","f":false,"__proto__":{"p":1}}',
);

const ROWS: readonly (readonly [path: string, expected: unknown])[] = [
  ['$.a.b-c', 1],
  ['a.b-c', 1],
  ["$.a['d e']", 2],
  ['$["a"]["d e"]', 2],
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
  ['$.t.length', undefined],
  ['$.l.length()', 3],
  ['$.t.length()', null],
  ['$.a.length()', 2],
  ['$.missing.length()', undefined],
  ['$.l[*].k', [1, 2]],
  ['$..k', [1, 2]],
  ['$.l[0:2].k', [1, 2]],
  ['$.l[*].missing', []],
  ['$.a[*]', [1, 2]],
];

for (const [path, expected] of ROWS) {
  test(path, () => assert.deepEqual(readJsonPath(DOCUMENT, path), expected));
}

test('the document itself', () => {
  assert.equal(readJsonPath(DOCUMENT, '$'), DOCUMENT);
  assert.equal(readJsonPath(DOCUMENT, '$.'), DOCUMENT);
});

for (const path of ['$.l[?(@.k==1)]', '$.l[(@.length-1)]', '$.l[*]^', '$.l[*]~', '$.l[*]@number()']) {
  test(`${path} is refused, nothing is evaluated`, () => {
    assert.throws(() => readJsonPath(DOCUMENT, path), JsonPathError);
  });
}

test('numbers keep their text (PUT-3)', () => {
  for (const text of ['1.0', '1e3', '12345678901234567890', '-0', '0.1', '[1.50,2]', '{"a":1E+2}']) {
    assert.equal(toJsonText(parseJson(text)), text);
  }
  assert.equal(toJsonText(readJsonPath(parseJson('[1.50, 2.0]'), '$..*')), '[1.50,2.0]');
});

test('JSON text is compact, strings minimally escaped', () => {
  assert.equal(toJsonText(parseJson('{ "a" : "é/\\u0041\\n" , "b" : [ ] }')), '{"a":"é/A\\n","b":[]}');
});
