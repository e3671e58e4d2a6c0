import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../infra/definition/interface/types.ts';
import type { JsonObject } from '../../infra/definition/types.ts';
import { maxBatchOf } from './batch-size.ts';

const records: Call['records'] = { list: { from: 'body', at: '/in' }, element: {} };
const listOf = (schema: JsonObject): JsonObject => ({ properties: { in: { type: 'array', ...schema } } });

test('a batch has at most as many records as Kinesis and the model of its call allow', () => {
  assert.equal(maxBatchOf({ model: listOf({ maxItems: 25 }), records }), 25);
  for (const model of [undefined, {}, listOf({}), listOf({ maxItems: 900 })])
    assert.equal(maxBatchOf({ ...(model && { model }), records }), 500);
  assert.equal(maxBatchOf({ model: listOf({ maxItems: 25 }) }), 500);
});
