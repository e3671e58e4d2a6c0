import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IteratorSeal } from './iterators.ts';

// docs/facts/kinesis.md#records, docs/facts/kinesis.md#sequence-numbers
for (const name of ['s', 's'.repeat(128), 's'.repeat(92), 's'.repeat(91)])
  test(`an iterator is sealed and has 152 + 16k bytes; length of the name: ${name.length}`, () => {
    const seal = new IteratorSeal();
    const place = {
      createdAt: 1_795_477_247_613,
      streamName: name,
      streamSerial: 7,
      shardIndex: 4,
      from: 2 ** 63,
    };
    const iterator = seal.seal(place);
    const bytes = Buffer.from(iterator, 'base64');
    assert.ok(iterator.length <= 512);
    assert.ok(bytes.length >= 152 && (bytes.length - 152) % 16 === 0, String(bytes.length));
    assert.equal(bytes.subarray(0, 8).toString('hex'), '0000000000000001');
    assert.deepEqual(seal.open(iterator), place);
    assert.deepEqual(seal.open(`"${iterator}"`), place);
    const forged = Buffer.from(bytes);
    forged[40] = (forged[40] ?? 0) ^ 1;
    for (const wrong of [forged.toString('base64'), iterator.slice(4), `${iterator}AAAA`, 'x', '', '%'])
      assert.equal(seal.open(wrong), undefined);
    assert.equal(new IteratorSeal().open(iterator), undefined);
    assert.notEqual(seal.seal(place), iterator);
  });
