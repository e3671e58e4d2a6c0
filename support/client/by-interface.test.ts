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
