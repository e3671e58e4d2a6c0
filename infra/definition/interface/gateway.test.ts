import { test } from 'node:test';
import { expect } from 'chai';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { callOf, openapiOf } from './testing.ts';

/** What the gateway does apart from the template: authorization, refusals and responses. */

const PUT = `{"StreamName": "s", "Data": "$util.base64Encode($input.json('$'))", "PartitionKey": $input.json('$.key')}`;
const MAPPED = {
  default: { statusCode: '200' },
  '400': { statusCode: '400' },
  '5\\d{2}': { statusCode: '502' },
};
const STATUSES = { '200': { description: '' }, '400': { description: '' }, '502': { description: '' } };

test('errors are mapped: as success, by status, or by the type that a template looks for', () => {
  expect(callOf({ template: PUT })).to.include({ errors: 'as-200', success: 200 });
  const mapped = callOf({
    template: PUT,
    integration: { responses: MAPPED },
    operation: { responses: STATUSES },
  });
  expect(mapped.errors).to.equal('mapped');
  expect(mapped.statuses).to.include({ ResourceNotFoundException: 400, InternalFailure: 502 });
  const byType = callOf({
    template: PUT,
    integration: {
      responses: {
        default: { statusCode: '200' },
        '4\\d{2}': {
          statusCode: '400',
          responseTemplates: {
            'application/json': `#if($input.path('$.__type').contains('NotFound'))#set($context.responseOverride.status = 404)#end{}`,
          },
        },
      },
    },
    operation: { responses: STATUSES },
  });
  expect(byType.statuses).to.include({
    ResourceNotFoundException: 404,
    AccessDeniedException: 400,
    InternalFailure: 200,
  });
  expect(byType.errors).to.equal('as-200');
});

test("members of Kinesis's answer are found where a template puts them", () => {
  const responses = (template: string) => ({
    responses: { default: { statusCode: '200', responseTemplates: { 'application/json': template } } },
  });
  const renamed = callOf({
    template: PUT,
    integration: responses(
      `{"id": $input.json('$.SequenceNumber'), "where": {"shard": "$input.path('$.ShardId')"}}`,
    ),
  });
  expect(renamed.response).to.deep.equal({
    '/SequenceNumber': { at: '/id' },
    '/ShardId': { at: '/where/shard' },
  });
  const read = callOf({
    action: 'GetRecords',
    verb: 'get',
    template: `{"ShardIterator": "$input.params('it')"}`,
    integration: responses(`{"next": "$input.path('$.NextShardIterator')", "events": [
      #foreach($r in $input.path('$.Records')){"key": "$r.PartitionKey", "data": "$util.base64Decode($r.Data)"}#if($foreach.hasNext),#end#end]}`),
  });
  expect(read.response).to.deep.equal({
    '/NextShardIterator': { at: '/next' },
    '/Records/*/Data': { at: '/events/*/data', as: ['base64-decoded'] },
    '/Records/*/PartitionKey': { at: '/events/*/key' },
  });
  const nothing = callOf({ template: PUT, integration: responses('{"ok": true}') });
  expect(nothing.response).to.deep.equal({});
  expect(callOf({ template: PUT, integration: responses('stored') }).undetermined).to.deep.equal([
    { what: 'response', why: 'what it renders is not JSON: stored' },
  ]);
});

test('for an answer without members, no places are looked for in the response template', () => {
  const { undetermined, response } = callOf({
    action: 'DeleteStream',
    template: '{"StreamName": "s"}',
    integration: {
      responses: {
        default: { statusCode: '200', responseTemplates: { 'application/json': '{"done": true}' } },
      },
    },
  });
  expect(undetermined).to.deep.equal([]);
  expect(response).to.equal('pass-through');
});

test('what a method demands of its callers', () => {
  const schemes = {
    components: {
      securitySchemes: {
        key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        mine: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': { type: 'token' },
        },
      },
    },
  };
  const demanded = (security: JsonObject[]) => {
    const [call] = deriveInterface(openapiOf([{ template: PUT, operation: { security } }], schemes)).calls;
    return [call?.auth, call?.apiKeyRequired];
  };
  expect(demanded([])).to.deep.equal(['none', false]);
  expect(demanded([{ key: [] }])).to.deep.equal(['api-key', true]);
  expect(demanded([{ sigv4: [] }])).to.deep.equal(['iam', false]);
  expect(demanded([{ sigv4: [], key: [] }])).to.deep.equal(['iam', true]);
  expect(demanded([{ mine: [] }])).to.deep.equal(['authorizer', false]);
});

test('declarations count only if a validator enforces them', () => {
  const operation = {
    parameters: [{ name: 'tenant', in: 'header', required: true, schema: { type: 'string' } }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Event' } } } },
  };
  const root = {
    'x-amazon-apigateway-request-validators': {
      all: { validateRequestBody: true, validateRequestParameters: true },
    },
    components: {
      schemas: {
        Event: {
          type: 'object',
          required: ['key'],
          properties: { key: { $ref: '#/components/schemas/Key' } },
        },
        Key: { type: 'string' },
      },
    },
  };
  const of = (more: JsonObject) =>
    deriveInterface(openapiOf([{ template: PUT, operation: { ...operation, ...more } }], root)).calls[0];
  expect(of({})).to.not.have.property('model');
  expect(of({})?.required).to.deep.equal([]);
  const enforced = of({ 'x-amazon-apigateway-request-validator': 'all' });
  expect(enforced?.required).to.deep.equal([{ from: 'header', name: 'tenant' }]);
  expect(enforced?.model).to.deep.equal({
    type: 'object',
    required: ['key'],
    properties: { key: { type: 'string' } },
  });
});

test('preflights, and the allowed origin on answers', () => {
  const header = 'method.response.header.Access-Control-Allow-Origin';
  const cors = (value: string) => ({
    responses: { default: { statusCode: '200', responseParameters: { [header]: value } } },
  });
  const { calls } = deriveInterface(
    openapiOf([
      { template: PUT, integration: cors("'*'") },
      { verb: 'options', integration: { type: 'mock', uri: '', ...cors("'https://example.org'") } },
    ]),
  );
  expect(calls.map((call) => call.cors)).to.deep.equal([
    { preflight: true, preflightOrigin: 'https://example.org', answerOrigin: '*' },
  ]);
});

test('media types with a template, and those that are passed through', () => {
  const of = (passthroughBehavior: string, template?: string) =>
    callOf({ ...(template && { template }), integration: { passthroughBehavior } });
  expect(of('never', PUT)).to.deep.include({ contentTypes: ['application/json'], passthrough: false });
  expect(of('when_no_match', PUT).passthrough).to.equal(true);
  expect(of('when_no_templates', PUT).passthrough).to.equal(false);
  expect(of('when_no_templates')).to.deep.include({ contentTypes: [], passthrough: true });
});

test('a method that cannot be read is an undetermined call', () => {
  const call = callOf({ integration: { requestTemplates: { 'application/json': { 'Fn::Sub': '{}' } } } });
  expect(call.undetermined).to.deep.equal([
    { what: 'integration', why: 'the template for application/json is not a string' },
  ]);
});

test('a reference that nothing substitutes in a URI is named, with the remedy', () => {
  const uri = (region: string) => `arn:aws:apigateway:${region}:kinesis:action/PutRecord`;
  const { action, undetermined } = callOf({ template: PUT, integration: { uri: uri('${AWS::Region}') } });
  expect(action).to.equal('PutRecord');
  expect(undetermined).to.deep.equal([
    {
      what: 'integration',
      why: 'nothing substitutes ${AWS::Region} in its URI; write the URI with Fn::Sub (!Sub), or write the value itself',
    },
  ]);
  const ofStage = callOf({ template: PUT, integration: { uri: uri('${stageVariables.region}') } });
  expect(ofStage.undetermined.map(({ why }) => why).join()).to.not.include('substitutes');
});

test('a template that changes the body stores the changed value', () => {
  const call = callOf({
    template: `#set($b = $input.path('$'))#set($b.Data = "stamped")
{"StreamName": "s", "Data": "$util.base64Encode($input.json('$.Data'))", "PartitionKey": "$input.path('$.key')"}`,
  });
  expect(call).to.deep.include({ data: { fixed: '"stamped"' }, stored: 'fixed' });
  expect(call.partitionKey).to.deep.equal({ from: 'body', at: '/key' });
});

test('binary bodies, and methods that do not call Kinesis', () => {
  const lambda = {
    type: 'aws_proxy',
    uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations',
  };
  const { calls, weak } = deriveInterface(
    openapiOf([{ template: PUT }, { path: '/admin', integration: lambda }], {
      'x-amazon-apigateway-binary-media-types': ['*/*'],
    }),
  );
  expect(calls.map(({ path }) => path)).to.deep.equal(['/events']);
  expect(weak.map(({ what }) => what)).to.include('binary bodies');
});
