import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashKey, shardId, shardOf, toRange } from './shards.ts';

/** The tutorial's boundaries of five shards (docs/facts/kinesis.md#shards). */
const ENDS = [
  68056473384187692692674921486353642290n,
  136112946768375385385349842972707284581n,
  204169420152563078078024764459060926872n,
  272225893536750770770699685945414569163n,
  2n ** 128n - 1n,
];
const FIVE = ENDS.map((last, i) => ({
  id: shardId(i),
  first: i === 0 ? 0n : (ENDS[i - 1] ?? 0n) + 1n,
  last,
}));

describe('shards', () => {
  it('hashes a partition key to its MD5 as a number', () => {
    assert.equal(hashKey(''), 0xd41d8cd98f00b204e9800998ecf8427en);
    assert.equal(hashKey('ключ'), 0xc3657b66c60a307292aae11f07b04ae7n);
  });

  // docs/facts/kinesis.md#shards
  for (const [key, shard] of [
    ['some key', 4],
    ['a', 0],
    ['b', 2],
    ['1', 3],
    ['user-2', 1],
  ] as const)
    it(`finds ${key} in shard ${shard} of five`, () => {
      assert.equal(shardOf(key, FIVE), shardId(shard));
    });

  it('refuses to guess where the ranges leave a gap', () => {
    assert.throws(() => shardOf('some key', FIVE.slice(0, 4)), /no shard holds/);
  });

  it('reads hash keys exactly', () => {
    const HashKeyRange = { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' };
    assert.deepEqual(toRange({ ShardId: 'shardId-000000000000', HashKeyRange }), {
      id: shardId(0),
      first: 0n,
      last: 2n ** 128n - 1n,
    });
  });
});
