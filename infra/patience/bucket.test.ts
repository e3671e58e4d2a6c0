import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Bucket } from './bucket.ts';

test('whoever counts arrivals never counts more than the bucket holds in a period', async () => {
  const bucket = new Bucket({ calls: 3, perMillis: 60 });
  const arrivals: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await bucket.take();
      // The way there takes its time, and not always the same.
      await delay(i % 4);
      arrivals.push(performance.now());
      await delay(3);
      bucket.giveBack();
    }),
  );
  arrivals.sort((a, b) => a - b);
  for (const [i, arrival] of arrivals.entries())
    if (i >= 3) assert.ok(arrival - (arrivals[i - 3] as number) >= 60, `${arrivals.map(Math.round)}`);
  assert.ok((arrivals[2] as number) - (arrivals[0] as number) < 50, 'the first three need not wait');
});

test('a call that does not end holds its token', async () => {
  const bucket = new Bucket({ calls: 1, perMillis: 1 });
  await bucket.take();
  const second = bucket.take().then(() => 'taken');
  assert.equal(await Promise.race([second, delay(30, 'waiting')]), 'waiting');
  assert.equal(bucket.idle, false);
  bucket.giveBack();
  assert.equal(await second, 'taken');
});
