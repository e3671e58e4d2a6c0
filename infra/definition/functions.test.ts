import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { subnets } from './cidr.ts';
import { Template } from './cloudformation/template.ts';
import { contextOf } from './testing.ts';
import { readDocument } from './text.ts';

const HEAD = `
Parameters:
  Name: { Type: String, Default: clicks }
  Zones: { Type: CommaDelimitedList, Default: 'a, b,c' }
  Count: { Type: Number, Default: 3 }
Mappings:
  Sizes: { eu-west-1: { small: 1, all: [1, 2] } }
Conditions:
  Yes: !Equals [!Ref Name, clicks]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Either: !Or [!Condition Yes, !Condition No]
Resources:
  Stream: { Type: AWS::Kinesis::Stream, Properties: { Name: !Sub '\${Name}-live' } }
  Unnamed: { Type: AWS::Kinesis::Stream }
  Role: { Type: AWS::IAM::Role, Properties: { Path: /app/ } }
  Queue: { Type: AWS::SQS::Queue }
  Setting: { Type: AWS::SSM::Parameter, Properties: { Value: !Ref Count } }
`;

const evaluate = (value: string) => {
  const document = readDocument(Buffer.from(`${HEAD}\nValue: ${value}\n`), 'template.yaml');
  return new Template(document, contextOf()).resolver.resolve(document.Value, 'Value');
};

describe('functions of CloudFormation', () => {
  const cases: [value: string, expected: unknown][] = [
    ['!Ref Name', 'clicks'],
    ['{ Ref: Zones }', ['a', 'b', 'c']],
    ['!Ref Stream', 'clicks-live'],
    ['!Ref Unnamed', 'shop-Unnamed'],
    ['!GetAtt Stream.Arn', 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks-live'],
    ['!GetAtt [Role, Arn]', 'arn:aws:iam::123456789012:role/app/shop-Role'],
    ['!Ref Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/shop-Queue'],
    ['!GetAtt Setting.Value', '3'],
    [
      "!Sub '${Stream}/${Stream.Arn}/${!Kept}/$other'",
      'clicks-live/arn:aws:kinesis:eu-west-1:123456789012:stream/clicks-live/${Kept}/$other',
    ],
    ["!Sub ['${Name}-${Own}', { Own: !Join [_, [a, !Ref Count]] }]", 'clicks-a_3'],
    ["!Join [',', !Ref Zones]", 'a,b,c'],
    ['!Select [1, !Ref Zones]', 'b'],
    ["!Select ['2', [x, y, z]]", 'z'],
    ["!Split ['/', 'a/b/c']", ['a', 'b', 'c']],
    ['!FindInMap [Sizes, !Ref AWS::Region, small]', 1],
    ['!FindInMap [Sizes, !Ref AWS::Region, all]', [1, 2]],
    ['!FindInMap [Sizes, nowhere, small, { DefaultValue: !Ref Count }]', '3'],
    ['!Base64 héllo', 'aMOpbGxv'],
    ["!GetAZs ''", ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ["!Cidr ['10.0.0.0/16', 2, 8]", ['10.0.0.0/24', '10.0.1.0/24']],
    ['!Length [1, 2]', 2],
    ['!ToJsonString { a: !Ref Count }', '{"a":"3"}'],
    ['!If [Yes, 1, 2]', 1],
    ['!If [Both, 1, !If [Either, 3, 4]]', 3],
    ['{ a: !Ref AWS::NoValue, b: [1, !Ref AWS::NoValue], c: !If [No, x, !Ref AWS::NoValue] }', { b: [1] }],
    [
      "!Sub '${AWS::Partition} ${AWS::AccountId} ${AWS::StackName} ${AWS::URLSuffix}'",
      'aws 123456789012 shop amazonaws.com',
    ],
    [
      '{ Statement: { Condition: { Bool: x } }, Ref: { type: string } }',
      { Statement: { Condition: { Bool: 'x' } }, Ref: { type: 'string' } },
    ],
  ];
  for (const [value, expected] of cases) test(value, () => assert.deepEqual(evaluate(value), expected));

  const refused: [value: string, message: string][] = [
    ['!Ref Nothing', 'template.yaml: Value: Nothing is not defined; add it, or correct the name'],
    [
      '!GetAtt Queue.Depth',
      'template.yaml: Value: Queue.Depth is known only when AWS has made the SQS queue Queue; give it with --parameter Queue.Depth=VALUE',
    ],
    ['!Select [9, [a]]', 'template.yaml: Value.Fn::Select: the list of 1 has no item 9; correct the index'],
    [
      '!FindInMap [Sizes, eu-west-1, huge]',
      'template.yaml: Value.Fn::FindInMap: Mappings.Sizes has no eu-west-1.huge; add it, or choose other parameters',
    ],
    [
      '!If [Unknown, 1, 2]',
      'template.yaml: Value.Fn::If: Conditions has no Unknown; add it, or correct the name',
    ],
    ["!Sub '${Zones}'", 'template.yaml: Value: ${Zones} is not a single text; use Fn::Join for a list'],
    [
      "{ 'Fn::Reverse': [1] }",
      'template.yaml: Value: Fn::Reverse is not a CloudFormation function that is allowed here; correct it',
    ],
    [
      "{ 'Fn::Join': ['', []], other: 1 }",
      'template.yaml: Value: Fn::Join has other members beside it; remove them',
    ],
    [
      "'{{resolve:ssm:/clicks/name}}'",
      'template.yaml: Value: {{resolve:ssm:/clicks/name}} is known to AWS only; give it with --parameter resolve:ssm:/clicks/name=VALUE',
    ],
    [
      '!Cidr [10.0.0.0/16, 300, 8]',
      'template.yaml: Value.Fn::Cidr: 10.0.0.0/16 cannot be cut into 300 such blocks; correct the values',
    ],
    [
      '!Transform { Name: Custom }',
      'template.yaml: Value.Fn::Transform: the macro Custom runs only on AWS; give the processed template (aws cloudformation get-template --template-stage Processed)',
    ],
  ];
  for (const [value, message] of refused)
    test(`${value} is refused`, () => assert.throws(() => evaluate(value), { name: 'UsageError', message }));

  test('each nested name is resolved once, and the result stays within bounds', () => {
    const streams = Array.from(
      { length: 60 },
      (_, i) =>
        `  S${i}: { Type: AWS::Kinesis::Stream, Properties: { Name: !Sub '\${S${i + 1}}\${S${i + 1}}' } }`,
    ).join('\n');
    const read = (last: string) => {
      const text = `Resources:\n${streams}\n  S60: { Type: AWS::Kinesis::Stream, Properties: { Name: '${last}' } }\n`;
      return new Template(readDocument(Buffer.from(text), 't.yaml'), contextOf({ file: 't.yaml' })).ref(
        'S0',
        'Value',
      );
    };
    assert.throws(
      () => read('x'),
      /^UsageError: t\.yaml: .*the result is longer than 1048576 characters; shorten it$/,
    );
  });

  test('any text survives a split and a join, and a Sub without variables', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, separator) => {
        const call = JSON.stringify({ 'Fn::Join': [separator, { 'Fn::Split': [separator, text] }] });
        assert.equal(evaluate(call), text);
        if (!text.includes('${')) assert.equal(evaluate(JSON.stringify({ 'Fn::Sub': text })), text);
      }),
      { numRuns: 100 },
    );
  });
});

test('subnets are cut from a block as by Fn::Cidr', () => {
  assert.deepEqual(subnets('192.168.0.0/24', 4, 5), [
    '192.168.0.0/27',
    '192.168.0.32/27',
    '192.168.0.64/27',
    '192.168.0.96/27',
  ]);
  assert.deepEqual(subnets('2001:db8:1234:1a00::/56', 2, 64), [
    '2001:db8:1234:1a00::/64',
    '2001:db8:1234:1a01::/64',
  ]);
  for (const [block, count, bits] of [
    ['10.0.0.0', 1, 8],
    ['10.0.0.0/24', 2, 8],
    ['x/8', 1, 1],
    ['10.0.0.0/8', 0, 8],
  ] as const)
    assert.equal(subnets(block, count, bits), undefined);
});
