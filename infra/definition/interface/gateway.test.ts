import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { callOf, interfaceOf, openapiOf } from './testing.ts';

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

/** Each weak point as `what: member`, without those of errors and of access. */
function weakOf(template: string, action = 'PutRecord', more: JsonObject = {}) {
  const { weak } = interfaceOf({
    action,
    template,
    integration: { responses: MAPPED, ...more },
    operation: { responses: STATUSES },
  });
  return weak
    .filter(({ clauses = [] }) => !clauses.some((id) => /^SAFE-(?:2|3|14)$/.test(id)))
    .map(({ what, where, why }) => `${what}${where.replace('POST /events', '')}: ${why}`);
}

const FIXED = '"StreamName": "s", "Data": "$util.base64Encode($input.body)"';

test('unescaped values', () => {
  const breaks =
    'a quote, a backslash or a line break in it is not escaped, and a value can add members to the request';
  expect(weakOf(`{${FIXED}, "PartitionKey": "$input.path('$.k')"}`)).to.deep.equal([
    `unescaped value: PartitionKey: ${breaks}`,
  ]);
  expect(weakOf(`{${FIXED}, "PartitionKey": $input.json('$.k')}`)).to.deep.equal([]);
  expect(weakOf(`{${FIXED}, "PartitionKey": "$util.escapeJavaScript($input.path('$.k'))"}`)).to.deep.equal([
    'unescaped value: PartitionKey: an apostrophe in it is not escaped',
  ]);
  expect(
    weakOf(
      `{${FIXED}, "PartitionKey": "$util.escapeJavaScript($input.path('$.k')).replaceAll("\\\\'", "'")"}`,
    ),
  ).to.deep.equal([]);
  expect(
    weakOf(`{"StreamName": $input.json('$.s'), "ShardCount": $input.path('$.n')}`, 'CreateStream'),
  ).to.deep.equal(['unescaped value: ShardCount: a value outside of quotes can add members to the request']);
  const inData = `{"StreamName": "s", "Data": "$util.base64Encode("{""id"":""$input.path('$.id')""}")", "PartitionKey": "$context.requestId"}`;
  expect(weakOf(inData).filter((text) => text.startsWith('unescaped'))).to.deep.equal([
    'unescaped value: Data: a quote, a backslash or a line break in it is not escaped',
  ]);
});

test('errors as success, anonymous writing, pass-through, a fixed key, texts of Java', () => {
  const template = `{"StreamName": "s", "Data": "$util.base64Encode($input.path('$.event'))", "PartitionKey": "1"}`;
  const { weak } = interfaceOf({ template, integration: { passthroughBehavior: 'when_no_match' } });
  expect(weak.map(({ what }) => what)).to.deep.equal([
    'errors as success',
    "Kinesis's own text",
    'anonymous writing',
    'pass-through',
    'fixed key',
    'text that is not JSON',
  ]);
  expect(weakOf('{}', 'ListStreams').map((text) => text.split(':')[0])).to.deep.equal([
    'list without paging',
  ]);
  expect(weakOf(`{"ExclusiveStartStreamName": $input.json('$.after')}`, 'ListStreams')).to.deep.equal([]);
});

test('a key of the position alone, and not one with the request before it', () => {
  const positions = (key: string) =>
    weakOf(
      `{"StreamName": "s", "Records": [#foreach($e in $input.path('$'))#if($foreach.index > 0),#end{"Data": "$util.base64Encode($e)", "PartitionKey": "${key}"}#end]}`,
      'PutRecords',
    ).filter((text) => text.startsWith('key of the position'));
  expect(positions('$foreach.index')).to.have.length(1);
  expect(positions('${context.stage}-$foreach.count')).to.have.length(1);
  expect(positions('${context.requestId}-$foreach.index')).to.deep.equal([]);
});

test("the tutorial's weak points", () => {
  const file = new URL('../../proxy/tutorial.yaml', import.meta.url);
  const { weak } = deriveInterface(readYaml(readFileSync(file, 'utf8')) as JsonObject);
  const counted = Object.entries(Object.groupBy(weak, ({ what }) => what)).map(([what, all]) => [
    what,
    all?.length,
  ]);
  expect(Object.fromEntries(counted)).to.deep.equal({
    'errors as success': 8,
    "Kinesis's own text": 8,
    'list without paging': 1,
    'unescaped value': 11,
    'anonymous writing': 4,
    'text that is not JSON': 1,
  });
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
