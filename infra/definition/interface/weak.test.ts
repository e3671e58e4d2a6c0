import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { callOf, interfaceOf, openapiOf } from './testing.ts';

const MAPPED = {
  default: { statusCode: '200' },
  '400': { statusCode: '400' },
  '5\\d{2}': { statusCode: '502' },
};
const STATUSES = { '200': { description: '' }, '400': { description: '' }, '502': { description: '' } };

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
    `unescaped value: PartitionKey: an apostrophe in it is printed as \\', which JSON does not know; put .replaceAll("\\\\'", "'") behind $util.escapeJavaScript`,
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

test('a value whose pattern a validator enforces needs no escaping, in a list either', () => {
  const weakWith = (pattern: string) => {
    const element = { type: 'object', required: ['id'], properties: { id: { type: 'string', pattern } } };
    const schema = {
      type: 'object',
      required: ['events'],
      properties: { events: { type: 'array', items: element } },
    };
    const method = {
      action: 'PutRecords',
      template: `{"StreamName": "s", "Records": [#foreach($e in $input.path('$.events')){"Data": "$util.base64Encode($input.json("$.events[$foreach.index]"))", "PartitionKey": "$e.id"}#if($foreach.hasNext),#end#end]}`,
      operation: {
        'x-amazon-apigateway-request-validator': 'all',
        requestBody: { required: true, content: { 'application/json': { schema } } },
      },
    };
    const { weak } = deriveInterface(
      openapiOf([method], {
        'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true } },
      }),
    );
    return weak.filter(({ what }) => what === 'unescaped value').map(({ why, clauses }) => [why, clauses]);
  };
  expect(weakWith('^[0-9a-f]{8}$')).to.deep.equal([]);
  expect(weakWith('^[\\w"]+$')).to.deep.equal([
    ['a quote in it is not escaped, and a value can add members to the request', ['SAFE-7', 'SAFE-10']],
  ]);
  expect(weakWith('^[\\w\\s]+$')).to.deep.equal([['a line break in it is not escaped', ['SAFE-7']]]);
  expect(weakWith('[0-9a-f]{8}')).to.have.length(1);
});

test('what a model makes a number or a boolean is no object, and hides no text that lacks escaping', () => {
  const weakWith = (member: JsonObject, text: string, isEnforced = true) => {
    const properties = { id: { type: 'string' }, n: member };
    const schema = { type: 'object', required: ['id', 'n'], properties };
    const method = {
      template: `#set($id = ${text})#set($line = "{""id"":""$id"",""n"":$input.path('$.n')}")
{"StreamName": "s", "Data": "$util.base64Encode($line)", "PartitionKey": "$context.requestId"}`,
      operation: {
        ...(isEnforced && { 'x-amazon-apigateway-request-validator': 'all' }),
        requestBody: { required: true, content: { 'application/json': { schema } } },
      },
    };
    const { weak } = deriveInterface(
      openapiOf([method], {
        'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true } },
      }),
    );
    return weak
      .filter(({ what }) => /^(?:unescaped value|text that is not JSON)$/.test(what))
      .map(({ what, clauses = [] }) => `${what} ${clauses}`);
  };
  const escaped = `$util.escapeJavaScript($input.path('$.id')).replaceAll("\\\\'", "'")`;
  for (const type of ['integer', 'number', 'boolean', ['integer', 'null']]) {
    expect(weakWith({ type }, escaped), String(type)).to.deep.equal([]);
    expect(weakWith({ type }, "$input.path('$.id')"), String(type)).to.deep.equal(['unescaped value SAFE-6']);
  }
  for (const member of [{}, { type: 'object' }, { type: ['integer', 'array'] }] as JsonObject[])
    expect(weakWith(member, escaped), JSON.stringify(member)).to.deep.equal(['text that is not JSON SAFE-6']);
  expect(weakWith({ type: 'integer' }, escaped, false)).to.deep.equal(['text that is not JSON ']);
});

test('a number that a template calculates with hides nothing in another value', () => {
  const template = (key: string) =>
    `#set($i = 0)#set($n = $i.parseInt($input.params('n')) + 1){${FIXED}, "ExplicitHashKey": "$n", "PartitionKey": "${key}"}`;
  const of = (key: string) => weakOf(template(key)).filter((text) => text.startsWith('unescaped'));
  expect(of(`$util.escapeJavaScript($input.path('$.k')).replaceAll("\\\\'", "'")`)).to.deep.equal([]);
  expect(of("$input.path('$.k')")).to.have.length(1);
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

test('iterators at the end only are a weakness that breaks no clause', () => {
  const weakWith = (type: string) =>
    interfaceOf({
      action: 'GetShardIterator',
      template: `{"StreamName": "s", "ShardId": "shardId-000000000000", "ShardIteratorType": "${type}"}`,
    }).weak.filter(({ what }) => what === 'iterators at the end only');
  expect(weakWith('LATEST').map(({ clauses }) => clauses)).to.deep.equal([[]]);
  expect(weakWith('TRIM_HORIZON')).to.deep.equal([]);
});

test('of a value in two members the one that is not escaped is named', () => {
  const safe = `"PartitionKey": "$util.escapeJavaScript($input.path('$.id')).replaceAll("\\\\'", "'")"`;
  const inBoth = `{"StreamName": "s", "Data": "$util.base64Encode("{""id"":""$input.path('$.id')""}")", ${safe}}`;
  expect(weakOf(inBoth).filter((text) => text.startsWith('unescaped'))).to.deep.equal([
    'unescaped value: Data: a quote, a backslash or a line break in it is not escaped',
  ]);
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
    'partly stored batch as success': 1,
    "Kinesis's text of refused records": 1,
    'list without paging': 1,
    'unescaped value': 11,
    'anonymous writing': 4,
    'text that is not JSON': 1,
  });
});

test('a value that is escaped within stored JSON is known, and so is its key', () => {
  const template = `#set($id = $util.escapeJavaScript($input.params('id')).replaceAll("\\\\'", "'"))
#set($line = "{""id"":""$id""}")
{"StreamName": "s", "Data": "$util.base64Encode($line)", "PartitionKey": "$id"}`;
  const call = callOf({ template, parameters: ['query:id'] });
  expect(call.undetermined).to.deep.equal([]);
  expect(call.data).to.deep.equal({
    template: ['{"id":"', { from: 'query', name: 'id', as: ['escape-json'] }, '"}'],
  });
  expect(weakOf(template).filter((text) => text.startsWith('unescaped'))).to.deep.equal([]);
});

test('a template that cannot be parsed is a weakness, not an unknown', () => {
  const { weak } = interfaceOf({ template: '{"StreamName": "s", #if($x' });
  expect(weak.map(({ what, clauses }) => `${what} ${clauses}`)).to.include('broken template SAFE-5');
});
