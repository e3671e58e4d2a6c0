import { describe, test } from 'node:test';
import { expect } from 'chai';
import { read } from '../testing.ts';

const TRUST =
  '{ Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: "sts:AssumeRole" }] }';
const integration = (uri: string, role = 'Role') =>
  `{ type: aws, httpMethod: POST, uri: '${uri}', credentials: !GetAtt ${role}.Arn, responses: { default: { statusCode: '200' } } }`;
const PUT = 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord';
const GET_ITEM = 'arn:aws:apigateway:us-east-1:dynamodb:action/GetItem';

/** An API that calls Kinesis under `Role`. */
function template({ role = '', paths = '', authorizer = '', others = '' } = {}): string {
  return `
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: ${TRUST}${role} } }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: { title: t, version: '1' }
        paths:
          /put: { post: { responses: { '200': {} }, x-amazon-apigateway-integration: ${integration(PUT)} } }
${paths}
        components: { securitySchemes: { own: { type: apiKey, name: Authorization, in: header${authorizer} } } }
${others}`;
}

const pathOf = (uri: string, role?: string) =>
  `          /other: { get: { responses: { '200': {} }, x-amazon-apigateway-integration: ${integration(uri, role)} } }`;

describe('the roles of a template', () => {
  test('a role with a policy that the file does not declare cannot be judged, but its trust policy can', () => {
    const arn = 'arn:aws:iam::123456789012:policy/own';
    const { roles, unreadRoles = [], leftOut } = read(template({ role: `, ManagedPolicyArns: ['${arn}']` }));
    expect(roles).to.deep.equal([]);
    expect(unreadRoles[0]?.trust).to.have.property('Statement');
    expect(unreadRoles[0]?.why).to.equal(
      `Role has the policy ${arn}, which the file does not declare; to judge the role as well, declare the policy in the file`,
    );
    expect(leftOut.map(({ place }) => place)).to.deep.equal(['Resources.Role.Properties']);
  });

  test('a role under which no method calls Kinesis is not read', () => {
    const others = `  Table: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: ${TRUST}, ManagedPolicyArns: [!Ref Elsewhere] } }`;
    const { roles, unreadRoles } = read(template({ paths: pathOf(GET_ITEM, 'Table'), others }));
    expect(roles.map(({ id }) => id)).to.deep.equal(['Role']);
    expect(unreadRoles).to.deep.equal([]);
  });

  test('functions of methods and of authorizers that the run leaves out are called under a role', () => {
    const uri = (name: string) =>
      `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${name}/invocations`;
    const given = `authorizerUri: '${uri('arn:aws:lambda:us-east-1:1:function:f')}', authorizerCredentials: !GetAtt Role.Arn`;
    const authorizer = `, x-amazon-apigateway-authorizer: { type: token, ${given} }`;
    const rows: [text: string, services: string[]][] = [
      [template(), []],
      [template({ authorizer }), ['lambda']],
      [template({ paths: pathOf(uri('arn:aws:lambda:us-east-1:1:function:f')) }), ['lambda']],
      [template({ paths: pathOf(uri('x')).replace(`uri: '`, "uri: !Sub '${Elsewhere.Arn}") }), ['lambda']],
    ];
    for (const [text, services] of rows)
      expect(read(text).roles.map(({ otherServices }) => otherServices)).to.deep.equal([services]);
  });

  test("a function that SAM's authorizer invokes under a role is another use of it", () => {
    const { roles } = read(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: ${TRUST} } }
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: { Authorizers: { Own: { FunctionArn: 'arn:aws:lambda:us-east-1:1:function:f', FunctionInvokeRole: !GetAtt Role.Arn } } }
      DefinitionBody:
        openapi: 3.0.1
        info: { title: t, version: '1' }
        paths:
          /put: { post: { responses: { '200': {} }, x-amazon-apigateway-integration: ${integration(PUT)} } }
`);
    expect(roles.map(({ otherServices }) => otherServices)).to.deep.equal([['lambda']]);
  });

  test("a stream has a key of its owner's, or the default one", () => {
    const rows: [properties: string, hasOwnKey: boolean][] = [
      ['', false],
      [', StreamEncryption: { EncryptionType: KMS, KeyId: alias/own }', true],
      [', StreamEncryption: { EncryptionType: KMS, KeyId: alias/aws/kinesis }', false],
      [', StreamEncryption: { EncryptionType: KMS, KeyId: !ImportValue key }', true],
      [', StreamEncryption: !Ref AWS::NoValue', false],
    ];
    for (const [properties, hasOwnKey] of rows) {
      const others = `  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1${properties} } }`;
      const { streams } = read(template({ others }));
      expect(
        streams.map((stream) => stream.hasOwnKey ?? false),
        properties,
      ).to.deep.equal([hasOwnKey]);
    }
  });
});
