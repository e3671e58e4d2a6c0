import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { read } from '../testing.ts';

const API = `
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: clicks } }
`;
const method = (stream: string) => `
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      MethodResponses: [{ StatusCode: '200' }]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:\${AWS::Region}:kinesis:action/PutRecord
        Credentials: arn:aws:iam::123456789012:role/proxy
        RequestTemplates: { application/json: ${stream} }
        IntegrationResponses: [{ StatusCode: '200' }]
`;
const template = (stream: string, rest = '') => `Resources:${API}${method(stream)}${rest}`;
const place = 't.yaml: Resources.Post.Properties.Integration.RequestTemplates.application/json';

describe('a template that cannot be read', () => {
  const cases: [name: string, text: string, message: string][] = [
    [
      'circular reference',
      template(
        '!Ref A',
        '  A: { Type: AWS::Kinesis::Stream, Properties: { Name: !Ref B } }\n  B: { Type: AWS::Kinesis::Stream, Properties: { Name: !Sub "x-${A}" } }\n',
      ),
      't.yaml: Resources.A: circular reference A -> B -> A; break the cycle',
    ],
    [
      'circular conditions',
      `Conditions: { X: !Not [!Condition Y], Y: !Not [!Condition X] }\n${template('!If [X, a, b]')}`,
      't.yaml: Conditions.X: circular reference X -> Y -> X; break the cycle',
    ],
    [
      'missing parameter',
      `Parameters: { Stream: { Type: String } }\n${template('!Ref Stream')}`,
      `${place}: the parameter Stream has no default; give it with --parameter Stream=VALUE`,
    ],
    [
      'value that is not allowed',
      `Parameters: { Stage: { Type: String, Default: x, AllowedValues: [dev, prod] } }\n${template('a')}`,
      't.yaml: Parameters.Stage: "x" is not one of dev or prod; give another with --parameter Stage=VALUE',
    ],
    [
      'value of a nested stack',
      template('!GetAtt Nested.Outputs.Stream', '  Nested: { Type: AWS::CloudFormation::Stack }\n'),
      `${place}: Nested.Outputs.Stream is known only when AWS has made the nested stack Nested; give it with --parameter Nested.Outputs.Stream=VALUE`,
    ],
    [
      'nested stack without an API beside it',
      'Resources: { Nested: { Type: AWS::CloudFormation::Stack } }',
      't.yaml: Resources.Nested: the template declares no REST API, and nested stacks are not read; give the nested template itself',
    ],
    [
      'unknown transform',
      `Transform: Mine\n${template('a')}`,
      't.yaml: Transform: Mine runs only on AWS; give the processed template (aws cloudformation get-template --template-stage Processed)',
    ],
    [
      'import from another stack',
      template('!ImportValue stream'),
      `${place}.Fn::ImportValue: the export stream of another stack is known to AWS only; give it with --parameter stream=VALUE`,
    ],
    [
      'two APIs, of which one cannot be read',
      template('a', '  Other: { Type: AWS::ApiGateway::RestApi, Properties: { Name: !Ref Nothing } }\n'),
      't.yaml: Resources: it declares 2 APIs: Api and Other; choose one with --api NAME',
    ],
    [
      'no API',
      'Resources: { Stream: { Type: AWS::Kinesis::Stream } }',
      't.yaml: Resources: the template declares no REST API; give one with an AWS::ApiGateway::RestApi or AWS::Serverless::Api',
    ],
    [
      'body kept in S3',
      'Resources: { Api: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: { Bucket: b, Key: k } } } }',
      't.yaml: Resources.Api.Properties.BodyS3Location: the body is stored in S3, which is not read; give the OpenAPI file itself to --definition, or put it under Body',
    ],
    [
      'SAM body kept in S3',
      'Transform: AWS::Serverless-2016-10-31\nResources: { Api: { Type: AWS::Serverless::Api, Properties: { StageName: x, DefinitionUri: s3://bucket/api.yaml } } }',
      't.yaml: Resources.Api.Properties.DefinitionUri: the body is stored in S3, which is not read; give the OpenAPI file itself to --definition, or put it under DefinitionBody',
    ],
    [
      'included body',
      'Transform: AWS::Serverless-2016-10-31\nResources: { Api: { Type: AWS::Serverless::Api, Properties: { StageName: x, DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://bucket/api.yaml } } } } } }',
      't.yaml: Resources.Api.Properties.DefinitionBody.Fn::Transform.Parameters.Location: AWS::Include reads a file that only AWS can fetch; put its text here, or give that file to --definition',
    ],
    [
      'resource whose condition is false',
      `Conditions: { No: !Equals [a, b] }\n${template('!Ref S', '  S: { Type: AWS::Kinesis::Stream, Condition: No }\n')}`,
      `${place}: S is a resource whose condition is false; choose other parameters`,
    ],
    [
      'no resources',
      "AWSTemplateFormatVersion: '2010-09-09'",
      't.yaml: Resources: the template has none; give one that declares a REST API',
    ],
  ];
  for (const [name, text, message] of cases)
    test(name, () => {
      assert.throws(() => read(text, { file: 't.yaml' }), { name: 'UsageError', message });
    });

  test('reports an unknown API, and a parameter that is not used', () => {
    assert.throws(() => read(template('a'), { file: 't.yaml', api: 'Other' }), {
      message: 't.yaml: Resources: it does not declare an API Other, only Api; correct --api',
    });
    assert.throws(() => read(template('a'), { file: 't.yaml', parameters: new Map([['Stret', 'a']]) }), {
      message:
        't.yaml: Parameters: --parameter Stret is not used: the template declares none; correct the name',
    });
  });

  test('is read with the parameters that the user gives', () => {
    const given = { stream: 'imported', 'Nested.Outputs.Stream': 'nested' };
    for (const [key, value] of Object.entries(given)) {
      const reference = key === 'stream' ? '!ImportValue stream' : `!GetAtt ${key}`;
      const text = template(reference, '  Nested: { Type: AWS::CloudFormation::Stack }\n');
      const { openapi, leftOut } = read(text, { parameters: new Map([[key, value]]) });
      assert.match(JSON.stringify(openapi), new RegExp(`"requestTemplates":{"application/json":"${value}"}`));
      assert.deepEqual(
        leftOut.map(({ what }) => what),
        ['the nested stack Nested'],
      );
    }
  });
});

describe('what a template declares', () => {
  test('an API and a function whose event names it, since SAM makes a resource of the event', () => {
    const text = (more: string) => `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: x
      DefinitionBody: { openapi: 3.0.1, info: { title: !Ref Fn, version: '1' }, paths: { /b: { get: { responses: {}, x-amazon-apigateway-integration: { type: mock } } } } }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { ${more} }`;
    const event = '{ Get: { Type: Api, Properties: { Path: /a, Method: get, RestApiId: !Ref Api } } }';
    assert.ok(read(text(`Events: ${event}`)).openapi);
    assert.throws(() => read(text('Environment: { Variables: { URL: !Ref Api } }'), { file: 't.yaml' }), {
      message: 't.yaml: Resources.Api: circular reference Api -> Fn -> Api; break the cycle',
    });
  });

  test('streams, whose generated names are cut to the length that AWS accepts', () => {
    const id = 'S'.repeat(150);
    const { streams } = read(
      template(
        'a',
        `  ${id}: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }\n  Free: { Type: AWS::Kinesis::Stream, Properties: { Name: free } }\n`,
      ),
    );
    assert.equal(streams[0]?.name.length, 128);
    assert.deepEqual(
      streams.map(({ shardCount }) => shardCount),
      [2, undefined],
    );
  });

  test('only roles that the API refers to', () => {
    const role = 'Type: AWS::IAM::Role, Properties: { RoleName: NAME, AssumeRolePolicyDocument: {} }';
    const { roles } = read(
      template('a', `  A: { ${role.replace('NAME', 'proxy')} }\n  B: { ${role.replace('NAME', 'other')} }\n`),
    );
    assert.deepEqual(
      roles.map(({ id, arn }) => [id, arn]),
      [['A', 'arn:aws:iam::123456789012:role/proxy']],
    );
  });

  test('a key is disabled unless the template enables it, as on AWS', () => {
    const { apiKeys } = read(
      template(
        'a',
        '  K1: { Type: AWS::ApiGateway::ApiKey }\n  K2: { Type: AWS::ApiGateway::ApiKey, Properties: { Enabled: yes } }\n',
      ),
    );
    assert.deepEqual(
      apiKeys.map(({ enabled }) => enabled),
      [false, true],
    );
  });
});
