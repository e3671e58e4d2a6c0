import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TokenBucket } from './token-bucket.ts';

test('a receiver never counts more arrivals in a period than the bucket holds', async () => {
  const bucket = new TokenBucket({ calls: 3, perMillis: 60 });
  const arrivals: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await bucket.take();
      // The network delay varies.
      await delay(i % 4);
      arrivals.push(performance.now());
      await delay(3);
      bucket.giveBack();
    }),
  );
  arrivals.sort((a, b) => a - b);
  for (const [i, arrival] of arrivals.entries())
    if (i >= 3) assert.ok(arrival - (arrivals[i - 3] as number) >= 60, `${arrivals.map(Math.round)}`);
});

test('a full bucket can be used without waiting', async () => {
  const bucket = new TokenBucket({ calls: 3, perMillis: 60_000 });
  let taken = 0;
  for (let i = 0; i < 4; i++) void bucket.take().then(() => taken++);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(taken, 3);
});

test('tokens can become available later', async () => {
  const bucket = new TokenBucket({ calls: 1, perMillis: 1 }, performance.now() + 40);
  const started = performance.now();
  await bucket.take();
  assert.ok(performance.now() - started >= 39);
});

test('a call that does not end keeps its token', async () => {
  const bucket = new TokenBucket({ calls: 1, perMillis: 1 });
  await bucket.take();
  const second = bucket.take().then(() => 'taken');
  assert.equal(await Promise.race([second, delay(30, 'waiting')]), 'waiting');
  assert.equal(bucket.idle, false);
  bucket.giveBack();
  assert.equal(await second, 'taken');
});
