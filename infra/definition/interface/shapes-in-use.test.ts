import { test } from 'node:test';
import { expect } from 'chai';
import { deriveInterface } from './derive.ts';
import { hasFeature, isUndetermined } from './offers.ts';
import { callOf, openapiOf } from './testing.ts';

/** Shapes of real templates that were once derived incorrectly. */

const LOOP = (key: string) =>
  `#set($last = $input.path('$').size() - 1){"StreamName": "s", "Records": [#foreach($i in [0..$last])#set($path = "$[$i]"){"PartitionKey": "${key}", "Data": "$util.base64Encode($input.json($path))"}#if($i < $last),#end#end]}`;

test('a key that counts the elements is not a fixed key', () => {
  const { records, key } = callOf({ template: LOOP('row-$i') });
  expect(records).to.deep.equal({
    list: { from: 'body', at: '' },
    element: {
      partitionKey: { template: ['row-', { from: 'context', name: 'foreach.index' }] },
      data: { from: 'element', at: '', as: ['json'] },
    },
  });
  expect(key).to.equal('generated: foreach.index');
});

test('a loop that skips the first element is still a loop over the list', () => {
  const { records } = callOf({ template: LOOP('k').replace('[0..', '[1..') });
  expect(records).to.have.deep.property('list', { from: 'body', at: '' });
});

test('a key that differs from element to element in another way is undetermined', () => {
  const call = callOf({ template: LOOP('#if($i == 0)first#{else}later#end') });
  expect(isUndetermined(call, 'PartitionKey')).to.equal(true);
});

test('a key calculated from the time is undetermined, not fixed', () => {
  for (const divisor of [2, 5, 8, 10, 16, 32, 100]) {
    const call = callOf({
      template: `#set($salt = $context.requestTimeEpoch % ${divisor}){"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('id')-$salt"}`,
    });
    expect(isUndetermined(call, 'PartitionKey'), `modulo ${divisor}`).to.equal(true);
  }
});

test('a loop over the member names stores everything that the client sends', () => {
  const call = callOf({
    template: `#set($all = $input.path('$'))#set($d = "{#foreach($n in $all.keySet())""$n"": $input.json($n), #end""by"": 1}"){"StreamName": "s", "Data": "$util.base64Encode($d)", "PartitionKey": "$context.requestId"}`,
  });
  expect(call.undetermined).to.deep.equal([
    { what: 'Data', why: 'it contains all parameters or members that the client sends' },
  ]);
  expect(hasFeature(call, 'members')).to.equal(false);
});

test("a header that the gateway writes is not a value of a client's", () => {
  const call = callOf({
    template: `{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('X-Amzn-Trace-Id')"}`,
  });
  expect(call.key).to.equal('generated: X-Amzn-Trace-Id');
  expect(hasFeature(call, 'partition-key')).to.equal(false);
  expect(hasFeature(call, 'generated-key')).to.equal(true);
});

test('bytes that the gateway encodes as base64 are stored unchanged', () => {
  const template = `{"StreamName": "s", "Data": "$input.body", "PartitionKey": "$context.requestId"}`;
  const integration = {
    contentHandling: 'CONVERT_TO_TEXT',
    requestTemplates: { 'application/x-protobuf': template },
  };
  const binary = { 'x-amazon-apigateway-binary-media-types': ['application/x-protobuf'] };
  const [call] = deriveInterface(openapiOf([{ integration }], binary)).calls;
  expect(call?.data).to.deep.equal({ from: 'raw-body' });
  expect(call?.undetermined).to.deep.equal([]);
});

test('records that a template prints as JSON are found in the answer', () => {
  const template = `#set($r = $input.path('$')){"items": [#foreach($x in $r.Records){"data": $util.base64Decode($x.Data)}#if($foreach.hasNext),#end#end]}`;
  const responses = { default: { statusCode: '200', responseTemplates: { 'application/json': template } } };
  const call = callOf({
    action: 'GetRecords',
    template: `{"ShardIterator": "$input.params('it')"}`,
    integration: { responses },
  });
  expect(call.response).to.deep.equal({
    '/Records/*/Data': { at: '/items/*/data', as: ['base64-decoded'], unquoted: true },
  });
  expect(call.undetermined).to.deep.equal([]);
});

test('a URI without an action is reported', () => {
  const uri = 'arn:aws:apigateway:us-east-1:kinesis:path/arn:aws:kinesis:us-east-1:123456789012:stream/s';
  const { undetermined } = callOf({ integration: { uri } });
  expect(undetermined.map(({ what }) => what)).to.include('action');
});
