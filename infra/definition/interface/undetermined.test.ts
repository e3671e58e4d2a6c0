import { test } from 'node:test';
import { expect } from 'chai';
import { mayHave, whyMaybe } from './offers.ts';
import { callOf } from './testing.ts';

/** Requests that are hard or impossible to derive. */

test('a value that the template reads as a number', () => {
  const call = callOf({
    action: 'GetRecords',
    template: `#set($Integer = 0)#set($limit = $Integer.parseInt($input.params('limit')))
{"ShardIterator": "$input.params('it')", "Limit": $limit}`,
  });
  expect(call.limit).to.deep.include({ from: 'query', name: 'limit' });
  expect(call.iterator).to.deep.equal({ from: 'query', name: 'it' });
});

test('a text that contains all parameters is undetermined', () => {
  const { undetermined } = callOf({
    template: `#set($all = $input.params().querystring)
{"StreamName": "s", "Data": "$util.base64Encode("#foreach($name in $all.keySet())$name=$all.get($name);#end")", "PartitionKey": "k"}`,
  });
  expect(undetermined).to.deep.equal([
    { what: 'Data', why: 'it contains all parameters or members that the client sends' },
  ]);
});

test('a time that the template divides does not follow from the inputs', () => {
  const { undetermined, partitionKey } = callOf({
    template: `#set($seconds = $context.requestTimeEpoch / 1000)
{"StreamName": "s", "Data": "$util.base64Encode("at $context.requestTimeEpoch")", "PartitionKey": "$seconds"}`,
  });
  expect(partitionKey).to.have.property('fixed');
  expect(undetermined.map(({ what }) => what)).to.deep.equal(['PartitionKey']);
});

test('a text that contains all elements of a list is undetermined', () => {
  const { undetermined } = callOf({
    template: `{"StreamName": "s", "Data": "$util.base64Encode($input.json('$.items[*].name'))", "PartitionKey": "$input.path('$.items[0].name')"}`,
  });
  expect(undetermined).to.deep.equal([{ what: 'Data', why: 'it contains all elements of a list' }]);
});

test('a stream that depends on an input is undetermined for other values of it', () => {
  const call = callOf({
    template: `{"StreamName": "#if($input.params('type') == 'a')stream-a#{else}stream-b#end", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
  });
  expect(call.stream).to.deep.equal({ fixed: 'stream-b' });
  expect(call.undetermined).to.deep.equal([
    { what: 'StreamName', why: 'it is different when query:type is a', sometimes: true },
  ]);
});

test('an undeclared parameter is a header if its name looks like one', () => {
  const { partitionKey, stream } = callOf({
    template: `{"StreamName": "$input.params('stream-name')", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('X-Source')"}`,
  });
  expect([stream, partitionKey]).to.deep.equal([
    { from: 'query', name: 'stream-name' },
    { from: 'header', name: 'X-Source' },
  ]);
});

test('a list whose size the template checks before looping over it', () => {
  const { records } = callOf({
    action: 'PutRecords',
    template: `#set($all = $input.path('$.records'))
{"StreamName": "s", "Records": [#if($all.size() > 0)#foreach($r in $all){"Data": "$util.base64Encode($r.d)", "PartitionKey": "k"}#if($foreach.hasNext),#end#end#end]}`,
  });
  expect(records).to.deep.equal({
    list: { from: 'body', at: '/records' },
    element: { data: { from: 'element', at: '/d' }, partitionKey: { fixed: 'k' } },
  });
});

test('a call whose stream cannot be told may be one whose stream the client chooses', () => {
  const call = callOf({
    template: `#set($n = $input.params('n').length() * 7)
{"StreamName": "s-$n", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
  });
  expect(call.undetermined.map(({ what }) => what)).to.include('StreamName');
  expect(mayHave(call, 'stream')).to.equal(true);
  expect(whyMaybe(call, 'stream')).to.match(/does not follow/);
  expect(mayHave(call, 'shard')).to.equal(false);
});

test('for a method that cannot be read, the inputs of clients are unknown', () => {
  const call = { ...callOf({}), undetermined: [{ what: 'integration', why: 'it has no uri' }] };
  expect(mayHave(call, 'shard')).to.equal(true);
  expect(whyMaybe(call, 'shard')).to.equal('it has no uri');
  expect(mayHave(call, 'preflight')).to.equal(false);
});
