import { describe, test } from 'node:test';
import { expect } from 'chai';
import { allowsEverybody, BY_ENDPOINT, BY_POLICY, limitOnCallers, withoutLimits } from './callers.ts';
import { read } from './testing.ts';
import type { JsonObject } from './types.ts';

const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements }) as JsonObject;

describe('a resource policy allows everybody', () => {
  for (const [what, statements] of [
    ['by one statement', [ALLOW]],
    ['in the form of accounts', [{ ...ALLOW, Principal: { AWS: ['*'] }, Action: ['execute-api:*'] }]],
    ['by the whole ARN', [{ ...ALLOW, Resource: ['arn:aws:execute-api:us-east-1:123456789012:abc/*/*/*'] }]],
    [
      'but plain HTTP, which nobody can use',
      [ALLOW, { ...ALLOW, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ],
  ] as const)
    test(what, () => {
      expect(allowsEverybody(policy(...statements))).to.equal(true);
    });

  for (const [what, statements] of [
    ['it says nothing', []],
    ['it names an account', [{ ...ALLOW, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }]],
    ['it has a condition', [{ ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }]],
    ['it allows some methods', [{ ...ALLOW, Resource: 'execute-api:/*/GET/*' }]],
    ['it allows another action', [{ ...ALLOW, Action: 'execute-api:ManageConnections' }]],
    ['it excludes an account', [{ ...ALLOW, Principal: undefined, NotPrincipal: { AWS: '1' } }]],
    ['it denies as well', [ALLOW, { ...ALLOW, Effect: 'Deny' }]],
  ] as const)
    test(`not if ${what}`, () => {
      expect(allowsEverybody(policy(...statements))).to.equal(false);
    });
});

const OPENAPI = {
  openapi: '3.0.1',
  info: { title: 't', version: '1' },
  paths: {
    '/put': {
      post: {
        responses: {},
        'x-amazon-apigateway-integration': {
          type: 'aws',
          httpMethod: 'POST',
          uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
          credentials: 'arn:aws:iam::123456789012:role/r',
          responses: { default: { statusCode: '200' } },
        },
      },
    },
  },
};
const DENY = { ...ALLOW, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } };

function limitIn(document: object) {
  return read(JSON.stringify(document)).limitsCallers;
}

describe('what limits callers is found', () => {
  const api = (properties: object) => ({
    Resources: { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: OPENAPI, ...properties } } },
  });
  const sam = (properties: object) => ({
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Api: {
        Type: 'AWS::Serverless::Api',
        Properties: { StageName: 'v1', DefinitionBody: OPENAPI, ...properties },
      },
    },
  });
  for (const [where, document, limit] of [
    ['OpenAPI, a policy', { ...OPENAPI, 'x-amazon-apigateway-policy': policy(ALLOW, DENY) }, BY_POLICY],
    [
      'OpenAPI, a policy for everybody',
      { ...OPENAPI, 'x-amazon-apigateway-policy': policy(ALLOW) },
      undefined,
    ],
    [
      'OpenAPI, a disabled endpoint',
      { ...OPENAPI, 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true } },
      BY_ENDPOINT,
    ],
    ['OpenAPI, nothing', OPENAPI, undefined],
    ['CloudFormation, a policy', api({ Policy: policy(DENY) }), BY_POLICY],
    ['CloudFormation, a disabled endpoint', api({ DisableExecuteApiEndpoint: 'true' }), BY_ENDPOINT],
    ['CloudFormation, an enabled endpoint', api({ DisableExecuteApiEndpoint: false }), undefined],
    ['SAM, statements', sam({ Auth: { ResourcePolicy: { CustomStatements: [ALLOW, DENY] } } }), BY_POLICY],
    [
      'SAM, statements for everybody',
      sam({ Auth: { ResourcePolicy: { CustomStatements: ALLOW } } }),
      undefined,
    ],
    ['SAM, addresses', sam({ Auth: { ResourcePolicy: { IpRangeWhitelist: ['192.0.2.0/24'] } } }), BY_POLICY],
    ['SAM, a disabled endpoint', sam({ DisableExecuteApiEndpoint: true }), BY_ENDPOINT],
  ] as const)
    test(where, () => {
      expect(limitIn(document)).to.equal(limit);
    });
});

test('a deployment leaves out what limits callers, and nothing else', () => {
  const endpoint = { disableExecuteApiEndpoint: true, vpcEndpointIds: ['vpce-1'] };
  const document: JsonObject = {
    'x-amazon-apigateway-policy': policy(DENY),
    'x-amazon-apigateway-endpoint-configuration': { ...endpoint },
  };
  withoutLimits(document);
  expect(document).to.deep.equal({
    'x-amazon-apigateway-endpoint-configuration': { vpcEndpointIds: ['vpce-1'] },
  });
  expect(limitOnCallers(document)).to.equal(undefined);
  const open: JsonObject = { 'x-amazon-apigateway-policy': policy(ALLOW) };
  withoutLimits(open);
  expect(open).to.have.property('x-amazon-apigateway-policy');
});
