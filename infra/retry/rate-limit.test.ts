import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CLOCK_VARIABLE } from './clock.ts';
import { rateLimiter } from './rate-limit.ts';

/** A second of the quotas is this many milliseconds here. */
const PERIOD = 50;
process.env[CLOCK_VARIABLE] = String(1_000 / PERIOD);

/** A worker thread of a run: makes a number of calls at once, and reports the time of each. */
const WORKER = `
  const { parentPort } = await import('node:worker_threads');
  const { rateLimiter } = await import(${JSON.stringify(new URL('rate-limit.ts', import.meta.url).href)});
  // The first message to the main thread is not a call.
  rateLimiter.note('lost-connection', 'GetRole');
  const times = await Promise.all(Array.from({ length: 8 }, () =>
    rateLimiter.turn(['ListStreams'], async () => Number(process.hrtime.bigint()) / 1e6)));
  rateLimiter.note('throttled', 'ListStreams');
  parentPort.postMessage(times);
`;

test('threads of a run share the quotas, and their retries are counted together', async () => {
  rateLimiter.takeCounts();
  rateLimiter.open();
  const workers = [1, 2, 3].map(
    () => new Worker(new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`), { env: process.env }),
  );
  const own = Promise.all(
    Array.from({ length: 8 }, () =>
      rateLimiter.turn(['ListStreams'], async () => Number(process.hrtime.bigint()) / 1e6),
    ),
  );
  const told = await Promise.all(
    workers.map(async (worker) => (await once(worker, 'message'))[0] as number[]),
  );
  const times = [...told.flat(), ...(await own)].sort((a, b) => a - b);
  // A worker's retry counts and its messages use different channels, and either may arrive first.
  const repeated = { GetRole: 0, ListStreams: 0 };
  for (let looks = 0; looks < 500 && repeated.GetRole + repeated.ListStreams < 6; looks++) {
    const { GetRole = 0, ListStreams = 0 } = rateLimiter.takeCounts().repeated;
    repeated.GetRole += GetRole;
    repeated.ListStreams += ListStreams;
    await delay(10);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.equal(times.length, 32);
  // The machine's clock: the origin of performance.now() differs between threads, by milliseconds on a busy machine.
  for (const [i, time] of times.entries())
    if (i >= 5) assert.ok(time - (times[i - 5] as number) >= PERIOD - 1, `${times}`);
  assert.deepEqual(repeated, { GetRole: 3, ListStreams: 3 });
  rateLimiter.close();
});

test('a call without a quota is made at once, and a failed call counts against its quota', async () => {
  assert.equal(await rateLimiter.turn([], async () => 1), 1);
  const times: number[] = [];
  const failing = () =>
    rateLimiter.turn(['CreateDeployment'], () => {
      times.push(performance.now());
      return Promise.reject(new Error('no'));
    });
  await assert.rejects(failing(), /no/);
  await assert.rejects(failing(), /no/);
  const [first = 0, second = 0] = times;
  assert.ok(second - first >= 5 * PERIOD - 1, 'the quota is kept nevertheless');
});
