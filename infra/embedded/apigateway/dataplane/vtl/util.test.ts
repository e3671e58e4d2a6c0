import assert from 'node:assert/strict';
import { test } from 'node:test';
import { util } from './util.ts';
import { printed } from './value.ts';

const ROWS: readonly (readonly [name: string, argument: string, expected: string])[] = [
  ['base64Encode', 'some data', 'c29tZSBkYXRh'],
  ['base64Encode', '', ''],
  ['base64Encode', 'héllo 😀', 'aMOpbGxvIPCfmIA='],
  ['base64Encode', '\ud83d', 'Pw=='],
  ['urlEncode', 'a\udca9😀', 'a%3F%F0%9F%98%80'],
  ['base64Decode', 'aMOpbGxvIPCfmIA=', 'héllo 😀'],
  ['urlEncode', "a b&c='d'~*", 'a+b%26c%3D%27d%27%7E*'],
  ['urlDecode', 'a+b%26c', 'a b&c'],
  ['urlDecode', '100%', '100%'],
  ['escapeJavaScript', `it's "x"\\\n`, `it\\'s \\"x\\"\\\\\\n`],
  ['escapeJavaScript', 'a/é\u0001', 'a\\/\\u00E9\\u0001'],
  ['parseJson', '{"a":[1]}', '{a=[1]}'],
  ['parseJson', 'not json', ''],
  ['unknown', 'x', ''],
];

for (const [name, argument, expected] of ROWS) {
  test(`$util.${name}(${JSON.stringify(argument)})`, () => {
    assert.equal(printed(util.call(name, [argument])), expected);
  });
}

// docs/facts/templates.md#values
test('a map is converted to its printed text', () => {
  assert.equal(util.call('base64Encode', [new Map([['k', 'v']])]), Buffer.from('{k=v}').toString('base64'));
});
