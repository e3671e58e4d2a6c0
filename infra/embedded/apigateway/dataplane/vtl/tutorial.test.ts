import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from './evaluator.ts';
import { createInput } from './input.ts';
import { util } from './util.ts';

/**
 * The goldens of docs/facts/templates.md#the-tutorials-templates: one-line templates of the tutorial's shape, byte for
 * byte.
 */

const CREATE =
  "{ \"ShardCount\": #if($input.path('$.ShardCount') == '') 5 #else $input.path('$.ShardCount') #end, \"StreamName\": \"$input.params('stream-name')\" }";
const PUT =
  '{ "Data": "$util.base64Encode($input.json(\'$.Data\'))", "PartitionKey": "$input.path(\'$.PartitionKey\')" }';
const PUTS =
  '{ "StreamName": "$input.params(\'stream-name\')", "Records": [ #foreach($elem in $input.path(\'$.records\')) { "Data": "$util.base64Encode($elem.data)", "PartitionKey": "$elem.partition-key" }#if($foreach.hasNext),#end #end ] }';
const TWO =
  '{"records":[{"data":"some data","partition-key":"some key"},{"data":"some other data","partition-key":"some key"}]}';

const ROWS: readonly (readonly [name: string, template: string, body: string, expected: string])[] = [
  ['create, no body', CREATE, '', '{ "ShardCount":  5 , "StreamName": "myStream" }'],
  ['create, {}', CREATE, '{}', '{ "ShardCount":  5 , "StreamName": "myStream" }'],
  ['create, null', CREATE, '{"ShardCount":null}', '{ "ShardCount":  5 , "StreamName": "myStream" }'],
  ['create, ""', CREATE, '{"ShardCount":""}', '{ "ShardCount":  5 , "StreamName": "myStream" }'],
  ['create, 2', CREATE, '{"ShardCount":2}', '{ "ShardCount":  2 , "StreamName": "myStream" }'],
  ['create, "2"', CREATE, '{"ShardCount":"2"}', '{ "ShardCount":  2 , "StreamName": "myStream" }'],
  ['create, 0', CREATE, '{"ShardCount":0}', '{ "ShardCount":  0 , "StreamName": "myStream" }'],
  [
    'put',
    PUT,
    '{"Data":"some data","PartitionKey":"some key"}',
    '{ "Data": "InNvbWUgZGF0YSI=", "PartitionKey": "some key" }',
  ],
  ['put, Data missing', PUT, '{"PartitionKey":"k"}', '{ "Data": "IiI=", "PartitionKey": "k" }'],
  ['put, Data 12', PUT, '{"Data":12,"PartitionKey":"k"}', '{ "Data": "MTI=", "PartitionKey": "k" }'],
  ['put, key a"b', PUT, '{"Data":12,"PartitionKey":"a\\"b"}', '{ "Data": "MTI=", "PartitionKey": "a"b" }'],
  [
    'puts, two records',
    PUTS,
    TWO,
    '{ "StreamName": "myStream", "Records": [  { "Data": "c29tZSBkYXRh", "PartitionKey": "some key" },  { "Data": "c29tZSBvdGhlciBkYXRh", "PartitionKey": "some key" }  ] }',
  ],
  ['puts, []', PUTS, '{"records":[]}', '{ "StreamName": "myStream", "Records": [  ] }'],
  ['puts, absent', PUTS, '{}', '{ "StreamName": "myStream", "Records": [  ] }'],
  [
    'puts, partition-key missing',
    PUTS,
    '{"records":[{"data":"d"}]}',
    '{ "StreamName": "myStream", "Records": [  { "Data": "ZA==", "PartitionKey": "" }  ] }',
  ],
  ['nested, printed', "$input.path('$')", '{"a":{"b":[1,{"c":"x"}]},"d":"s"}', '{a={b=[1,{"c":"x"}]}, d=s}'],
];

for (const [name, template, body, expected] of ROWS) {
  test(`emulators 5.2: ${name}`, () => {
    const path = new Map([['stream-name', 'myStream']]);
    const input = createInput(body, { path, querystring: new Map(), header: new Map() });
    assert.equal(render(template, { input, util }), expected);
  });
}

test('the multi-line #else keeps its blank before the comma', () => {
  const template = "{\n  \"ShardCount\": #if($input.path('$.n') == '') 5 #else $input.path('$.n') #end,\n}";
  const input = createInput('{"n":3}', { path: new Map(), querystring: new Map(), header: new Map() });
  assert.equal(render(template, { input, util }), '{\n  "ShardCount":  3 ,\n}');
});
