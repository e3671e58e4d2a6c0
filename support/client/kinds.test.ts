import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOfKind } from './kinds.ts';

describe('isOfKind', () => {
  for (const [kind, good, bad] of [
    ['true or false', false, 'false'],
    ['a number', 0, '0'],
    ['a list', [], {}],
    ['a list of names', ['a'], ['a', '']],
    ['a name', 'a', ''],
    ['a filled text', 'x', ''],
    ['a status', 'ACTIVE', 'active'],
    [
      "a stream's ARN",
      'arn:aws:kinesis:us-east-1:123456789012:stream/a_.-b',
      'arn:aws:kinesis:us-east-1:12345:stream/a',
    ],
    ['a sequence number', '1'.repeat(56), 1],
    ['a shard id', 'shardId-000000000004', 'shard-000000000004'],
  ] as const)
    it(`knows ${kind}`, () => {
      assert.ok(isOfKind(good, kind));
      assert.ok(!isOfKind(bad, kind));
      assert.ok(!isOfKind(undefined, kind));
    });

  it('refuses an unknown kind', () => {
    assert.throws(() => isOfKind('x', 'a colour'), /unknown kind of value/);
  });
});
