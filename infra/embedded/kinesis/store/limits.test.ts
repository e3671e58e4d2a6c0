import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Throughput } from './limits.ts';

// docs/facts/kinesis.md#limits
test('a shard accepts 1,000 records in each second', () => {
  const throughput = new Throughput();
  for (let count = 0; count < 1000; count += 1) assert.ok(throughput.take(1, 0));
  assert.equal(throughput.take(1, 999), false);
  assert.ok(throughput.take(1, 1000));
});

// docs/facts/kinesis.md#limits
test('a shard accepts 1 MiB per second', () => {
  const throughput = new Throughput();
  assert.ok(throughput.take(1_048_576, 0));
  assert.equal(throughput.take(1, 0), false);
});
