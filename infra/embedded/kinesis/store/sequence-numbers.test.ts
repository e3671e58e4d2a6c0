import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSequenceNumber, LAST_INDEX, parseSequenceNumber } from './sequence-numbers.ts';

// docs/facts/kinesis.md#sequence-numbers
test('a sequence number contains its shard, its index and its times', () => {
  assert.deepEqual(parseSequenceNumber('49680504997230143174400849553551370407437004676798611458'), {
    version: 2,
    shardIndex: 0,
    shardCreated: 1_795_477_247,
    index: 0n,
    time: 1_795_477_247,
  });
  assert.equal(
    parseSequenceNumber('49680504997297045409996441422977186488074564390491258930')?.shardIndex,
    3,
  );
  assert.equal(parseSequenceNumber('5')?.shardIndex, 5);
  assert.equal(parseSequenceNumber('26227199374822427428162556223570313216'), undefined);
  const negativeIndex = BigInt('0x20000000000800000000000000000000000000000000002').toString();
  assert.equal(parseSequenceNumber(negativeIndex), undefined);
});

// docs/facts/kinesis.md#sequence-numbers
test("the tutorial's own numbers: the beginnings of shards 0 and 4, a record's index", () => {
  const created = 0x56c422a3;
  const beginningOf = (shardIndex: number) =>
    formatSequenceNumber({ shardIndex, shardCreated: created, index: 0, time: created });
  assert.deepEqual([0, 4].map(beginningOf), [
    '49559266461454070523309915164834022007924120923395850242',
    '49559266461543273504104037657400164881014714369419771970',
  ]);
});

test('formatted numbers are parsed back, at the limits of every field', () => {
  for (const shardIndex of [0, 15, 16, 2_147_483_647])
    for (const index of [0n, 1n, LAST_INDEX]) {
      const parts = { shardIndex, shardCreated: 1_795_477_247, index, time: 1_795_477_300 };
      const text = formatSequenceNumber(parts);
      assert.match(text, /^\d{56}$/);
      assert.deepEqual(parseSequenceNumber(text), { version: 2, ...parts });
    }
});
