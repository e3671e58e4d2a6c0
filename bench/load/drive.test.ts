import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { drive } from './drive.ts';
import type { Operation } from './operations.ts';

const ASK: Operation = {
  requests: [{ method: 'GET', path: '/', headers: {} }],
  check: (status, body) => (status === 200 && body === 'right' ? undefined : `${status} ${body}`),
};

async function serving(answer: RequestListener, use: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('each correct answer gives a latency, on the requested number of connections', async () => {
  const sockets = new Set();
  await serving(
    (request, response) => {
      sockets.add(request.socket);
      response.end('right');
    },
    async (origin) => {
      const load = await drive(origin, ASK, 3, { calls: 30 });
      assert.equal(load.latencies.length, 30);
      assert.equal(load.wrong + load.missing, 0);
      assert.equal(sockets.size, 3);
    },
  );
});

test('a wrong answer is counted and reported, and gives no latency', async () => {
  let count = 0;
  await serving(
    (_, response) => {
      count += 1;
      response.end(count % 3 === 0 ? 'wrong' : 'right');
    },
    async (origin) => {
      const load = await drive(origin, ASK, 1, { calls: 9 });
      assert.deepEqual([load.latencies.length, load.wrong, load.missing], [6, 3, 0]);
      assert.equal(load.problem, '200 wrong');
    },
  );
});

test('a call without an answer is counted, and its connection continues', async () => {
  let count = 0;
  await serving(
    (request, response) => {
      count += 1;
      if (count === 2) request.socket.destroy();
      else response.end('right');
    },
    async (origin) => {
      const load = await drive(origin, ASK, 1, { calls: 4 });
      assert.deepEqual([load.latencies.length, load.wrong, load.missing], [3, 0, 1]);
      assert.match(load.problem ?? '', /^no answer: /);
    },
  );
});

test('a load with a time limit starts no call after it', async () => {
  await serving(
    (_, response) => void setTimeout(() => response.end('right'), 20),
    async (origin) => {
      const load = await drive(origin, ASK, 2, { millis: 100 });
      assert.ok(load.latencies.length >= 2 && load.latencies.length <= 12, `${load.latencies.length} calls`);
      assert.ok(load.latencies.every((millis) => millis >= 18));
    },
  );
});
