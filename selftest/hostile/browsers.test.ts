import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';
import { type AttackedGateway, attackedGateway, definitionOf } from './gateway.ts';

let gateway: AttackedGateway;
before(async () => {
  gateway = await attackedGateway(definitionOf({ open: {} }));
});
after(() => gateway.stop());

interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends headers that fetch does not let one set, such as Host and Origin. @returns status and text. */
async function send(
  target: string,
  { method = 'POST', headers, body = '' }: Sent,
): Promise<[number, string]> {
  const call = request(new URL(target, gateway.aws.endpoint), { method, headers, agent: false });
  call.end(body);
  const [answer] = await once(call, 'response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return [answer.statusCode, text];
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another site': { origin: 'https://evil.example' },
  'another port of this machine': { origin: 'http://127.0.0.1:1' },
  'a sandboxed frame': { origin: 'null' },
  'another site, without an Origin': { 'sec-fetch-site': 'cross-site' },
  'another port, without an Origin': { 'sec-fetch-site': 'same-site' },
  'a rebound name': { host: 'evil.example' },
  'a rebound name with its own Origin': { host: 'evil.example:80', origin: 'http://evil.example:80' },
  'a name with the same start': { host: 'localhost.evil.example' },
};
const CALLS: Readonly<Record<string, readonly [target: string, call: Sent]>> = {
  'the control plane, to create': [
    '/restapis',
    { headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}' },
  ],
  'the control plane, to import': [
    '/restapis?mode=import',
    { headers: {}, body: JSON.stringify(definitionOf({ a: {} })) },
  ],
  'the control plane, to read': ['/restapis', { method: 'GET', headers: {} }],
  'the control plane, before a call': ['/restapis', { method: 'OPTIONS', headers: {} }],
  IAM: ['/', { headers: form, body: 'Action=CreateUser&UserName=evil&Version=2010-05-08' }],
  STS: ['/', { headers: form, body: 'Action=GetCallerIdentity&Version=2011-06-15' }],
  Kinesis: [
    '/?Action=ListStreams',
    {
      headers: { 'content-type': 'application/json', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
      body: '{}',
    },
  ],
};

for (const [page, of] of Object.entries(PAGES)) {
  test(`a page of ${page} reaches no service`, async () => {
    for (const [name, [target, call]] of Object.entries(CALLS)) {
      const [status, text] = await send(target, { ...call, headers: { ...call.headers, ...of } });
      assert.equal(status, 403, `${name}: ${text}`);
      assert.match(text, /refuses this call from a browser/);
    }
  });
}

test('the server itself, and clients that are not browsers, are served', async () => {
  const own = new URL(gateway.aws.endpoint).host;
  const theirs: Readonly<Record<string, string>>[] = [
    {},
    { origin: `http://${own}` },
    { host: `localhost:${new URL(gateway.aws.endpoint).port}` },
  ];
  for (const headers of theirs) assert.equal((await send('/restapis', { method: 'GET', headers }))[0], 200);
});

test('a deployed API takes calls from every origin', async () => {
  const target = `${new URL(gateway.url).pathname}/open`;
  const headers = {
    'content-type': 'application/json',
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
  };
  assert.equal((await send(target, { headers, body: '{}' }))[0], 200);
});

test('no call to this machine goes through the proxy of the environment', async () => {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-proxied-'));
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_USE_ENV_PROXY: '1' };
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
    env[name] = url;
    env[name.toLowerCase()] = url;
  }
  delete env.NO_PROXY;
  delete env.no_proxy;
  try {
    const run = ['conformance', '--sockets', '--clause', 'PUT-3', '--report', folder];
    const child = spawn(process.execPath, ['support/cli/main.mjs', ...run], {
      cwd: ROOT,
      env,
      timeout: 60_000,
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 0, said);
    assert.equal(connections, 0);
  } finally {
    proxy.close();
    rmSync(folder, { recursive: true });
  }
});
