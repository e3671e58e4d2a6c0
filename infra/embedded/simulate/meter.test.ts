import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter } from './meter.ts';

const QUOTAS = {
  CreateStream: { calls: 5, perMillis: 1_000, scope: 'account' },
  GetRecords: { calls: 2, perMillis: 1_000, scope: 'shard' },
  all: { calls: 10, perMillis: 1_000, burst: 40, scope: 'account' },
} as const;

test('a full bucket can be used at once, and refills at its rate', () => {
  let now = 0;
  const meter = new Meter(QUOTAS, () => now);
  const taken = () => Array.from({ length: 7 }, () => meter.take('CreateStream')).filter(Boolean).length;
  assert.equal(taken(), 5);
  now = 400;
  assert.equal(taken(), 2);
  now = 10_000;
  assert.equal(taken(), 5);
  const { calls, peak, refused } = meter.counts.CreateStream ?? {};
  assert.deepEqual({ calls, peak, refused }, { calls: 21, peak: 14, refused: 9 });
});

test('the peak is over any second, not over clock seconds', () => {
  let now = 900;
  const meter = new Meter(QUOTAS, () => now);
  for (const at of [900, 950, 1_050, 1_899, 1_900]) {
    now = at;
    meter.take('CreateStream');
  }
  assert.equal(meter.counts.CreateStream?.peak, 4);
});

test('each shard has its own quota, and a burst is more than the rate', () => {
  const meter = new Meter(QUOTAS, () => 0);
  for (const shard of ['a/0', 'a/1', 'b/0']) {
    assert.ok(meter.take('GetRecords', shard));
    assert.ok(meter.take('GetRecords', shard));
  }
  assert.equal(meter.take('GetRecords', 'a/0'), false);
  assert.equal(Array.from({ length: 50 }, () => meter.take('all')).filter(Boolean).length, 40);
  assert.ok(Array.from({ length: 500 }, () => meter.take('unlimited')).every(Boolean));
});
