import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../json.ts';
import { render } from './evaluator.ts';
import { TemplateError } from './scanner.ts';
import { fromJson } from './value.ts';

const DATA = { s: ' Ab,cd,, ', t: 'foobar', l: ['a', 'b', 'c'], m: { a: 1, b: null } };

const ROWS: readonly (readonly [expression: string, expected: string])[] = [
  ['$t.length()', '6'],
  ['$t.isEmpty()', 'false'],
  ['$t.contains("oba")', 'true'],
  ['$t.equals("foobar")', 'true'],
  ['$t.equalsIgnoreCase("FooBar")', 'true'],
  ['$t.indexOf("o")', '1'],
  ['$t.lastIndexOf("o")', '2'],
  ['$t.startsWith("foo")', 'true'],
  ['$t.endsWith("foo")', 'false'],
  ['$t.substring(3)', 'bar'],
  ['$t.substring(1, 3)', 'oo'],
  ['$t.replace("o", "$1")', 'f$1$1bar'],
  ['$t.replaceAll("o+", "0")', 'f0bar'],
  ["$t.replaceAll('(o+)', '<$1>')", 'f<oo>bar'],
  ["$t.replaceAll('o', '\\\\')", 'f\\\\bar'],
  ['$t.replaceFirst("o", "0")', 'f0obar'],
  ['$t.matches("[a-z]*")', 'true'],
  ['$t.matches("foo")', 'false'],
  ['$t.toUpperCase()', 'FOOBAR'],
  ['$s.toLowerCase().trim()', 'ab,cd,,'],
  ['$s.trim().split(",")', '[Ab, cd]'],
  ['$s.trim().split(",", 2)', '[Ab, cd,,]'],
  ['$t.concat("!")', 'foobar!'],
  ['$l.size()', '3'],
  ['$l.get(1)$l[2]$l[-1]', 'bcc'],
  ['$l.contains("b")', 'true'],
  ['$l.indexOf("c")', '2'],
  ['$l.isEmpty()', 'false'],
  ['$l.add("d")$l.size()', 'true4'],
  ['$l.set(1, "x")$l', 'b["a","x","c"]'],
  ['$l.remove(0)$l', 'a["b","c"]'],
  ['$l.subList(1, 3)', '[b, c]'],
  ['$m.size()', '2'],
  ['$m.get("a")$m.a', '11'],
  ['$m.containsKey("b") $m.containsKey("c")', 'true false'],
  ['$m.keySet()', '[a, b]'],
  ['$m.values()', '[1, null]'],
  ['#foreach($e in $m.entrySet())$e.key=$e.value/$e.getKey()=$e.getValue();#end', 'a=1/a=1;b=/b=;'],
  ['$m.put("a", 2)$m', '1{a=2, b=null}'],
  ['$m.putAll({"c": 3})$m', '{a=1, b=null, c=3}'],
  ['$m.remove("a")$m', '1{b=null}'],
  ['$m.getOrDefault("z", 9)', '9'],
  ['$m.replace("a", 3)$m.replace("z", 4)$m', '1{a=3, b=null}'],
  ['#set($k = $m.keySet())$m.put("c", 2)$k', '[a, b, c]'],
  ['$m.keySet().remove("a")$m', 'true{b=null}'],
  ['$m.values().clear()$m', '{}'],
  ['$m.values().addAll([])', 'false'],
  ['$t.split("[a-z]").size()$t.split(",").size()', '01'],
  ['$m.nothing()$t.nothing()$l.nothing()', ''],
  ['$m.a.toString()$m.a.intValue()', '11'],
];

for (const [expression, expected] of ROWS) {
  test(expression, () => {
    const variables = Object.fromEntries(
      Object.entries(DATA).map(([name, value]) => [name, fromJson(parseJson(JSON.stringify(value)))]),
    );
    assert.equal(render(expression, variables), expected);
  });
}

const THROWING = [
  '$t.substring(9)',
  '$l.get(7)',
  '$l[7]',
  '$t.matches("(")',
  '#set($l[3] = 1)',
  '$m.keySet().add("b")',
  '$m.entrySet().addAll([1])',
];

for (const expression of THROWING) {
  test(`${expression} throws in Java, and ends the rendering`, () => {
    const variables = {
      t: 'foobar',
      l: fromJson(parseJson('["a","b","c"]')),
      m: fromJson(parseJson('{"a":1}')),
    };
    assert.throws(() => render(expression, variables), TemplateError);
  });
}

for (const expression of ['$t.contains(5)', '$t.get(0)', '$l.get("0")', '$m.get(0)', '$m.keySet().get(0)']) {
  test(`${expression}: no method takes that, so nothing is rendered`, () => {
    const variables = { t: 'foobar5', l: fromJson(parseJson('["a"]')), m: fromJson(parseJson('{"0":1}')) };
    assert.equal(render(expression, variables), '');
  });
}
