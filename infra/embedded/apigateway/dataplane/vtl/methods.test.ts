import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../document.ts';
import { render } from './evaluator.ts';
import { javaPattern } from './java-pattern.ts';
import { TemplateError } from './scanner.ts';

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
  ['$s.trim().split(",").size()$s.trim().split(",").get(1)', '2cd'],
  ['$s.trim().split(",", 2)[1]', 'cd,,'],
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
  // Results of Apache Velocity 1.7 on Java 17, obtained by selftest/oracle.
  ['$t.indexOf(111)$t.lastIndexOf("o", 1)$t.startsWith("bar", 3)$t.indexOf(-1)', '11true-1'],
  ['$t.compareTo("foo")$t.compareToIgnoreCase("FOOBAZ")$t.hashCode()', '3-8-1268878963'],
  ['$t.charAt(0)|$t.charAt(0).toUpperCase()|$t.charAt(0).equals("f")', 'f||false'],
  ['$t.format("%s-%05d-%x", $m.a, 42, 255)', '1-00042-ff'],
  ['$t.join("-", $l)$t.join("+", "x", "y")$t.valueOf(1.50)', 'a-b-cx+y1.5'],
  ['$m.a.parseInt("-12")$m.a.parseInt("ff", 16)$m.a.toHexString(-1)$m.a.max(3, 9)', '-12255ffffffff9'],
  ['$m.a.longValue().equals(1)$m.a.equals(1)$m.a.doubleValue()', 'falsetrue1.0'],
  [
    '#set($d = 7.9)$d.intValue()$d.isNaN()$d.naN$d.compareTo(8.0)$d.parseDouble(" 1e3 ")',
    '7falsefalse-11000.0',
  ],
  ['#set($b = true)$b.parseBoolean("TRUE")$b.compareTo(false)$b.logicalXor(true, true)', 'true1false'],
  ['$l.addAll(1, ["x"])$l.lastIndexOf("c")$l.containsAll(["a", "x"])$l.hashCode()', 'true3true3931705'],
  ['$l.removeAll(["a"])$l.retainAll(["c"])$l', 'truetrue["c"]'],
  ['#set($o = ["b", "a"])$o.sort(null)$o$o.clone().add(1)$o', '[a, b]true[a, b]'],
  [
    '$m.putIfAbsent("a", 9)$m.putIfAbsent("b", 9)$m.remove("a", 2)$m.replace("a", 1, 5)$m',
    '1falsetrue{a=5, b=9}',
  ],
  ['$m.put(1, "int")$m.put("1", "text")$m.get(1)$m.get("1")', 'inttext'],
  ['$t.empty$l.empty$m.empty', 'falsefalse'],
];

for (const [expression, expected] of ROWS) {
  test(expression, () => {
    const variables = Object.fromEntries(
      Object.entries(DATA).map(([name, value]) => [name, parseDocument(JSON.stringify(value))]),
    );
    assert.equal(render(expression, variables), expected);
  });
}

const THROWING = [
  '$t.length(1)',
  '$t.compareTo(1)',
  '$m.a.parseInt("1.5")',
  '$t.concat(null)',
  '$l.addAll(9, [])',
  '$t.split("o").add("x")',
  '$l.sort(null)$l.add(1)$l.sort(null)',
  '$m.a.compareTo("1")',
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
      l: parseDocument('["a","b","c"]'),
      m: parseDocument('{"a":1}'),
    };
    assert.throws(() => render(expression, variables), TemplateError);
  });
}

for (const expression of ['$t.contains(5)', '$t.get(0)', '$l.get("0")', '$m.get(0)', '$m.keySet().get(0)']) {
  test(`${expression}: no method accepts that, so nothing is rendered`, () => {
    const variables = { t: 'foobar5', l: parseDocument('["a"]'), m: parseDocument('{"0":1}') };
    assert.equal(render(expression, variables), '');
  });
}

const NOT_EMULATED: readonly (readonly [expression: string, method: string])[] = [
  ['$t.isBlank()', 'String.isBlank'],
  ['$t.chars()', 'String.chars'],
  ['$t.bytes', 'String.getBytes'],
  ['$t.class', 'String.getClass'],
  ['$m.class.forName("java.lang.Runtime")', 'Map.getClass'],
  ['$m.keySet().iterator()', 'keys.iterator'],
  ['$l.stream()', 'ArrayList.stream'],
  ['$l.size().floatValue()', 'Integer.floatValue'],
  ['$t.charAt(0).isDigit($t.charAt(0))', 'Character.isDigit'],
];

for (const [expression, method] of NOT_EMULATED) {
  test(`${expression}: Java has it, and the rendering fails with its name`, () => {
    const variables = { t: 'foobar', l: parseDocument('["a"]'), m: parseDocument('{"a":1}') };
    assert.throws(() => render(expression, variables), {
      message: `the Java method ${method} is not emulated`,
    });
  });
}

const PATTERNS: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['a.c', 'a\u0085c', false],
  ['\\s', '\u00a0', false],
  ['[\\s,]', ',', true],
  ['(?i)ABC', 'abc', true],
  ['(?s)a.c', 'a\nc', true],
  ['\\p{Alpha}+', 'aZ', true],
  ['[^\\p{Digit}]', '5', false],
  ['.', '😀', true],
  ['a]', 'a]', true],
  ['\\-', '-', true],
  ['a$', 'a', true],
];

for (const [pattern, text, matches] of PATTERNS) {
  test(`Java's ${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
    assert.equal(javaPattern(pattern, { whole: true }).test(text), matches);
  });
}

for (const pattern of [
  'a++',
  '\\Qa\\E',
  '(?>a)',
  '[a&&b]',
  '\\p{L}',
  '(?m)^a',
  '[a[b]]',
  '\\h',
  '(',
  'a{1',
  '*a',
]) {
  test(`${pattern}: unsupported here, or invalid in Java too`, () => {
    assert.throws(() => javaPattern(pattern), TemplateError);
  });
}
