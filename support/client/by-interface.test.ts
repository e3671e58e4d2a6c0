import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { callOf } from '../../infra/definition/interface/testing.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { requestOf } from './by-interface.ts';

test('a number is sent as a number if the model requires it, whatever the template prints', () => {
  for (const [definition, body] of [
    ['tutorial', '{"ShardCount":3}'],
    ['hardened', '{"ShardCount":3}'],
  ] as const) {
    const call = loadDefinition(definition)
      .interface()
      .calls.find(({ action }) => action === 'CreateStream');
    assert.ok(call);
    assert.equal(requestOf(call, { stream: 's', shardCount: '3' }).body, body);
  }
});

test("if the API adds text to the client's stream name, the client sends only its own part", () => {
  const [known] = loadDefinition('tutorial')
    .interface()
    .calls.filter(({ action }) => action === 'PutRecord');
  assert.ok(known);
  const call: Call = {
    ...known,
    method: 'POST',
    path: '/{tenant}',
    stream: { template: ['dev-', { from: 'path', name: 'tenant' }, '-events'] },
  };
  assert.equal(requestOf(call, { stream: 'dev-a-events' }).path, '/a');
  for (const other of ['a', 'dev-a', 'dev-events'])
    assert.equal(requestOf(call, { stream: other }).path, `/${other}`);
});

test('data that is the whole body leaves its other members unchanged', () => {
  const call = callOf({
    template: `{"StreamName": "$input.path('$.in.topic')", "Data": "$util.base64Encode($input.json('$').toLowerCase())", "PartitionKey": "k"}`,
  });
  const { body = '' } = requestOf(call, { stream: 'the-stream', data: 'the data' });
  assert.equal(JSON.parse(body).in.topic, 'the-stream');
  assert.match(body, /the data/);
});

test('of what is stored of several members a text goes where the model takes one', () => {
  const line = ['kind', 'n', 'on', 'more'].map((name) => `""${name}"":$input.json('$.${name}')`).join();
  const model = {
    type: 'object',
    required: ['kind', 'n', 'on', 'more'],
    properties: {
      kind: { type: 'string', enum: ['a', 'b'] },
      n: { type: 'integer', minimum: 3 },
      on: { type: 'boolean' },
      more: { type: 'object', required: ['at'], properties: { at: { type: 'string', format: 'date-time' } } },
    },
  };
  const call: Call = {
    ...callOf({
      template: `{"StreamName": "s", "Data": "$util.base64Encode("{${line}}")", "PartitionKey": "k"}`,
    }),
    model,
  };
  for (const data of ['some data', 'a "quoted" text']) {
    const body = JSON.parse(requestOf(call, { data }).body ?? '');
    assert.deepEqual([body.n, body.on, body.more.payload], [3, true, data]);
    assert.ok(
      ['a', 'b'].includes(body.kind) && !Number.isNaN(Date.parse(body.more.at)),
      JSON.stringify(body),
    );
  }
});

test('data of another type is as the model wants it', () => {
  const call = callOf({
    template: `{"StreamName": "s", "Data": "$util.base64Encode($input.json('$.t'))", "PartitionKey": "k"}`,
  });
  const model = { type: 'object', required: ['t'], properties: { t: { type: 'number', minimum: 20 } } };
  assert.equal(requestOf({ ...call, model }, { data: 'some data' }).body, '{"t":20}');
});
