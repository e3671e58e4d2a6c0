import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IteratorSeal, type Position } from './iterators.ts';
import { sequenceOrigin, startingSequenceNumber } from './sequence-numbers.ts';
import { HASH_SPACE, HashBoundaries, shardId, shardIndex } from './shards.ts';

test('any prefix before a hyphen names a shard (facts 4.4)', () => {
  for (const id of ['shardId-000000000004', 'shard-000000000004', 'x-4', '-4', '4'])
    assert.equal(shardIndex(id), 4);
  for (const id of ['shardId-', 'ABKLFD8', '2.14E4', '2147483648', 'x-y'])
    assert.equal(shardIndex(id), undefined);
  assert.equal(shardId(4), 'shardId-000000000004');
});

test("the engine's ranges become AWS's: floor(2^128/n)*i (facts 4.4)", () => {
  for (const count of [1, 2, 3, 4, 5, 7, 8, 16]) {
    const boundaries = new HashBoundaries();
    boundaries.add(count);
    const n = BigInt(count);
    let expectedStart = 0n;
    for (let index = 0n; index < n; index++) {
      const engineEnd = index === n - 1n ? HASH_SPACE - 1n : ((HASH_SPACE - 1n) / n) * (index + 1n) - 1n;
      const { HashKeyRange } = boundaries.toAws({
        ShardId: shardId(Number(index)),
        HashKeyRange: {
          StartingHashKey: (((HASH_SPACE - 1n) / n) * index).toString(),
          EndingHashKey: engineEnd.toString(),
        },
        SequenceNumberRange: { StartingSequenceNumber: '1' },
      });
      assert.equal(BigInt(HashKeyRange.StartingHashKey), (HASH_SPACE / n) * index);
      assert.equal(BigInt(HashKeyRange.StartingHashKey), expectedStart);
      expectedStart = BigInt(HashKeyRange.EndingHashKey) + 1n;
    }
    assert.equal(expectedStart, HASH_SPACE);
  }
});

test("a hash key between the engine's boundary and AWS's goes to the lower shard", () => {
  const boundaries = new HashBoundaries();
  boundaries.add(4);
  const boundary = HASH_SPACE / 4n;
  assert.equal(boundaries.toEngine(boundary.toString()), boundary.toString());
  assert.equal(boundaries.toEngine((boundary - 1n).toString()), (boundary - 2n).toString());
  assert.equal(boundaries.toEngine('7'), '7');
});

test('a sequence number tells its shard and times (facts 4.4)', () => {
  assert.deepEqual(sequenceOrigin('49680504997230143174400849553551370407437004676798611458'), {
    version: 2,
    shardIndex: 0,
    shardCreated: 1_795_477_247,
    time: 1_795_477_247,
  });
  assert.equal(sequenceOrigin('49680504997297045409996441422977186488074564390491258930')?.shardIndex, 3);
  assert.equal(sequenceOrigin('5')?.shardIndex, 5);
  assert.equal(sequenceOrigin('26227199374822427428162556223570313216'), undefined);
  assert.equal(
    sequenceOrigin(BigInt('0x20000000000800000000000000000000000000000000002').toString()),
    undefined,
  );
});

const POSITIONS: readonly Position[] = [
  { kind: 'oldest' },
  { kind: 'at', sequenceNumber: '49680504997297045409996441422977186488074564390491258930' },
  { kind: 'after', sequenceNumber: '49680504997297045409996441422977186488074564390491258930' },
  { kind: 'engine', iterator: Buffer.alloc(168, 1).toString('base64') },
];

for (const position of POSITIONS)
  for (const name of ['s', 's'.repeat(128)])
    test(`an iterator carries its place sealed, in 152 to 512 characters (facts 4.1, 4.4): ${position.kind}, ${name.length}`, () => {
      const seal = new IteratorSeal();
      const place = {
        createdAt: 1_795_477_247_613,
        streamName: name,
        streamSerial: 7,
        shardIndex: 4,
        position,
      };
      const iterator = seal.seal(place);
      assert.ok(iterator.length >= 152 && iterator.length <= 512);
      assert.equal(Buffer.from(iterator, 'base64').subarray(0, 8).toString('hex'), '0000000000000001');
      assert.deepEqual(seal.open(iterator), place);
      assert.deepEqual(seal.open(`"${iterator}"`), place);
      const forged = Buffer.from(iterator, 'base64');
      forged[40] = (forged[40] ?? 0) ^ 1;
      for (const wrong of [forged.toString('base64'), iterator.slice(4), `${iterator}AAAA`, 'x', '', '%']) {
        assert.equal(seal.open(wrong), undefined);
      }
      assert.equal(new IteratorSeal().open(iterator), undefined);
    });

test("the tutorial's own first sequence numbers, of shards 0 and 4 (facts 4.4)", () => {
  assert.deepEqual(
    [0, 4].map((index) => startingSequenceNumber(0x56c422a3, index)),
    [
      '49559266461454070523309915164834022007924120923395850242',
      '49559266461543273504104037657400164881014714369419771970',
    ],
  );
});
