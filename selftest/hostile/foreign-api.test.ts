import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { callBounded } from '../../infra/bounds/http.ts';
import { stalls } from '../../infra/bounds/stalls.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { HttpClient } from '../../support/client/http.ts';
import { type Ended, httpServer, suite, tcpServer } from './processes.ts';

/** The time limit of a run whose API only keeps it waiting, or floods it. */
const MAX_SECONDS = 60;
const MAX_MB = 500;
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDHOSTILE', AWS_SECRET_ACCESS_KEY: 'hostile-test-secret' };
/** A short timeout, so that ten attacks take no longer than one. */
const BRIEF = 1_000;

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-hostile-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function flood(write: (chunk: Buffer) => boolean, stream: NodeJS.EventEmitter): void {
  const chunk = Buffer.alloc(65_536, 'A');
  const more = () => {
    while (write(chunk));
  };
  stream.on('drain', more);
  more();
}

function drip(socket: Socket, head: string, piece: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write(piece), 100);
  socket.on('close', () => clearInterval(timer));
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
/** Servers that send raw bytes, whatever the request. */
const ON_THE_WIRE: Record<string, (socket: Socket) => void> = {
  'says nothing': () => undefined,
  'drips its body': (socket) => drip(socket, `${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
  'drips its headers': (socket) => drip(socket, OK, 'x: y\r\n'),
  'never ends its body': (socket) => {
    socket.write(`${OK}content-length: 10737418240\r\n\r\n`);
    flood((chunk) => socket.write(chunk), socket);
  },
  'never ends its headers': (socket) => {
    socket.write(`${OK}x: `);
    flood((chunk) => socket.write(chunk), socket);
  },
  'never ends its interim answers': (socket) =>
    drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(50)),
  'never ends an extension of a chunk': (socket) => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n1;`);
    flood((chunk) => socket.write(chunk), socket);
  },
  'never ends its trailers': (socket) => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n1\r\n \r\n0\r\nx: `);
    flood((chunk) => socket.write(chunk), socket);
  },
  'closes half-way': (socket) => {
    socket.on('data', () => socket.end(`${OK}content-length: 1000\r\n\r\n{"Stre`));
  },
  'answers what is not HTTP': (socket) => {
    socket.on('data', () => socket.end('\0\u001b]0;x\u0007 SSH-2.0-x\r\n'.repeat(10)));
  },
};

describe('a client of the suite ends a call whose answer does not end', { concurrency: true }, () => {
  for (const [what, attack] of Object.entries(ON_THE_WIRE))
    it(`that ${what}`, async (t) => {
      const url = await tcpServer(t, (socket) => {
        socket.once('data', () => attack(socket));
      });
      const started = performance.now();
      await assert.rejects(callBounded(url, { deadlineMs: BRIEF }));
      assert.ok(performance.now() - started < BRIEF + 1_500, 'in time');
    });

  it('leaves compressed bodies as they are', async (t) => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const url = await httpServer(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const { body } = await callBounded(url, { deadlineMs: 5_000 });
    assert.ok(body.length <= bomb.length);
  });

  it('follows no redirect', async (t) => {
    let calls = 0;
    const url = await httpServer(t, (_, response) => {
      calls += 1;
      response.writeHead(307, { location: '/again' }).end();
    });
    const http = new HttpClient();
    const { response } = await http.send({ method: 'GET', url, headers: {} });
    await http.close();
    assert.deepEqual([response.status, calls], [307, 1]);
  });
});

describe('an SDK client ends a call whose answer does not end', () => {
  for (const what of [
    'says nothing',
    'drips its body',
    'drips its headers',
    'never ends its body',
    'closes half-way',
  ])
    it(`that ${what}`, async (t) => {
      const attack = ON_THE_WIRE[what] as (socket: Socket) => void;
      const url = await tcpServer(t, (socket) => {
        socket.once('data', () => attack(socket));
      });
      const { kinesis, destroy } = createClients({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      stalls.open(BRIEF, 500);
      const started = performance.now();
      try {
        await assert.rejects(kinesis.send(new ListStreamsCommand({})));
      } finally {
        destroy();
        stalls.close();
      }
      assert.ok(performance.now() - started < 8_000, 'with all its retries');
    });

  it('that goes from page to page for ever', async (t) => {
    let pages = 0;
    const url = await httpServer(t, (request, response) => {
      request.resume();
      pages += 1;
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ StreamNames: [`s${String(pages).padStart(9, '0')}`], HasMoreStreams: true }));
    });
    const { kinesis, destroy } = createClients({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { streamNames } = await import('../../infra/sweep/inventory.ts');
    await assert.rejects(streamNames({ kinesis } as never, 's'), /pages of ListStreams do not end/);
    destroy();
    assert.ok(pages < 1_200);
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const json =
  (body: string): Answer =>
  (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };

/** The servers that a whole run is tried against: those on which every call times out, and those that answer. */
const WHOLE: Record<string, Answer> = {
  'drips its bodies': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(timer));
  },
  'lets the run in, then drips': (request, response) => {
    request.resume();
    if (request.method === 'GET' && request.url?.endsWith('/streams'))
      return void response.end('{"StreamNames":[],"HasMoreStreams":false}');
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(timer));
  },
  'floods the run': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    flood((chunk) => response.write(chunk), response);
  },
  'answers 15 MiB to everything': json(`{"StreamNames":["${'x'.repeat(15 * 1024 * 1024)}"]}`),
  'answers with bombs of gzip': (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(BOMB);
  },
  'closes every call half-way': (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"Stre', () => response.destroy());
  },
  'says that it ends and goes on': (request, response) => {
    request.resume();
    const { socket } = response;
    const timer = setInterval(() => socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'), 5);
    socket?.on('close', () => clearInterval(timer));
    response.end('{"StreamNames":[],"HasMoreStreams":false}');
  },
  'never ends its headers': (request, response) => {
    request.resume();
    response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
    const { socket } = response;
    if (socket) flood((chunk) => socket.writable && socket.write(chunk), socket);
  },
  'answers web pages': (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome</html>');
  },
  'answers JSON whose text does not end': json(`{"StreamNames":["${'\\"'.repeat(1_000_000)}`),
  'answers deep JSON': json(`{"StreamNames":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
  'never has a stream ready': json(
    '{"StreamNames":["s"],"HasMoreStreams":false,"ShardIterator":"i","StreamDescription":{"StreamName":"s","StreamStatus":"CREATING","Shards":[],"HasMoreShards":true}}',
  ),
  'redirects to itself': (request, response) => {
    request.resume();
    response.writeHead(302, { location: request.url ?? '/' }).end();
  },
};

/** Of 200 MB. */
const BOMB = gzipSync(Buffer.alloc(200 * 1024 * 1024));

/** One clause is enough for these, since each of their calls ends at once. */
const BRIEFLY = [
  'answers with bombs of gzip',
  'answers JSON whose text does not end',
  'closes every call half-way',
  'never ends its headers',
];
const SIGNED = ['lets the run in, then drips', 'floods the run'];

describe('a whole run against it ends in time, with a cause, or with failed clauses', {
  // The runs mostly wait.
  concurrency: 8,
}, () => {
  for (const [what, answer] of Object.entries(WHOLE))
    for (const [how, flags, env] of [
      ['--url', (url: string) => ['--url', `${url}/test`], {}],
      [
        '--url with credentials',
        (url: string) => ['--url', `${url}/test`, '--endpoint', url, '--auth', 'iam'],
        KEYS,
      ],
      ['--endpoint', (url: string) => ['--endpoint', url], {}],
    ] as const) {
      // Fast runs differ by how the API is reached; slow ones by where they wait.
      if (how === '--url with credentials' && !SIGNED.includes(what)) continue;
      it(`${how}: one that ${what}`, async (t) => {
        const url = await httpServer(t, answer);
        const own = mkdtempSync(path.join(folder, 'run-'));
        const args = [
          'conformance',
          ...flags(url),
          '--report',
          path.join(own, 'r'),
          '--journal',
          path.join(own, 'j'),
          ...(BRIEFLY.includes(what) ? ['--clause', 'LIST-1', '--evidence', path.join(own, 'e')] : []),
        ];
        assertBounded(await suite(args, { env, seconds: MAX_SECONDS + 10 }));
      });
    }
});

function assertBounded({ exitCode, stdout, stderr, seconds, peakMb }: Ended): void {
  const said = `${stdout}${stderr}`.slice(-2_000);
  assert.ok(exitCode === 1 || exitCode === 2, `exit ${exitCode} after ${seconds} s\n${said}`);
  assert.ok(seconds < MAX_SECONDS, `${seconds} s`);
  assert.ok(peakMb < MAX_MB, `${peakMb} MB`);
  assert.match(stdout, /^verdict +(error|not-conformant|partial): [^\n]+$/m);
  assert.doesNotMatch(said, /the suite itself failed|the run itself failed/);
}
