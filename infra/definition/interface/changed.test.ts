import { test } from 'node:test';
import { expect } from 'chai';
import { deriveInterface } from './derive.ts';
import { describePlace } from './describe.ts';
import { readInterface, writeInterface } from './file.ts';
import { callOf, type MethodText, openapiOf } from './testing.ts';
import type { Call, Place } from './types.ts';

/** Objects of the client's into which a template puts members before it prints them. */

const DOCUMENT = "#set($b = $input.path('$'))";
const putting = (changes: string, data = "$input.json('$')"): MethodText => ({
  path: '/{lot}',
  template: `${DOCUMENT}${changes}{"StreamName": "s", "PartitionKey": "$context.requestId", "Data": "$util.base64Encode(${data})"}`,
});
const batch = (changes: string): MethodText => ({
  action: 'PutRecords',
  path: '/{lot}',
  template: `{"StreamName": "s", "Records": [#foreach($e in $input.path('$.events'))${changes}{"PartitionKey": "$e.id", "Data": "$util.base64Encode($input.json("$.events[$foreach.index]"))"}#if($foreach.hasNext),#end#end]}`,
});
const LOT = { from: 'path', name: 'lot' } as const;
const TIME = { from: 'context', name: 'requestTimeEpoch', unquoted: true } as const;
const body = (changes: object) => ({ from: 'body', at: '', as: ['json'], ...changes });

const CASES: Readonly<Record<string, readonly [MethodText, object]>> = {
  'a parameter': [putting("#set($x = $b.put('lot', $input.params('lot')))"), body({ put: { '/lot': LOT } })],
  'an assigned member': [putting("#set($b.lot = $input.params('lot'))"), body({ put: { '/lot': LOT } })],
  'fixed values': [
    putting("#set($x = $b.put('by', 'api'))#set($x = $b.put('version', 2))"),
    body({ put: { '/by': { fixed: 'api' }, '/version': { fixed: 2 } } }),
  ],
  'a time, which is a number': [
    putting("#set($x = $b.put('at', $context.requestTimeEpoch))"),
    body({ put: { '/at': TIME } }),
  ],
  'a built text': [
    putting(`#set($x = $b.put('lot', "lot-$input.params('lot')-$context.stage"))`),
    body({ put: { '/lot': { template: ['lot-', LOT, '-', { from: 'context', name: 'stage' }] } } }),
  ],
  'a copy of another member': [
    putting("#set($x = $b.put('copy', $b.direction))"),
    body({ put: { '/copy': { from: 'body', at: '/direction' } } }),
  ],
  'a member within a member': [
    putting("#set($x = $b.meta.put('by', 'api'))"),
    body({ put: { '/meta/by': { fixed: 'api' } } }),
  ],
  'a removed member': [putting("#set($x = $b.remove('secret'))"), body({ removed: ['/secret'] })],
  'only if the client sends it': [
    putting("#if($input.params('q') != '')#set($x = $b.put('q', $input.params('q')))#end"),
    body({ put: { '/q': { from: 'query', name: 'q', whenAbsent: 'omitted' } } }),
  ],
  'another value if the client leaves it out': [
    putting(
      "#if($b.kind != '')#set($x = $b.put('topic', $b.kind))#{else}#set($x = $b.put('topic', 'none'))#end",
    ),
    body({ put: { '/topic': { from: 'body', at: '/kind', whenAbsent: { fixed: 'none' } } } }),
  ],
  'a default of a member': [
    putting("#if($b.at == '')#set($x = $b.put('at', $context.requestTimeEpoch))#end"),
    body({ put: { '/at': { from: 'body', at: '/at', whenAbsent: TIME } } }),
  ],
  'in an envelope': [
    putting("#set($x = $b.put('lot', $input.params('lot')))", `"{""event"": $input.json('$')}"`),
    { template: ['{"event": ', body({ put: { '/lot': LOT } }), '}'] },
  ],
};

for (const [name, [method, data]] of Object.entries(CASES))
  test(`put into the body: ${name}`, () => {
    const call = callOf(method);
    expect(call.undetermined).to.deep.equal([]);
    expect(call.data).to.deep.equal(data);
  });

test('an element gets its position, a parameter, and a time unless it has one', () => {
  const call = callOf(
    batch(
      "#set($x = $e.put('position', $foreach.index))#set($x = $e.put('lot', $input.params('lot')))#if($e.at == '')#set($x = $e.put('at', $context.requestTimeEpoch))#end",
    ),
  );
  expect(call.undetermined).to.deep.equal([]);
  expect(dataOfElement(call)).to.deep.equal({
    from: 'element',
    at: '',
    as: ['json'],
    put: {
      '/at': { from: 'element', at: '/at', whenAbsent: TIME },
      '/position': { from: 'context', name: 'foreach.index', unquoted: true },
      '/lot': LOT,
    },
  });
});

function dataOfElement({ records }: Call): Place | undefined {
  return records && 'list' in records ? records.element.data : undefined;
}

test('JSON that a template writes itself is not taken for a changed object', () => {
  const call = callOf(putting('', `"{#foreach($n in $b.keySet())""$n"": $input.json($n), #end""by"": 1}"`));
  expect(call.undetermined.map(({ what }) => what)).to.deep.equal(['Data']);
});

test('a changed object that some values make no JSON is not determined', () => {
  const call = callOf(
    putting("#set($x = $b.put('lot', $input.params('lot')))", `$input.json('$').replace('é', '"')`),
  );
  expect(call.undetermined.map(({ what }) => what)).to.include('Data');
});

test('an interface with changed objects is described, written and read back', () => {
  const derived = deriveInterface(
    openapiOf([putting("#set($x = $b.put('lot', $input.params('lot')))#set($x = $b.remove('secret'))")]),
  );
  const [call] = readInterface(writeInterface(derived), 'mine.yaml').calls;
  expect(call).to.deep.equal(derived.calls[0]);
  expect(describePlace(call?.data as Place)).to.equal('the body as JSON with /lot = {lot} without /secret');
});
