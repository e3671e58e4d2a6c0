import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { callOf, interfaceOf, type MethodText, openapiOf } from './testing.ts';
import type { Call, Place } from './types.ts';

const TUTORIAL = readYaml(
  readFileSync(new URL('../../proxy/tutorial.yaml', import.meta.url), 'utf8'),
) as JsonObject;

/** What a call is made of, without what all calls of these tests share. */
function shape(call: Call | undefined) {
  const {
    contentType: _,
    errors: _e,
    statuses: _s,
    success: _ok,
    auth: _a,
    apiKeyRequired: _k,
    ...rest
  } = call as Call;
  const { contentTypes: _t, passthrough: _p, required: _r, response: _b, undetermined, ...members } = rest;
  expect(undetermined, `${call?.action}: undetermined`).to.deep.equal([]);
  return members;
}

const STREAM_IN_PATH = { from: 'path', name: 'stream-name' };

test("the tutorial's interface", () => {
  const { calls, absent } = deriveInterface(TUTORIAL);
  expect(absent).to.deep.equal([]);
  expect(calls.map(shape)).to.deep.equal([
    { action: 'ListStreams', method: 'GET', path: '/streams' },
    { action: 'DescribeStream', method: 'GET', path: '/streams/{stream-name}', stream: STREAM_IN_PATH },
    {
      action: 'CreateStream',
      method: 'POST',
      path: '/streams/{stream-name}',
      stream: STREAM_IN_PATH,
      shardCount: { from: 'body', at: '/ShardCount', unquoted: true, whenAbsent: { fixed: 5 } },
    },
    { action: 'DeleteStream', method: 'DELETE', path: '/streams/{stream-name}', stream: STREAM_IN_PATH },
    {
      action: 'PutRecord',
      method: 'PUT',
      path: '/streams/{stream-name}/record',
      stream: STREAM_IN_PATH,
      data: { from: 'body', at: '/Data', as: ['json'] },
      partitionKey: { from: 'body', at: '/PartitionKey' },
      stored: 'json-text',
      key: 'client',
    },
    {
      action: 'PutRecords',
      method: 'PUT',
      path: '/streams/{stream-name}/records',
      stream: STREAM_IN_PATH,
      records: {
        list: { from: 'body', at: '/records' },
        element: {
          data: { from: 'element', at: '/data' },
          partitionKey: { from: 'element', at: '/partition-key' },
        },
      },
      stored: 'text',
      key: 'client',
    },
    {
      action: 'GetRecords',
      method: 'GET',
      path: '/streams/{stream-name}/records',
      iterator: { from: 'header', name: 'Shard-Iterator' },
    },
    {
      action: 'GetShardIterator',
      method: 'GET',
      path: '/streams/{stream-name}/sharditerator',
      stream: STREAM_IN_PATH,
      shardId: { from: 'query', name: 'shard-id' },
      iteratorType: { fixed: 'TRIM_HORIZON' },
    },
  ]);
  for (const call of calls) {
    expect(call).to.deep.include({
      errors: 'as-200',
      auth: 'none',
      passthrough: false,
      response: 'pass-through',
    });
    expect(call.statuses).to.include({ ResourceNotFoundException: 200, InternalFailure: 200 });
  }
});

/** Each: what a template looks like, and what its call is. */
const STYLES: readonly (readonly [string, MethodText | string, Readonly<Record<string, unknown>>])[] = [
  [
    'one fixed stream, the whole body, a generated key',
    '{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$context.requestId"}',
    {
      stream: { fixed: 'clicks' },
      data: { from: 'raw-body' },
      partitionKey: { from: 'context', name: 'requestId' },
      stored: 'whole-body',
      key: 'generated: requestId',
    },
  ],
  [
    'the body as JSON',
    `{"StreamName": "clicks", "Data": "$util.base64Encode($input.json('$'))", "PartitionKey": "1"}`,
    {
      stream: { fixed: 'clicks' },
      data: { from: 'body', at: '', as: ['json'] },
      partitionKey: { fixed: '1' },
      stored: 'whole-body',
      key: 'fixed',
    },
  ],
  [
    'values set before they are printed',
    `#set($data = $util.base64Encode($input.json('$.event')))
#set($inputRoot = $input.path('$'))
{
  "Data": "$data",
  "PartitionKey": "$inputRoot.user.id",
  "StreamName": "$inputRoot.stream"
}`,
    {
      stream: { from: 'body', at: '/stream' },
      data: { from: 'body', at: '/event', as: ['json'] },
      partitionKey: { from: 'body', at: '/user/id' },
      stored: 'json-text',
      key: 'client',
    },
  ],
  [
    'parameters by their group',
    {
      template: `{"StreamName": "$input.params().path.get('stream')",
        "Data": "$util.base64Encode($input.params().querystring.get('data'))",
        "PartitionKey": "$input.params().header.get('X-Key')"}`,
      path: '/{stream}',
    },
    {
      stream: { from: 'path', name: 'stream' },
      data: { from: 'query', name: 'data' },
      partitionKey: { from: 'header', name: 'X-Key' },
      stored: 'text',
      key: 'client',
    },
  ],
  [
    'parameters by their name alone',
    {
      template: `{"StreamName": "$input.params('stream')", "Data": "$util.base64Encode($input.params('d'))",
        "PartitionKey": "$util.urlDecode($input.params('X-Key'))"}`,
      parameters: ['header:X-Key', 'query:d'],
      path: '/put/{stream}',
    },
    {
      stream: { from: 'path', name: 'stream' },
      data: { from: 'query', name: 'd' },
      partitionKey: { from: 'header', name: 'X-Key', as: ['url-decoded'] },
      stored: 'text',
      key: 'client',
    },
  ],
  [
    'a parsed body',
    `#set($body = $util.parseJson($input.body))
{"StreamName": "s", "Data": "$util.base64Encode($body.payload.text)", "PartitionKey": "$body.key"}`,
    {
      stream: { fixed: 's' },
      data: { from: 'body', at: '/payload/text' },
      partitionKey: { from: 'body', at: '/key' },
      stored: 'text',
      key: 'client',
    },
  ],
  [
    'base64 of the client',
    `{"StreamName": "s", "Data": "$input.path('$.Data')", "PartitionKey": "$input.path('$.PartitionKey')"}`,
    {
      stream: { fixed: 's' },
      data: { from: 'body', at: '/Data', as: ['base64-decoded'] },
      partitionKey: { from: 'body', at: '/PartitionKey' },
      stored: 'decoded-base64',
      key: 'client',
    },
  ],
  [
    'JSON printed where JSON belongs',
    `{"StreamName": $input.json('$.stream'), "Data": $input.json('$.data'), "PartitionKey": $input.json('$.key')}`,
    {
      stream: { from: 'body', at: '/stream' },
      data: { from: 'body', at: '/data', as: ['base64-decoded'] },
      partitionKey: { from: 'body', at: '/key' },
      stored: 'decoded-base64',
      key: 'client',
    },
  ],
  [
    'a text built of several values, with a line end',
    `#set($q = '"')
#set($line = "{$q.concat('id'):$input.json('$.id'),$q.concat('ip'):$q$context.identity.sourceIp$q}
")
{"StreamName": "s", "Data": "$util.base64Encode($line)", "PartitionKey": "$input.path('$.id')"}`,
    {
      stream: { fixed: 's' },
      data: {
        template: [
          '{"id:',
          { from: 'body', at: '/id', as: ['json'] },
          ',"ip:"',
          { from: 'context', name: 'identity.sourceIp' },
          '"}\n',
        ],
      },
      partitionKey: { from: 'body', at: '/id' },
      stored: 'template',
      key: 'client',
    },
  ],
  [
    'a text built without escaping, whose value is the key as well',
    `{"StreamName": "s", "Data": "$util.base64Encode("{""id"":""$input.path('$.id')""}")", "PartitionKey": "$input.path('$.id')"}`,
    {
      stream: { fixed: 's' },
      data: { template: ['{"id":"', { from: 'body', at: '/id' }, '"}'] },
      partitionKey: { from: 'body', at: '/id' },
      stored: 'template',
      key: 'client',
    },
  ],
  [
    'escaped for JavaScript, and mended',
    `{"StreamName": "s", "Data": "$util.base64Encode($util.escapeJavaScript($input.json('$.d')))",
      "PartitionKey": "$util.escapeJavaScript($input.path('$.k')).replaceAll("\\\\'", "'")"}`,
    {
      stream: { fixed: 's' },
      data: { from: 'body', at: '/d', as: ['json', 'escape-javascript'] },
      partitionKey: { from: 'body', at: '/k' },
      stored: 'json-text',
      key: 'client',
    },
  ],
  [
    'a key of the client, or else a generated one',
    `#set($key = $input.path('$.key'))
{"StreamName": "s", "Data": "$util.base64Encode($input.json('$.d'))",
 "PartitionKey": "#if($key && $key != '')$key#{else}$context.requestId#end"}`,
    {
      stream: { fixed: 's' },
      data: { from: 'body', at: '/d', as: ['json'] },
      partitionKey: { from: 'body', at: '/key', whenAbsent: { from: 'context', name: 'requestId' } },
      stored: 'json-text',
      key: 'client or generated: requestId',
    },
  ],
  [
    "a stream named by its prefix and the client's tenant, and a hash key",
    `{"StreamName": "events-$input.params('tenant')-v1", "Data": "$util.base64Encode($input.body)",
      "PartitionKey": "$context.extendedRequestId", "ExplicitHashKey": "$input.params('hash')"}`,
    {
      stream: { template: ['events-', { from: 'query', name: 'tenant' }, '-v1'] },
      data: { from: 'raw-body' },
      partitionKey: { from: 'context', name: 'extendedRequestId' },
      explicitHashKey: { from: 'query', name: 'hash' },
      stored: 'whole-body',
      key: 'generated: extendedRequestId',
    },
  ],
  [
    'a stream by its ARN',
    `{"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$context.authorizer.claims.sub"}`,
    {
      stream: { fixed: 'clicks' },
      data: { from: 'raw-body' },
      partitionKey: { from: 'context', name: 'authorizer.claims.sub' },
      stored: 'whole-body',
      key: 'generated: authorizer.claims.sub',
    },
  ],
  [
    'the first element of a list',
    `#set($first = $input.path('$')[0])
{"StreamName": "s", "Data": "$util.base64Encode($first.data)", "PartitionKey": "$first.key"}`,
    {
      stream: { fixed: 's' },
      data: { from: 'body', at: '/0/data' },
      partitionKey: { from: 'body', at: '/0/key' },
      stored: 'text',
      key: 'client',
    },
  ],
  [
    "Kinesis's own request, of the client",
    { integration: { passthroughBehavior: 'when_no_match' } },
    {
      stream: { from: 'body', at: '/StreamName', whenAbsent: 'omitted' },
      data: { from: 'body', at: '/Data', as: ['base64-decoded'], whenAbsent: 'omitted' },
      partitionKey: { from: 'body', at: '/PartitionKey', whenAbsent: 'omitted' },
      explicitHashKey: { from: 'body', at: '/ExplicitHashKey', whenAbsent: 'omitted' },
      others: {
        StreamARN: { from: 'body', at: '/StreamARN', whenAbsent: 'omitted' },
        SequenceNumberForOrdering: { from: 'body', at: '/SequenceNumberForOrdering', whenAbsent: 'omitted' },
        DryRun: { from: 'body', at: '/DryRun', whenAbsent: 'omitted' },
      },
      stored: 'decoded-base64',
      key: 'client',
    },
  ],
  [
    'a form',
    {
      integration: {
        requestTemplates: {
          'text/plain':
            '{"StreamName":"s","Data":"$util.base64Encode($input.body)","PartitionKey":"$context.requestId"}',
        },
      },
    },
    {
      stream: { fixed: 's' },
      data: { from: 'raw-body' },
      partitionKey: { from: 'context', name: 'requestId' },
      stored: 'whole-body',
      key: 'generated: requestId',
    },
  ],
  [
    'an action by its target header',
    {
      template: `{"StreamName":"s","Data":"$util.base64Encode($input.body)","PartitionKey":"k"}`,
      integration: {
        uri: 'arn:aws:apigateway:us-east-1:kinesis:path//',
        requestParameters: { 'integration.request.header.X-Amz-Target': "'Kinesis_20131202.PutRecord'" },
      },
    },
    {
      stream: { fixed: 's' },
      data: { from: 'raw-body' },
      partitionKey: { fixed: 'k' },
      stored: 'whole-body',
      key: 'fixed',
    },
  ],
];

for (const [name, style, expected] of STYLES) {
  test(`PutRecord: ${name}`, () => {
    const method = typeof style === 'string' ? { template: style } : style;
    const { action, method: verb, path, ...members } = shape(callOf(method));
    expect([action, verb, path]).to.deep.equal(['PutRecord', 'POST', method.path ?? '/events']);
    expect(members).to.deep.equal(expected);
  });
}

const element = (at: string, rest: object = {}): Place => ({ from: 'element', at, ...rest }) as Place;

const BATCHES: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  [
    'a loop over a member',
    `{"StreamName": "s", "Records": [#foreach($r in $input.path('$.records')){"Data": "$util.base64Encode($r.data)", "PartitionKey": "$r.key"}#if($foreach.hasNext),#end#end]}`,
    {
      records: {
        list: { from: 'body', at: '/records' },
        element: { data: element('/data'), partitionKey: element('/key') },
      },
      stored: 'text',
      key: 'client',
    },
  ],
  [
    'a loop over the body, elements as they are',
    `#set($all = $input.path('$'))
{"Records": [#foreach($e in $all)#set($i = $foreach.index)
  {"Data": "$util.base64Encode($input.json("$[$i]"))", "PartitionKey": "$e.id"}#if($foreach.hasNext),#end
#end], "StreamName": "s"}`,
    {
      records: {
        list: { from: 'body', at: '' },
        element: { data: element('', { as: ['json'] }), partitionKey: element('/id') },
      },
      stored: 'json-text',
      key: 'client',
    },
  ],
  [
    'texts, and a key for all',
    `{"Records": [#foreach($e in $input.path('$.events')){"Data": "$util.base64Encode($e)", "PartitionKey": "$context.requestId"}#if($velocityHasNext),#end#end], "StreamName": "s"}`,
    {
      records: {
        list: { from: 'body', at: '/events' },
        element: { data: element(''), partitionKey: { from: 'context', name: 'requestId' } },
      },
      stored: 'text',
      key: 'generated: requestId',
    },
  ],
  [
    'a key outside of the list',
    `{"Records": [#foreach($e in $input.path('$.a.b')){"Data": "$e.d", "PartitionKey": "$input.path('$.user')"}#if($foreach.hasNext),#end#end], "StreamName": "s"}`,
    {
      records: {
        list: { from: 'body', at: '/a/b' },
        element: {
          data: element('/d', { as: ['base64-decoded'] }),
          partitionKey: { from: 'body', at: '/user' },
        },
      },
      stored: 'decoded-base64',
      key: 'client',
    },
  ],
  [
    "Kinesis's own list, of the client",
    `{"StreamName": "s", "Records": $input.json('$.records')}`,
    {
      records: {
        list: { from: 'body', at: '/records' },
        element: {
          data: element('/Data', { as: ['base64-decoded'], whenAbsent: 'omitted' }),
          partitionKey: element('/PartitionKey', { whenAbsent: 'omitted' }),
          explicitHashKey: element('/ExplicitHashKey', { whenAbsent: 'omitted' }),
        },
      },
      stored: 'decoded-base64',
      key: 'client',
    },
  ],
  [
    'one record that the template writes',
    `{"StreamName": "s", "Records": [{"Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}]}`,
    {
      records: { written: [{ data: { from: 'raw-body' }, partitionKey: { fixed: 'k' } }] },
      stored: 'whole-body',
      key: 'fixed',
    },
  ],
];

for (const [name, template, expected] of BATCHES) {
  test(`PutRecords: ${name}`, () => {
    const { action, method, path, stream, ...members } = shape(callOf({ action: 'PutRecords', template }));
    expect({ action, method, path, stream }).to.deep.equal({
      action: 'PutRecords',
      method: 'POST',
      path: '/events',
      stream: { fixed: 's' },
    });
    expect(members).to.deep.equal(expected);
  });
}

test('members that only some types of iterator have', () => {
  const call = callOf({
    action: 'GetShardIterator',
    verb: 'get',
    path: '/{s}/iterator',
    template: `#set($type = $input.params('type'))
{"StreamName": "$input.params('s')", "ShardId": "$input.params('shard')", "ShardIteratorType": "#if($type == '')TRIM_HORIZON#{else}$type#end"
#if($type == 'AT_TIMESTAMP'), "Timestamp": $input.params('at')#end
#if($type == 'AT_SEQUENCE_NUMBER' || $type == 'AFTER_SEQUENCE_NUMBER'), "StartingSequenceNumber": "$input.params('seq')"#end}`,
  });
  const input = { from: 'query', name: 'type' };
  expect(call.iteratorType).to.deep.equal({ ...input, whenAbsent: { fixed: 'TRIM_HORIZON' } });
  expect(call.timestamp).to.deep.equal({
    from: 'query',
    name: 'at',
    unquoted: true,
    when: { input, is: ['AT_TIMESTAMP'] },
  });
  expect(call.startingSequenceNumber).to.deep.equal({
    from: 'query',
    name: 'seq',
    when: { input, is: ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] },
  });
});

test('members that are left out with their input', () => {
  const call = callOf({
    action: 'GetRecords',
    verb: 'get',
    template: `{"ShardIterator": "$input.params('it')"#if($input.params('limit') != ''), "Limit": $input.params('limit')#end}`,
  });
  expect(call.limit).to.deep.equal({ from: 'query', name: 'limit', unquoted: true, whenAbsent: 'omitted' });
  expect(call.undetermined).to.deep.equal([]);
});

test('stage variables are their values where the stage is known, and said to be unknown where not', () => {
  const template =
    '{"StreamName": "${stageVariables.stream}", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}';
  const known = callOf(
    { template: template.replace('${stageVariables.stream}', '$stageVariables.stream') },
    { variables: { stream: 'clicks' } },
  );
  expect(known.stream).to.deep.equal({ fixed: 'clicks' });
  const unknown = callOf({ template });
  expect(unknown.stream).to.deep.equal({ from: 'stage-variable', name: 'stream' });
  expect(unknown.undetermined.map(({ what }) => what)).to.deep.equal(['$stageVariables.stream']);
});

test('what does not follow from the inputs is said', () => {
  const [reversed, none] = [
    `{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.path('$.key').substring(0, 4)"}`,
    'no JSON at all',
  ].map((template) => callOf({ template }));
  expect(none?.undetermined).to.deep.equal([
    { what: 'request', why: 'what it renders is not a JSON object: no JSON at all' },
  ]);
  expect(reversed?.undetermined.map(({ what }) => what)).to.deep.equal(['PartitionKey']);
});

test('a definition of puts lacks the other six; several methods of one action are several calls', () => {
  const puts = openapiOf([
    { template: '{"StreamName":"a"}' },
    { template: '{"StreamName":"b"}', path: '/other' },
    { action: 'PutRecords', template: '{}', path: '/batch' },
    { path: '/hello', integration: { type: 'mock', uri: '' } },
  ]);
  const { calls, absent } = deriveInterface(puts);
  expect(calls.map(({ path }) => path)).to.deep.equal(['/events', '/other', '/batch']);
  expect(absent).to.deep.equal([
    'ListStreams',
    'DescribeStream',
    'CreateStream',
    'DeleteStream',
    'GetShardIterator',
    'GetRecords',
  ]);
  expect(interfaceOf({ template: '{}' }).source).to.equal('derived');
});
