import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from './listener.ts';

const LIMIT = 1_000;
const MAX_CONNECTIONS = 50;
const listening = (timeouts: { head: number; body: number }) =>
  listen({
    port: 0,
    host: '127.0.0.1',
    bodyLimit: () => LIMIT,
    timeouts,
    maxConnections: MAX_CONNECTIONS,
    handle: async ({ body }, isTruncated) => ({
      status: isTruncated ? 413 : 200,
      headers: [],
      body: String(body.length),
    }),
  });
/** On a busy machine, reading and discarding a body takes seconds. */
const listener = await listening({ head: 20_000, body: 60_000 });
const hasty = await listening({ head: 500, body: 500 });
after(() => Promise.all([listener.stop(), hasty.stop()]));

/** Sends raw bytes. @returns the bytes received until the connection ended, and how it ended. */
async function talk(say: (socket: Socket) => unknown, { port } = listener): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  // A server that closes while data arrives may reset the connection.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  await say(socket);
  await closed;
  return answer;
}

const head = (more: string) => `POST / HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const isAlive = async ({ port } = listener) => {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'alive' });
  assert.deepEqual([answer.status, await answer.text()], [200, '5']);
};

/** Writes chunks until the server ends the connection, at most `count`. */
async function pour(socket: Socket, chunk: string, count: number): Promise<void> {
  for (let sent = 0; sent < count && !socket.destroyed; sent += 1) {
    socket.write(chunk);
    while (socket.writableNeedDrain && !socket.destroyed) await delay(1);
  }
}

test('a body announced far beyond its limit is refused before it is sent', async () => {
  const answer = await talk((socket) => socket.write(head('Content-Length: 1000000000000\r\n')));
  assert.match(answer, /^HTTP\/1\.1 413 /);
  await isAlive();
});

test('an endless chunked body is refused, and reading it stops', async () => {
  const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
  const answer = await talk(async (socket) => {
    socket.write(head('Transfer-Encoding: chunked\r\n'));
    await pour(socket, chunk, 200);
  });
  assert.match(answer, /^HTTP\/1\.1 413 /);
  await isAlive();
});

test('a body slightly beyond its limit is read to its end, and the connection stays open', async () => {
  const answer = await talk((socket) => {
    socket.write(`${head('Content-Length: 1001\r\n')}${'x'.repeat(1001)}`);
    socket.write(`${head('Content-Length: 2\r\nConnection: close\r\n')}ok`);
  });
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test('a client that disconnects in the middle of a body does not affect others', async () => {
  for (let count = 0; count < 20; count += 1)
    await talk((socket) => {
      socket.write(`${head('Content-Length: 900\r\n')}half`);
      socket.destroy();
    });
  await isAlive();
});

for (const [what, start] of [
  ['a head', 'POST / HTTP/1.1\r\nHost:'],
  ['a body', `${head('Content-Length: 100\r\n')}x`],
] as const)
  test(`a client that drips ${what} is disconnected`, async () => {
    const started = performance.now();
    await talk(async (socket) => {
      socket.write(start);
      while (!socket.destroyed && performance.now() - started < 10_000) {
        socket.write('x');
        await delay(50);
      }
    }, hasty);
    assert.ok(performance.now() - started < 9_000);
    await isAlive(hasty);
  });

test('a connection that does not speak HTTP is closed', async () => {
  for (const noise of ['\0\x01\x02\x03\x04', 'PRI nonsense\r\n\r\n', 'GET\r\n\r\n', `${'x'.repeat(100_000)}`])
    await talk((socket) => {
      socket.write(noise);
    });
  await isAlive();
});

test('a silent connection is closed', async () => {
  const started = performance.now();
  await talk(() => undefined, hasty);
  assert.ok(performance.now() - started < 9_000);
});

test('beyond the maximum of silent connections, the oldest are closed', async () => {
  let closed = 0;
  const sockets: Socket[] = [];
  for (let count = 0; count < MAX_CONNECTIONS + 20; count += 1) {
    const socket = connect(listener.port, '127.0.0.1').on('error', () => undefined);
    socket.once('close', () => {
      closed += 1;
    });
    await once(socket, 'connect');
    sockets.push(socket);
  }
  await isAlive();
  for (const started = performance.now(); closed < 20 && performance.now() - started < 5_000; )
    await delay(10);
  const isFirst = sockets.slice(0, 20).every(({ destroyed }) => destroyed);
  assert.ok(isFirst && closed < 40, `${closed} were closed`);
  for (const socket of sockets) socket.destroy();
});
