import { test } from 'node:test';
import { expect } from 'chai';
import type { Json } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { describePlace } from './describe.ts';
import { readInterface, writeInterface } from './file.ts';
import { hasFeature } from './offers.ts';
import { callOf, interfaceOf, type MethodText, openapiOf } from './testing.ts';
import type { Call } from './types.ts';

/** Fixed values that depend on whether an input is given. */

const iterator = (start: string, more: Partial<MethodText> = {}): MethodText => ({
  action: 'GetShardIterator',
  verb: 'get',
  path: '/iterator',
  parameters: ['query:after', 'query:at'],
  template: `{"StreamName": "s", "ShardId": "shardId-000000000000", ${start}}`,
  ...more,
});
const AFTER = `"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": "$util.escapeJavaScript($input.params('after'))"`;
const OLDEST = '"ShardIteratorType": "TRIM_HORIZON"';
const after = { from: 'query', name: 'after' } as const;
const CHOSEN = { fixed: 'AFTER_SEQUENCE_NUMBER', given: after, whenAbsent: { fixed: 'TRIM_HORIZON' } };

/** Idioms of "is there an `after`?". */
const IDIOMS: Readonly<Record<string, MethodText>> = {
  'not empty': iterator(`#if($input.params('after') != "")${AFTER}#else${OLDEST}#end`),
  'empty, in a variable': iterator('', {
    template: `#set($k = $input.params('after')){"StreamName": "s", "ShardId": "shardId-000000000000", #if($k == "")${OLDEST}#else${AFTER}#end}`,
  }),
  'the parameters as a map': iterator(
    `#if($input.params().querystring.containsKey('after'))${AFTER}#else${OLDEST}#end`,
  ),
};

for (const [name, method] of Object.entries(IDIOMS))
  test(`a fixed value that depends on an input, asked by: ${name}`, () => {
    const call = callOf(method);
    expect(call.undetermined).to.deep.equal([]);
    expect(call.iteratorType).to.deep.equal(CHOSEN);
    expect(call.startingSequenceNumber).to.deep.equal({ ...after, whenAbsent: 'omitted' });
    expect(hasFeature(call, 'restart')).to.equal(true);
  });

test('it is described, and written and read back', () => {
  const derived = interfaceOf(iterator(`#if($input.params('after') != "")${AFTER}#else${OLDEST}#end`));
  expect(describePlace(derived.calls[0]?.iteratorType ?? { fixed: '' })).to.equal(
    'AFTER_SEQUENCE_NUMBER if ?after is given, or TRIM_HORIZON',
  );
  expect(readInterface(writeInterface(derived), 'mine.yaml').calls).to.deep.equal(derived.calls);
});

const AT = `"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": "$input.params('at')"`;

/** Further members and inputs: the field of the call, and its place. */
const KINDS: readonly (readonly [string, MethodText, (call: Call) => unknown, Json])[] = [
  [
    'one input after the other',
    iterator(
      `#if($input.params('after') != "")${AFTER}#elseif($input.params('at') != "")${AT}#else${OLDEST}#end`,
    ),
    (call) => call.iteratorType,
    {
      ...CHOSEN,
      whenAbsent: {
        fixed: 'AT_SEQUENCE_NUMBER',
        given: { from: 'query', name: 'at' },
        whenAbsent: { fixed: 'TRIM_HORIZON' },
      },
    },
  ],
  [
    'what a client chooses otherwise',
    iterator(`#if($input.params('after') != "")${AFTER}#else"ShardIteratorType": "$input.params('at')"#end`),
    (call) => call.iteratorType,
    { ...CHOSEN, whenAbsent: { from: 'query', name: 'at' } },
  ],
  [
    'a member that is left out, of which the input reaches Kinesis nowhere',
    iterator(`${OLDEST} #if($input.params('at') != ''), "DryRun": true#end`),
    (call) => call.others?.DryRun,
    { fixed: true, given: { from: 'query', name: 'at' }, whenAbsent: 'omitted' },
  ],
  [
    'a stream',
    {
      template: `{"StreamName": "#if($input.params('X-Test') != '')trial#{else}live#end", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
    },
    (call) => call.stream,
    { fixed: 'trial', given: { from: 'header', name: 'X-Test' }, whenAbsent: { fixed: 'live' } },
  ],
  [
    'a stream in an ARN, by a member of the body',
    {
      template: `{"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/#if($input.path('$.test') != '')trial#{else}live#end", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
    },
    (call) => call.stream,
    { fixed: 'trial', given: { from: 'body', at: '/test' }, whenAbsent: { fixed: 'live' } },
  ],
  [
    'data',
    {
      parameters: ['query:up'],
      template: `{"StreamName": "s", "Data": "#if($input.params('up') != '')$util.base64Encode('up')#{else}$util.base64Encode('down')#end", "PartitionKey": "k"}`,
    },
    (call) => call.data,
    { fixed: 'up', given: { from: 'query', name: 'up' }, whenAbsent: { fixed: 'down' } },
  ],
  [
    'the keys of a batch, by a member of each element',
    {
      action: 'PutRecords',
      template: `{"StreamName": "s", "Records": [#foreach($e in $input.path('$.events')){"Data": "$util.base64Encode($e.text)", "PartitionKey": "#if($e.urgent && $e.urgent != '')first#{else}second#end"}#if($foreach.hasNext),#end#end]}`,
    },
    (call) => call.records && 'list' in call.records && call.records.element.partitionKey,
    { fixed: 'first', given: { from: 'element', at: '/urgent' }, whenAbsent: { fixed: 'second' } },
  ],
];

for (const [name, method, field, place] of KINDS)
  test(`a fixed value that depends on an input: ${name}`, () => {
    const call = callOf(method);
    expect(field(call)).to.deep.equal(place);
    expect(call.undetermined).to.deep.equal([]);
    const derived = interfaceOf(method);
    expect(readInterface(writeInterface(derived), 'mine.yaml').calls).to.deep.equal(derived.calls);
  });

test('an input that a validator demands is never left out', () => {
  const template = `{"StreamName": "s", "ShardId": "0", #if($input.params('after') != "")${AFTER}#else${OLDEST}#end}`;
  const openapi = openapiOf(
    [
      iterator('', {
        template,
        operation: {
          parameters: [{ name: 'after', in: 'query', required: true, schema: { type: 'string' } }],
          'x-amazon-apigateway-request-validator': 'all',
        },
      }),
    ],
    { 'x-amazon-apigateway-request-validators': { all: { validateRequestParameters: true } } },
  );
  const [call] = deriveInterface(openapi).calls;
  expect(call?.iteratorType).to.deep.equal({ fixed: 'AFTER_SEQUENCE_NUMBER' });
});

/** What one place cannot hold is told, instead of taken for what it is with all inputs. */
const UNCLEAR: readonly (readonly [string, string])[] = [
  [
    `#if($input.params('after') != "" && $input.params('at') != "")${AFTER}#else${OLDEST}#end`,
    'it is different without query:at',
  ],
  [
    `#if($input.params('after') != "" || $input.params('at') != "")${AFTER}#else${OLDEST}#end`,
    'it is different without query:after, query:at',
  ],
];
for (const [start, why] of UNCLEAR)
  test(`unclear: ${why}`, () => {
    expect(callOf(iterator(start)).undetermined).to.deep.include({
      what: 'ShardIteratorType',
      why,
      sometimes: true,
    });
  });

test('a member that is there only without an input is told', () => {
  const { undetermined } = callOf(
    iterator(`#if($input.params('after') != "")${AFTER}#else${OLDEST}, "Timestamp": 1#end`),
  );
  expect(undetermined).to.deep.equal([
    { what: 'Timestamp', why: 'it is there only without query:after', sometimes: true },
  ]);
});
