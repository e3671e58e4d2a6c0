import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from './document.ts';
import { evaluate, trusts } from './evaluate.ts';
import { MalformedPolicy } from './grammar.ts';

const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const CONTEXT = {
  'aws:RequestedRegion': 'us-east-1',
  'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/r',
};

function policy(...statements: object[]) {
  return parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'inline');
}

const allow = (more: object) => ({ Effect: 'Allow', Action: 'kinesis:*', Resource: '*', ...more });
const deny = (more: object) => ({ ...allow(more), Effect: 'Deny' });

test('policies allow and deny', async (t) => {
  const rows: [string, object[], 'allowed' | 'implicit-deny' | 'explicit-deny'][] = [
    ['no policy', [], 'implicit-deny'],
    ['full access', [allow({})], 'allowed'],
    ['action in another case', [allow({ Action: 'KINESIS:putrecord' })], 'allowed'],
    ['action prefix', [allow({ Action: ['kinesis:Get*', 'kinesis:Put*'] })], 'allowed'],
    [
      'read only',
      [allow({ Action: ['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'] })],
      'implicit-deny',
    ],
    ['longer action', [allow({ Action: 'kinesis:PutRecords' })], 'implicit-deny'],
    ['any service', [allow({ Action: '*' })], 'allowed'],
    ['one sign', [allow({ Action: 'kinesis:PutRecor?' })], 'allowed'],
    ['a dot is a dot', [allow({ Action: 'kinesis:PutRecor.' })], 'implicit-deny'],
    ['not action', [allow({ Action: undefined, NotAction: 'kinesis:Delete*' })], 'allowed'],
    ['not this action', [allow({ Action: undefined, NotAction: 'kinesis:Put*' })], 'implicit-deny'],
    ['this stream', [allow({ Resource: STREAM })], 'allowed'],
    ['streams by prefix', [allow({ Resource: 'arn:aws:kinesis:*:*:stream/ord*' })], 'allowed'],
    ['another stream', [allow({ Resource: `${STREAM}-2` })], 'implicit-deny'],
    ['resource in another case', [allow({ Resource: STREAM.replace('orders', 'ORDERS') })], 'implicit-deny'],
    ['not resource', [allow({ Resource: undefined, NotResource: `${STREAM}-2` })], 'allowed'],
    ['deny wins', [allow({}), deny({ Action: 'kinesis:PutRecord' })], 'explicit-deny'],
    ['deny of another stream', [allow({}), deny({ Resource: `${STREAM}-2` })], 'allowed'],
    [
      'condition holds',
      [allow({ Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } } })],
      'allowed',
    ],
    [
      'condition key in another case',
      [allow({ Condition: { StringEquals: { 'AWS:requestedregion': 'us-east-1' } } })],
      'allowed',
    ],
    [
      'condition fails',
      [allow({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })],
      'implicit-deny',
    ],
    [
      'one of two conditions fails',
      [allow({ Condition: { StringLike: { 'aws:RequestedRegion': 'us-*', 'aws:SourceIp': '*' } } })],
      'implicit-deny',
    ],
    [
      'negated condition',
      [deny({ Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } } }), allow({})],
      'allowed',
    ],
    [
      'negated, key absent',
      [allow({ Condition: { StringNotEquals: { 'aws:SourceAccount': 'x' } } })],
      'allowed',
    ],
    [
      'if exists, key absent',
      [allow({ Condition: { StringEqualsIfExists: { 'aws:SourceAccount': 'x' } } })],
      'allowed',
    ],
    [
      'if exists, key there',
      [allow({ Condition: { StringEqualsIfExists: { 'aws:RequestedRegion': 'x' } } })],
      'implicit-deny',
    ],
    ['null', [allow({ Condition: { Null: { 'aws:SourceAccount': true } } })], 'allowed'],
    ['ARN', [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } })], 'allowed'],
    [
      "an ARN's * stays in its part",
      [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:*:role/r' } } })],
      'implicit-deny',
    ],
    [
      'operator without a value to compare',
      [allow({ Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': 9 } } })],
      'implicit-deny',
    ],
  ];
  for (const [name, statements, expected] of rows) {
    await t.test(name, () => {
      const request = { action: 'kinesis:PutRecord', resource: STREAM, context: CONTEXT };
      const decision = evaluate(request, statements.length === 0 ? [] : [policy(...statements)], undefined);
      assert.equal(decision.allowed ? 'allowed' : decision.reason, expected);
    });
  }
});

test("variables are replaced by the request's values since version 2012-10-17", async (t) => {
  const own = 'arn:aws:kinesis:us-east-1:000000000000:stream/${aws:username}-*';
  const rows: [string, object, string, boolean][] = [
    ['a name of its own', { Resource: own }, 'ann', true],
    ["a user's name", { Resource: own }, 'ben', false],
    ['a name that looks like a pattern', { Resource: own }, 'a*', false],
    ['a key without a value', { Resource: own.replace('username', 'userid') }, 'ann', false],
    ['a default', { Resource: own.replace('username', "userid, 'ann'") }, 'ben', true],
    ['a key in another case', { Resource: own.replace('username', 'UserName') }, 'ann', true],
    ['a sign that is itself', { Resource: own.replace('${aws:username}', 'a${*}') }, 'ann', false],
    ['in a condition', { Condition: { StringLike: { 'aws:Resource': '${aws:username}-?' } } }, 'ann', true],
    [
      'in a condition, otherwise',
      { Condition: { StringEquals: { 'aws:Resource': '${aws:username}' } } },
      'ann',
      false,
    ],
  ];
  for (const [name, given, username, expected] of rows) {
    await t.test(name, () => {
      const context = { ...CONTEXT, 'aws:username': username, 'aws:Resource': 'ann-1' };
      const resource = 'arn:aws:kinesis:us-east-1:000000000000:stream/ann-1';
      const request = { action: 'kinesis:PutRecord', resource, context };
      assert.equal(evaluate(request, [policy(allow(given))], undefined).allowed, expected);
    });
  }
  const old = parsePolicy(JSON.stringify({ Statement: allow({ Resource: own }) }), 'inline');
  const request = {
    action: 'kinesis:PutRecord',
    resource: own.replace('*', '1'),
    context: { 'aws:username': 'ann' },
  };
  assert.equal(evaluate(request, [old], undefined).allowed, true);
});

test('keys of several values', async (t) => {
  const rows: [string, string, string[], boolean][] = [
    ['ForAllValues, all', 'ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues, not all', 'ForAllValues:StringEquals', ['a', 'x'], false],
    ['ForAllValues, none', 'ForAllValues:StringEquals', [], true],
    ['ForAnyValue, one', 'ForAnyValue:StringEquals', ['x', 'b'], true],
    ['ForAnyValue, none', 'ForAnyValue:StringEquals', ['x'], false],
  ];
  for (const [name, operator, keys, expected] of rows) {
    await t.test(name, () => {
      const context = { ...CONTEXT, 'aws:TagKeys': keys };
      const request = { action: 'kinesis:PutRecord', resource: STREAM, context };
      const given = policy(allow({ Condition: { [operator]: { 'aws:TagKeys': ['a', 'b'] } } }));
      assert.equal(evaluate(request, [given], undefined).allowed, expected);
    });
  }
});

test('a permissions boundary must allow too', () => {
  const request = { action: 'kinesis:PutRecord', resource: STREAM, context: CONTEXT };
  const everything = policy(allow({ Action: '*' }));
  const reading = policy(allow({ Action: 'kinesis:Get*' }));
  assert.equal(evaluate(request, [everything], everything).allowed, true);
  assert.equal(evaluate(request, [everything], reading).allowed, false);
  assert.equal(evaluate(request, [reading], everything).allowed, false);
  assert.equal(evaluate(request, [], everything).allowed, false);
});

test('the principals that a trust policy trusts', async (t) => {
  const gateway = { kind: 'Service', names: ['apigateway.amazonaws.com'] };
  const statement = { Effect: 'Allow', Principal: { Service: gateway.names[0] }, Action: 'sts:AssumeRole' };
  const rows: [string, object, boolean][] = [
    ['one service', statement, true],
    [
      'several services',
      { ...statement, Principal: { Service: ['lambda.amazonaws.com', gateway.names[0]] } },
      true,
    ],
    ['another service', { ...statement, Principal: { Service: 'lambda.amazonaws.com' } }, false],
    ['an account', { ...statement, Principal: { AWS: '*' } }, false],
    ['everyone', { ...statement, Principal: '*' }, true],
    ['another action', { ...statement, Action: 'sts:TagSession' }, false],
    ['a list of actions', { ...statement, Action: ['sts:TagSession', 'sts:AssumeRole'] }, true],
    [
      'aws:SourceAccount never matches (docs/facts/gateway.md#role)',
      { ...statement, Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } },
      false,
    ],
    ['a denial', { ...statement, Effect: 'Deny' }, false],
  ];
  for (const [name, given, expected] of rows) {
    await t.test(name, () => {
      assert.equal(trusts(parsePolicy(JSON.stringify({ Statement: given }), 'trust'), gateway, {}), expected);
    });
  }
});

test('invalid policies are refused', async (t) => {
  const rows: [string, string, 'inline' | 'trust'][] = [
    ['no JSON', '{', 'inline'],
    ['a list', '[]', 'inline'],
    ['no statement', '{}', 'inline'],
    ['bad version', JSON.stringify({ Version: '1', Statement: allow({}) }), 'inline'],
    ['bad effect', JSON.stringify({ Statement: allow({ Effect: 'Maybe' }) }), 'inline'],
    ['no action', JSON.stringify({ Statement: allow({ Action: undefined }) }), 'inline'],
    ['no resource', JSON.stringify({ Statement: allow({ Resource: undefined }) }), 'inline'],
    ['a principal', JSON.stringify({ Statement: allow({ Principal: '*' }) }), 'inline'],
    ['bad operator', JSON.stringify({ Statement: allow({ Condition: { Equals: { a: 'b' } } }) }), 'inline'],
    [
      'trust without principal',
      JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole' } }),
      'trust',
    ],
    ['trust with a resource', JSON.stringify({ Statement: allow({ Principal: '*' }) }), 'trust'],
  ];
  for (const [name, text, kind] of rows) {
    await t.test(name, () => {
      assert.throws(() => parsePolicy(text, kind), MalformedPolicy);
    });
  }
});
