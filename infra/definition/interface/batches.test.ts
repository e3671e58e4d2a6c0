import { test } from 'node:test';
import { expect } from 'chai';
import { callOf, membersOf } from './testing.ts';
import type { Place } from './types.ts';

/** Batches in common template styles. */

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
    'a loop over the body, elements unchanged',
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
    'strings with one key for all',
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
    'a key outside the list',
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
    'keys that the gateway counts',
    `{"StreamName": "s", "Records": [#foreach($r in $input.path('$.records')){"Data": "$util.base64Encode($r)", "PartitionKey": "$foreach.index"}#if($foreach.hasNext),#end#end]}`,
    {
      records: {
        list: { from: 'body', at: '/records' },
        element: { data: element(''), partitionKey: { from: 'context', name: 'foreach.index' } },
      },
      stored: 'text',
      key: 'generated: foreach.index',
    },
  ],
  [
    'keys that the gateway counts if the client gives none',
    `{"StreamName": "s", "Records": [#foreach($r in $input.path('$.records'))#set($k = "$!r.key")#if($k == '')#set($k = "\${context.requestId}-$foreach.index")#end{"Data": "$util.base64Encode($r.data)", "PartitionKey": "$k"}#if($foreach.hasNext),#end#end]}`,
    {
      records: {
        list: { from: 'body', at: '/records' },
        element: {
          data: element('/data'),
          partitionKey: element('/key', {
            whenAbsent: {
              template: [
                { from: 'context', name: 'requestId' },
                '-',
                { from: 'context', name: 'foreach.index' },
              ],
            },
          }),
        },
      },
      stored: 'text',
      key: 'client or generated: requestId, foreach.index',
    },
  ],
  [
    'a missing comma',
    `{"StreamName": "s", "Records": [#foreach($r in $input.path('$.records')){"Data": "$util.base64Encode($r.data)", "PartitionKey": "$r.key"}#end]}`,
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
    'an extra comma',
    `{"StreamName": "s", "Records": [#foreach($r in $input.path('$.records')){"Data": "$util.base64Encode($r.data)", "PartitionKey": "$r.key"},#end]}`,
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
    const { action, method, path, stream, ...members } = membersOf(
      callOf({ action: 'PutRecords', template }),
    );
    expect({ action, method, path, stream }).to.deep.equal({
      action: 'PutRecords',
      method: 'POST',
      path: '/events',
      stream: { fixed: 's' },
    });
    expect(members).to.deep.equal(expected);
  });
}
