import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../document.ts';
import { render } from './evaluator.ts';
import { TemplateError } from './scanner.ts';
import type { Value } from './value.ts';

/** Results of Apache Velocity 1.7, obtained by selftest/oracle with undefined references made empty. */

function rendered(template: string): string {
  const data = {
    s: 'abc',
    n: 5,
    big: 9007199254740991,
    l: [1, 'b'],
    m: { a: 1 },
    e: { 'partition-key': 'k' },
  };
  const variables = parseDocument(JSON.stringify(data)) as Map<string, Value>;
  return render(template, Object.fromEntries(variables));
}

const ROWS: readonly (readonly [template: string, expected: string])[] = [
  // The end of a reference.
  ['$s{ "k": 1 }$s(x)$s"x"', 'abc{ "k": 1 }abc(x)abc"x"'],
  ['$s.|$s.5|$s._a|$s..b|$s .length()', 'abc.|abc.5|abc._a|abc..b|abc .length()'],
  ['$s.length()abc${s.length()}abc', '3abc3abc'],
  ['$s.foo(|$s.length ()', '(| ()'],
  ['$!{s}x$!s x$!{u}', 'abcxabc x'],
  ['$$s|$!$s|${ x}|${}|$!|$5|#5|#-', '$abc|$!abc|${ x}|${}|$!|$5|#5|#-'],
  ['$e.partition-key|$e.partition-key-|$n-1', 'k||'],
  ['\\$s|\\\\$s|\\\\\\$s|\\$u|\\${s}|a\\b', '$s|\\abc|\\$s|$u|${s}|a\\b'],
  ['\\#if|\\\\#if(true)x#end|\\#foo', '#if|\\x|\\#foo'],
  // Whitespace around directives.
  ['#if(true)  \na#end \nb', 'ab'],
  ['#if(false)a#else  \nb#end  \nc', 'bc'],
  ['#if(false)a#{else}\nb#{end}\nc', 'bc'],
  ['#if(false)a#elseif(true) \nb#end', 'b'],
  ['  #if(true)\n  x \n  #end \ny', '    x \n  y'],
  ['#foreach($i in [1,2])\n $i \n#end\nz', ' 1 \n 2 \nz'],
  ['#define($d)\n x #end\ny$d', 'y x '],
  ['#set($x = 1)\n\ny', '\ny'],
  ['  #set($x = 1)y|#if(true)a#end  #set($x = 1)y|$s #set($x = 1)y', 'y|ay|abcy'],
  ['a  #set($x = 1)b\n  #set($x = 1)c', 'a  b\n  c'],
  ['a ## x\ny#* z\n *#w', 'a yw'],
  ['#if(false)a#elseb#end', ''],
  // Literals.
  ['#set($x = "a""b")$x|#set($x = \'a\'\'b\')$x|#set($x = "it\'\'s")$x', "a\"b|a'b|it''s"],
  ['#set($x = "a\\u0041\\n")$x|#set($x = \'\\u0041\')$x', 'aA\\n|\\u0041'],
  ['#set($x = "a $ b$")$x|#set($x = "#")$x|#set($x = "#if(true)a#end")$x', 'a $ b$|#|a'],
  ['#set($x = {"a":1,\'b\' : [1,{"c":2}]})$x|#set($x = { })$x|#set($x = [])$x', '{a=1, b=[1, {c=2}]}|{}|[]'],
  ['#set($x = [1 .. 3])$x', '[1, 2, 3]'],
  ['#set($x = 1e3)$x|#set($x = 1.)$x|#set($x = .5)$x|#set($x = 1e10)$x', '1000.0|1.0|0.5|1.0E10'],
  // Arithmetic is Java's: doubles keep their point, integers grow.
  ['#set($x = 10 / 4)$x|#set($x = 10.0 / 4)$x|#set($x = 1.5 + 1.5)$x|#set($x = -7 % 4)$x', '2|2.5|3.0|-3'],
  ['#set($x = 2147483647 + 1)$x|#set($x = $big * $big)$x', '2147483648|81129638414606663681390495662081'],
  ['#set($x = $n - 1)$x|#set($x = 10 - 4 - 3)$x|#set($x = "a" + 1)$x', '4|3|a1'],
  ['#set($x = 3)#set($x = 1 / 0)$x', '3'],
  // Conditions.
  ['#if($n gt 4 and $s eq "abc" or false)1#end#if(not $n)2#end#if($n ne 5)3#end', '1'],
  ['#if("a")1#end#if(1)2#end#if($n + 1)3#end#if([])4#end#if({})5#end#if("$s")6#end', ''],
  ['#if(1 == 1.0)1#end#if("1" == 1)2#end#if($s < 5)3#end', '12'],
  ['#set($z = {"a": 1})#if($m == $z)1#end#set($z = [1, "b"])#if($l == $z)2#end', '12'],
  // Places.
  ['$l[0]$l[ 1 ]$l[-1]$l["0"]$l[0][1]$m["a"]$m[0]$m["a"]["b"]', '1bb1'],
  ['#set($m.q = 1)#set($m["r"] = 2)#set($m.zz.x = 1)#set($s.x = 1)#set($u.x = 1)$m', '{a=1, q=1, r=2}'],
  ['#set($m.k = $m)$m', '{a=1, k=(this Map)}'],
  ['$s.split("b")[0]$s.split("b").size()', 'a2'],
  ['$m.put("z", null)|$m.z|$m.clear().length()', '||0'],
  ['$m.entrySet()$m.keySet()$m.values()', '[a=1][a][1]'],
  // Printed, not run.
  ['#foo(1 2)#foo($s)|#foo|#foo bar|#foo ("$s")', '#foo(1 2)#foo($s)|#foo|#foo bar|#foo ("$s")'],
  ['#macro(f)x#end#f()', '#f()'],
];

for (const [template, expected] of ROWS) {
  test(JSON.stringify(template), () => assert.equal(rendered(template), expected));
}

const REFUSED = [
  'a $',
  'a#',
  '${s|',
  '${s.length() }',
  '$s[ abc',
  '$s[]',
  '$s.equals("a"',
  '$s.equals(1 + 1)',
  '#foo(',
  '#[[ x',
  'a#else',
  '#elseif(true)',
  '#if(true)x',
  '#if()x#end',
  '#set($x = 2-1)',
  '#set($x = -$n)',
  '#set($x = [1,2,])',
  '#set($x = {a:1})',
  '#set($x = null)',
  '#set($x = "a\\"b")',
  '$s[-1]',
];

for (const template of REFUSED) {
  test(`refused: ${template}`, () => assert.throws(() => rendered(template), TemplateError));
}
