import { test } from 'node:test';
import { expect } from 'chai';
import { deriveInterface } from './derive.ts';
import { interfaceOf, type MethodText, openapiOf } from './testing.ts';

const VALIDATORS = { 'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true } } };

/** What each weakness of these kinds says, as `what [clauses]: why`. */
function weakOf(method: MethodText, kinds: RegExp): string[] {
  return interfaceOf(method)
    .weak.filter(({ what }) => kinds.test(what))
    .map(({ what, why, clauses = [] }) => `${what} [${clauses.join(' ')}]: ${why}`);
}

const PUT = '"StreamName": "s", "Data": "$util.base64Encode($input.body)"';
const LIST = (element: string, end: string) =>
  `{"StreamName": "s", "Records": [#foreach($e in $input.path('$.all'))${element}${end}#end]}`;
const ELEMENT = `{"Data": "$util.base64Encode($e.data)", "PartitionKey": "$util.escapeJavaScript($e.key)"}`;
const answer = (template: string, more = {}) => ({
  integration: {
    responses: {
      default: { statusCode: '200', responseTemplates: { 'application/json': template } },
      ...more,
    },
  },
});

test('commas of a loop', () => {
  const of = (end: string) =>
    weakOf({ action: 'PutRecords', template: LIST(ELEMENT, end) }, /commas|unescaped/);
  expect(of('')).to.deep.equal([
    'commas [SAFE-5 SAFE-9]: what the template renders is not JSON, since it lacks a comma; put #if($foreach.hasNext),#end behind each element',
  ]);
  expect(of(',').join()).to.include('has a comma behind the last one');
  expect(of('#if($foreach.hasNext),#end').join()).to.not.include('commas');
});

test('elements of another place', () => {
  const at = (index: string) =>
    `{"Data": "$util.base64Encode($input.json("$.all[${index}].data"))", "PartitionKey": "$util.escapeJavaScript($e.key)"}#if($foreach.hasNext),#end`;
  const of = (index: string) =>
    weakOf({ action: 'PutRecords', template: LIST(at(index), '') }, /not like their place/);
  expect(of('0').join()).to.match(/^elements .* \[SAFE-5 SAFE-9\]: Data is not that of its own element/);
  expect(of('$foreach.index')).to.deep.equal([]);
});

test('a text outside quotes', () => {
  const of = (key: string) => weakOf({ template: `{${PUT}, "PartitionKey": ${key}}` }, /outside quotes/);
  expect(of("$input.params('key')")).to.deep.equal([
    'text outside quotes [SAFE-5]: PartitionKey is printed without quotes, and Kinesis takes a text',
  ]);
  expect(of("$input.json('$.key')")).to.deep.equal([]);
});

test('a value that the template changes', () => {
  const template = `{"StreamName": "$util.escapeJavaScript($input.params('s').toLowerCase())", "ShardCount": 1}`;
  expect(weakOf({ action: 'CreateStream', template }, /changed value/)).to.deep.equal([
    "changed value [SAFE-2 SAFE-19]: the client's StreamName is changed to lower case",
  ]);
});

test('members that Kinesis does not take', () => {
  const of = (member: string) =>
    weakOf({ action: 'GetRecords', template: `{"${member}": "$input.params('i')"}` }, /not take/);
  expect(of('Iterator')).to.deep.equal([
    'members that Kinesis does not take [SAFE-17]: the request has Iterator, which GetRecords does not take',
  ]);
  expect(of('ShardIterator')).to.deep.equal([]);
});

test('members that Kinesis does not give', () => {
  const of = (path: string) =>
    weakOf(
      {
        action: 'DescribeStream',
        template: '{"StreamName": "s"}',
        ...answer(`{"is": $input.json('${path}')}`),
      },
      /not give/,
    );
  expect(of('$.StreamDescription.Status')).to.deep.equal([
    "members that Kinesis does not give [SAFE-20]: the response template reads /StreamDescription/Status, which Kinesis's answer to DescribeStream does not have",
  ]);
  expect(of('$.StreamDescription.StreamStatus')).to.deep.equal([]);
  expect(of('$.StreamDescription.Shards[0].ShardId')).to.deep.equal([]);
});

test('the response that a status selects is the one whose members count', () => {
  const of = (success: string, other: string) =>
    weakOf(
      {
        template: '{}',
        integration: {
          responses: {
            '200': {
              statusCode: '200',
              responseTemplates: { 'application/json': `{"a": $input.json('$.${success}')}` },
            },
            default: {
              statusCode: '400',
              responseTemplates: { 'application/json': `{"error": $input.json('$.${other}')}` },
            },
          },
        },
      },
      /not give|errors lack/,
    ).map((text) => text.split(' [')[0]);
  expect(of('ShardId', '__type')).to.deep.equal([]);
  expect(of('__type', '__type')).to.deep.equal(['members that Kinesis does not give']);
  expect(of('ShardId', 'type')).to.deep.equal(["members that Kinesis's errors lack"]);
});

test("members that Kinesis's errors lack", () => {
  const of = (member: string) =>
    weakOf(
      {
        template: '{}',
        ...answer('{}', {
          '4\\d{2}': {
            statusCode: '400',
            responseTemplates: { 'application/json': `{"type": "$input.path('$.${member}')"}` },
          },
        }),
      },
      /errors lack/,
    );
  expect(of('type').join()).to.match(/\[SAFE-2 SAFE-3\]: the response template of errors reads \/type, /);
  expect(of('__type')).to.deep.equal([]);
  expect(of('message')).to.deep.equal([]);
});

test('an answer that is not JSON', () => {
  const of = (end: string) =>
    weakOf(
      {
        action: 'GetRecords',
        template: `{"ShardIterator": "$input.params('i')"}`,
        ...answer(
          `{"all": [#foreach($r in $input.path('$.Records')){"key": "$util.escapeJavaScript($r.PartitionKey)"}${end}#end]}`,
        ),
      },
      /not JSON|in the answer/,
    );
  expect(of(',').join()).to.match(/^answer that is not JSON \[SAFE-17\]: /);
  expect(of('#if($foreach.hasNext),#end')).to.deep.equal([]);
});

test('a key that breaks the answer', () => {
  const of = (key: string) =>
    weakOf(
      {
        action: 'GetRecords',
        template: `{"ShardIterator": "$input.params('i')"}`,
        ...answer(
          `{"all": [#foreach($r in $input.path('$.Records')){"key": ${key}}#if($foreach.hasNext),#end#end]}`,
        ),
      },
      /in the answer/,
    );
  expect(of('"$r.PartitionKey"').join()).to.match(/\[SAFE-17\]: a quote in a record's PartitionKey breaks/);
  expect(of('$input.json("$.Records[$foreach.index].PartitionKey")')).to.deep.equal([]);
});

test('what the definition names and no template reads', () => {
  const of = (template: string, parameters: string[], path = '/events') =>
    weakOf({ template, parameters, path }, /not read/);
  const key = (name: string) =>
    `{${PUT}, "PartitionKey": "$util.escapeJavaScript($input.params('${name}'))"}`;
  expect(of(key('kay'), ['query:key'])).to.deep.equal([
    'named and not read []: the definition names query key for clients, and no template reads it',
  ]);
  expect(of(key('key'), ['query:key'])).to.deep.equal([]);
  expect(of(key('kay'), [], '/events/{key}').join()).to.include('names {key} for clients');
  expect(of(key('key'), ['path:key'], '/events/{key}')).to.deep.equal([]);
  const byMap = (read: string) =>
    `#set($p = $input.params().path){${PUT}, "PartitionKey": "$util.escapeJavaScript(${read})"}`;
  for (const read of ['$p.key', '${p.key}', "$p.get('key')", "$p['key']"])
    expect(of(byMap(read), ['path:key'], '/events/{key}'), read).to.deep.equal([]);
  const loop = (map: string, all: string) =>
    `#set($o = "")#foreach($n in $input.params().${map}.${all}())#set($o = "$o$n;")#end{"StreamName": "s", "PartitionKey": "$context.requestId", "Data": "$util.base64Encode($o)"}`;
  for (const all of ['keySet', 'entrySet', 'values']) {
    expect(of(loop('querystring', all), ['query:key']), all).to.deep.equal([]);
    expect(of(loop('path', all), ['path:key'], '/events/{key}'), all).to.deep.equal([]);
  }
  expect(of(byMap('$p.kay'), ['path:key'], '/events/{key}').join()).to.include('names {key} for clients');
  expect(
    of(`#set($x = $input.params("a", 1 +))${key('kay')}`, ['query:key']),
    'a broken template',
  ).to.deep.equal([]);
});

test('a member of the model that no template reads', () => {
  const of = (...how: Parameters<typeof methodOf>) =>
    deriveInterface(openapiOf([methodOf(...how)], VALIDATORS)).weak.filter(
      ({ what }) => what === 'named and not read',
    );
  const methodOf = (name: string, data = "$input.json('$.data')", before = ''): MethodText => ({
    template: `${before}{"StreamName": "s", "Data": "$util.base64Encode(${data})", "PartitionKey": "$util.escapeJavaScript($input.path('$.${name}'))"}`,
    operation: {
      'x-amazon-apigateway-request-validator': 'all',
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['data', 'key'],
              properties: { data: { type: 'object', properties: { any: {} } }, key: { type: 'string' } },
            },
          },
        },
      },
    },
  });
  expect(of('key')).to.deep.equal([]);
  expect(of('kay').map(({ why }) => why)).to.deep.equal([
    'the definition names body /key for clients, and no template reads it',
  ]);
  // Java's form of a changed object has all of its members.
  expect(of('id', '$b', "#set($b = $input.path('$'))#set($ignored = $b.put('by', 'api'))")).to.deep.equal([]);
});
