import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutVolatile } from './volatile.ts';

describe('settled', () => {
  it('makes two answers to the same call equal', () => {
    const one = {
      ShardId: 'shardId-000000000004',
      SequenceNumber: '495',
      StreamName: 'kpc-1-A',
      KeyId: null,
    };
    const two = { StreamName: 'kpc-1-B', ShardId: 'shardId-000000000004', SequenceNumber: '496' };
    assert.deepEqual(
      withoutVolatile(JSON.stringify(one), { 'kpc-1-A': '<stream>' }),
      withoutVolatile(JSON.stringify(two), { 'kpc-1-B': '<stream>' }),
    );
  });

  it('keeps the differences between two answers', () => {
    assert.notDeepEqual(withoutVolatile('{"ShardId": "a"}', {}), withoutVolatile('{"ShardId": "b"}', {}));
    assert.notDeepEqual(withoutVolatile('{"SequenceNumber": "1"}', {}), withoutVolatile('{}', {}));
    assert.notDeepEqual(withoutVolatile('', {}), withoutVolatile('{}', {}));
  });
});
