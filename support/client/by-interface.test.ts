import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
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
