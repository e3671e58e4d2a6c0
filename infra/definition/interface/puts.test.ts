import { test } from 'node:test';
import { expect } from 'chai';
import { affixOf, demandedMembers } from './offers.ts';
import { callOf, type MethodText, membersOf } from './testing.ts';

/** Put methods in common template styles. */

/** Each style: its name, the template and the derived call. */
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
    'base64 from the client',
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
    'JSON outside quotes',
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
    'a text of several values, with a newline',
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
    'a text built without escaping, whose value is also the key',
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
    'escaped for JavaScript, with apostrophes corrected',
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
    'a key from the client, or a generated one',
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
    const { action, method: verb, path, ...members } = membersOf(callOf(method));
    expect([action, verb, path]).to.deep.equal(['PutRecord', 'POST', method.path ?? '/events']);
    expect(members).to.deep.equal(expected);
  });
}

test('a stream name of several inputs ends in the one that the client chooses last', () => {
  const streamOf = (name: string) =>
    callOf({
      template: `{"StreamName": "${name}", "Data": "$util.base64Encode($input.body)", "PartitionKey": "1"}`,
      path: '/{team}/{name}',
    }).stream;
  const [team, name] = ["$input.params('team')", "$input.params('name')"];
  expect(affixOf(streamOf(`t-${team}-${name}-x`))).to.deep.equal({ before: 't-kpc-', after: '-x' });
  expect(affixOf(streamOf(`t-${team}`))).to.deep.equal({ before: 't-', after: '' });
  // A client cannot give one input two values, nor choose the gateway's.
  expect(affixOf(streamOf(`${team}-${team}`))).to.equal(undefined);
  expect(affixOf(streamOf(`\${context.stage}-${team}`))).to.equal(undefined);
});

test('a text of several members needs those that the enforced model demands', () => {
  const demandedOf = (required: readonly string[]) =>
    demandedMembers({
      ...callOf({
        template: `{"StreamName": "s", "PartitionKey": "1", "Data": "$util.base64Encode("{""a"":$input.json('$.a'),""b"":$input.json('$.b')}")"}`,
      }),
      model: { type: 'object', required: [...required], properties: { a: {}, b: {} } },
    }).map(({ at }) => at);
  expect(demandedOf(['a'])).to.deep.equal(['/a']);
  expect(demandedOf(['a', 'b'])).to.deep.equal(['/a', '/b']);
  // A model that demands nothing demands too little.
  expect(demandedOf([])).to.deep.equal(['/a', '/b']);
});
