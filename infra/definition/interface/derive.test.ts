import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { describePlace, nameOfCall } from './describe.ts';
import { callOf, interfaceOf, membersOf, openapiOf } from './testing.ts';

const TUTORIAL = readYaml(
  readFileSync(new URL('../../proxy/tutorial.yaml', import.meta.url), 'utf8'),
) as JsonObject;

const STREAM_IN_PATH = { from: 'path', name: 'stream-name' };

test("the tutorial's interface", () => {
  const { calls, absent } = deriveInterface(TUTORIAL);
  expect(absent).to.deep.equal([]);
  expect(calls.map(membersOf)).to.deep.equal([
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
      describesText: true,
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
      describesText: true,
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

test('members that only some iterator types have', () => {
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

test('stage variables have their values if the stage is known, and are undetermined otherwise', () => {
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

test('a request that does not follow from the inputs is undetermined', () => {
  const [reversed, none] = [
    `{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.path('$.key').substring(0, 4)"}`,
    'no JSON at all',
  ].map((template) => callOf({ template }));
  expect(none?.undetermined).to.deep.equal([
    { what: 'request', why: 'what it renders is not a JSON object: no JSON at all' },
  ]);
  expect(reversed?.undetermined.map(({ what }) => what)).to.deep.equal(['PartitionKey']);
});

test('a definition that only puts lacks the other six; several methods of one action are several calls', () => {
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

test('each template of a method is a call; templates that are alike are one', () => {
  const of = (templates: Readonly<Record<string, string>>) =>
    deriveInterface(openapiOf([{ integration: { requestTemplates: templates } }]));
  const put = (data: string) =>
    `{"StreamName": "s", "PartitionKey": "1", "Data": "$util.base64Encode(${data})"}`;
  const { calls, weak } = of({
    'text/plain': put('$input.body'),
    'application/xml': `${put('$input.body')}\n`,
    'application/json': put("$input.json('$')"),
  });
  expect(calls.map(nameOfCall)).to.deep.equal(['POST /events', 'POST /events as text/plain']);
  expect(calls.map(({ data }) => describePlace(data ?? { fixed: '' }))).to.deep.equal([
    'the body as JSON',
    'the body',
  ]);
  // What does not depend on the template is told once.
  const wheres = weak.filter(({ what }) => what === 'fixed key' || what === 'anonymous writing');
  expect(wheres.map(({ where }) => where)).to.deep.equal(['POST /events', 'POST /events: PartitionKey']);
});
