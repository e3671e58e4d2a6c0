import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { read } from '../testing.ts';
import { isObject, type Json } from '../types.ts';

const file = new URL('../../../selftest/corpus/sam-authorizers.yaml', import.meta.url);

test("SAM's default authorizer guards every method that has no demands of its own", () => {
  const { openapi, leftOut } = read(readFileSync(file, 'utf8'));
  const item = (openapi.paths as Record<string, Record<string, Json>>)['/events/{stream}'] ?? {};
  const security = Object.entries(item).map(([verb, operation]) => [
    verb,
    isObject(operation) ? operation.security : undefined,
  ]);
  assert.deepEqual(Object.fromEntries(security), {
    post: [{ Mine: [] }],
    get: [],
    put: [{ Pools: [] }],
    options: [{ Mine: [] }],
  });
  assert.deepEqual(
    leftOut.map(({ what }) => what),
    [
      'the Lambda function of the authorizer Mine',
      'the Lambda function of the authorizer Token',
      'the Cognito user pool Pool',
    ],
  );
});

test('a loop that creates too much is refused, and so is a key such as __proto__', () => {
  const list = JSON.stringify(Array.from({ length: 200 }, (_, index) => `i${index}`));
  const text = `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A: [A, ${list}, { 'Fn::ForEach::B': [B, ${list}, { 'X\${A}\${B}': { Type: 'AWS::SNS::Topic' } }] }]
`;
  assert.throws(
    () => read(text, { file: 't.yaml' }),
    /it creates more than 10000 members; shorten the list$/,
  );
  const polluting =
    '{"Resources": {"__proto__": {"Type": "AWS::ApiGateway::RestApi"}}, "Conditions": {"__proto__": {}}}';
  assert.throws(() => read(polluting, { file: 't.json' }), { name: 'UsageError' });
  assert.equal(({} as Record<string, unknown>).Type, undefined);
});
