import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { callOf } from '../../infra/definition/interface/testing.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { requestOf } from './by-interface.ts';

test('a number goes as one where the model wants it, whatever the template prints', () => {
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

test("a stream that the API writes around a client's words is told by these words alone", () => {
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

test('data that is all of the body leaves other members of it as they are', () => {
  const call = callOf({
    template: `{"StreamName": "$input.path('$.in.topic')", "Data": "$util.base64Encode($input.json('$').toLowerCase())", "PartitionKey": "k"}`,
  });
  const { body = '' } = requestOf(call, { stream: 'the-stream', data: 'the data' });
  assert.equal(JSON.parse(body).in.topic, 'the-stream');
  assert.match(body, /the data/);
});
