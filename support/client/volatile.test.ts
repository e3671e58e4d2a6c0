import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settled } from './volatile.ts';

describe('settled', () => {
  it('makes two answers to one call alike', () => {
    const one = {
      ShardId: 'shardId-000000000004',
      SequenceNumber: '495',
      StreamName: 'kpc-1-A',
      KeyId: null,
    };
    const two = { StreamName: 'kpc-1-B', ShardId: 'shardId-000000000004', SequenceNumber: '496' };
    assert.deepEqual(
      settled(JSON.stringify(one), { 'kpc-1-A': '<stream>' }),
      settled(JSON.stringify(two), { 'kpc-1-B': '<stream>' }),
    );
  });

  it('keeps what tells two answers apart', () => {
    assert.notDeepEqual(settled('{"ShardId": "a"}', {}), settled('{"ShardId": "b"}', {}));
    assert.notDeepEqual(settled('{"SequenceNumber": "1"}', {}), settled('{}', {}));
    assert.notDeepEqual(settled('', {}), settled('{}', {}));
  });
});
