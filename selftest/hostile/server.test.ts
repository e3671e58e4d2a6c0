import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, mock, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { UNEXPECTED } from '../../infra/embedded/http.ts';
import { ROOT } from '../../support/run/suite.ts';
import { type AttackedGateway, attackedGateway, definitionOf } from './gateway.ts';

let gateway: AttackedGateway;
/** The unexpected errors that the server logged. */
const complaints: string[] = [];
before(async () => {
  gateway = await attackedGateway(definitionOf({ open: {} }));
  mock.method(process.stderr, 'write', (text: string) => {
    if (String(text).startsWith(UNEXPECTED)) complaints.push(String(text));
    return true;
  });
});
after(async () => {
  mock.restoreAll();
  await gateway.stop();
});

async function isAlive(): Promise<void> {
  const answer = await fetch(`${gateway.aws.endpoint}/_kpc/health`, { signal: AbortSignal.timeout(5_000) });
  assert.equal(answer.status, 200);
}

/** Sends raw bytes. @returns what comes back until the connection ends, or within a moment. */
async function talk(...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket: Socket = connect(Number(new URL(gateway.aws.endpoint).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const part of parts) socket.write(part);
  await Promise.race([closed, delay(300)]);
  socket.destroy();
  return answer;
}

const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\n';
const RAW: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  nothing: [''],
  garbage: [Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7919) % 256))],
  'a TLS hello': [Buffer.from('16030100c8010000c40303', 'hex')],
  'a partial head': ['GET / HT'],
  'no Host': ['GET /restapis HTTP/1.1\r\n\r\n'],
  'two lengths': [`${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
  'length and chunks': [
    `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /restapis HTTP/1.1\r\nHost: x\r\n\r\n`,
  ],
  'an odd encoding': [`${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  'a broken chunk': [`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n`],
  'a negative length': [`${HEAD}Content-Length: -1\r\n\r\n`],
  'an endless length': [`${HEAD}Content-Length: 99999999999999999999\r\n\r\n`],
  'many headers': [`${HEAD}${'a: b\r\n'.repeat(50_000)}\r\n`],
  'heads of 1 MB': [`${HEAD}${`x: ${'b'.repeat(1_000)}\r\n`.repeat(1_000)}\r\n`],
  'a long header': [`${HEAD}a: ${'b'.repeat(200_000)}\r\n\r\n`],
  'a long target': [`GET /${'a'.repeat(200_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  'bad targets': [
    'GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /%zz%00%ff?%zz=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ],
  'an upgrade': ['GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  'a tunnel': ['CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  'an expectation': [`${HEAD}Expect: the-unexpected\r\nContent-Length: 1\r\n\r\n`],
  'the preface of HTTP/2 and no more': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  'the preface and garbage': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.alloc(10_000, 0xff)],
  'a hundred calls in one write': ['GET /_kpc/health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100)],
};

for (const [name, parts] of Object.entries(RAW)) {
  test(`the server survives ${name}`, async () => {
    const answer = await talk(...parts);
    assert.doesNotMatch(answer, /^HTTP\/1\.1 500/);
    if (name.startsWith('length and')) assert.ok((answer.match(/HTTP\/1\.1 /g)?.length ?? 0) <= 1, answer);
    if (name.startsWith('a hundred')) assert.equal(answer.match(/HTTP\/1\.1 200/g)?.length, 100);
    await isAlive();
  });
}

test('half-open connections do not keep other clients out', async () => {
  const port = Number(new URL(gateway.aws.endpoint).port);
  const sockets = Array.from({ length: 400 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), delay(2_000)])));
  for (const socket of sockets) socket.write('POST /restapis HTTP/1.1\r\nHost: localhost\r\nContent-Le');
  await isAlive();
  for (const socket of sockets) socket.destroy();
});

test('3,000 idle connections, three times the limit, do not keep other clients out', async () => {
  const port = Number(new URL(gateway.aws.endpoint).port);
  const sockets = new Set<Socket>();
  for (let batch = 0; batch < 30; batch += 1) {
    const some = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    for (const socket of some) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    await Promise.all(some.map((socket) => Promise.race([once(socket, 'connect'), delay(2_000)])));
    await isAlive();
  }
  for (const socket of sockets) socket.destroy();
});

test('10,000 calls in one write are answered in order, and other clients are answered meanwhile', async () => {
  const count = 10_000;
  const socket = connect(Number(new URL(gateway.aws.endpoint).port), '127.0.0.1');
  const done = new Promise<number>((resolve) => {
    let [answers, rest] = [0, ''];
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      answers += rest.split('HTTP/1.1 200').length - 1;
      rest = rest.slice(Math.max(rest.lastIndexOf('HTTP/1.1 200') + 12, rest.length - 12));
      if (answers === count) resolve(answers);
    });
    socket.once('close', () => resolve(answers));
  });
  socket.write('GET /_kpc/health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(count));
  await isAlive();
  assert.equal(await Promise.race([done, delay(30_000)]), count);
  socket.destroy();
});

test('500 records of wrong types are rejected as such', async () => {
  const values = ['null', 'true', '-1', '1e400', '[]', '{}', '"\\ud800"', '"="', '[[]]', '{"a":{}}'];
  const records = Array.from({ length: 500 }, (_, at) => {
    const [data, key, hash] = [at, at + 3, at + 7].map((index) => values[index % values.length]);
    return `{"Data":${data},"PartitionKey":${key},"ExplicitHashKey":${hash}}`;
  });
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.PutRecords',
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
  };
  for (const list of [records.join(), values.join(), ...records.slice(0, 50)]) {
    const body = `{"StreamName":"s","Records":[${list}]}`;
    assert.equal(await status('/', { method: 'POST', headers, body }), 400);
  }
});

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const deepObject = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
/** Values of unexpected types. */
const ODD: readonly string[] = [
  ...['null', 'true', '0', '-1', '1e400', '"x"', '[]', '[null]', '{}', '[[]]', '{"a":1}', '[{}]'],
  ...[deep, deepObject, '{"__proto__":1}', '"\\ud800"', '9'.repeat(10_000), `"${'x'.repeat(100_000)}"`],
];
const odd = (...names: readonly string[]) =>
  ODD.flatMap((value) => [
    value,
    ...names.filter(() => value.length < 20_000).map((name) => `{"${name}":${value}}`),
  ]);

async function status(target: string, init: RequestInit): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${gateway.aws.endpoint}${target}`, init);
  await answer.arrayBuffer();
  assert.ok(performance.now() - started < 5_000, `${target} took long`);
  return answer.status;
}

async function refusesOddities(
  send: (body: string) => Promise<number>,
  bodies: readonly string[],
): Promise<void> {
  complaints.length = 0;
  for (const body of bodies) {
    const code = await send(body);
    assert.ok(code < 500 || code === 501, `${code} for ${body.slice(0, 80)}; ${complaints[0]}`);
  }
  assert.deepEqual(complaints, []);
  await isAlive();
}

const signed = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};
const KINESIS: Readonly<Record<string, readonly string[]>> = {
  CreateStream: ['StreamName', 'ShardCount', 'StreamModeDetails', 'Tags'],
  PutRecord: ['StreamName', 'Data', 'PartitionKey', 'ExplicitHashKey', 'StreamARN'],
  PutRecords: ['StreamName', 'Records'],
  GetRecords: ['ShardIterator', 'Limit'],
  GetShardIterator: ['StreamName', 'ShardId', 'ShardIteratorType', 'Timestamp'],
  ListStreams: ['Limit', 'NextToken', 'ExclusiveStartStreamName'],
  ListShards: ['StreamName', 'NextToken', 'ShardFilter'],
  AddTagsToStream: ['StreamName', 'Tags'],
  UpdateShardCount: ['StreamName', 'TargetShardCount', 'ScalingType'],
};
for (const [action, names] of Object.entries(KINESIS)) {
  test(`Kinesis answers odd bodies of ${action}, JSON and CBOR`, async () => {
    const headers = { ...signed, 'x-amz-target': `Kinesis_20131202.${action}` };
    const json = { ...headers, 'content-type': 'application/x-amz-json-1.1' };
    await refusesOddities((body) => status('/', { method: 'POST', headers: json, body }), odd(...names));
    const cbor = { ...headers, 'content-type': 'application/x-amz-cbor-1.1' };
    const bytes = [
      '9f'.repeat(50_000),
      'bf'.repeat(50_000),
      '5bffffffffffffffff',
      'a1ff',
      'c249ff',
      'f97e00',
      'bf6161ff',
    ];
    const bodies = [...bytes.map((hex) => Buffer.from(hex, 'hex').toString('latin1')), '\u0000', 'x'];
    const send = (body: string) =>
      status('/', { method: 'POST', headers: cbor, body: Buffer.from(body, 'latin1') });
    await refusesOddities(send, bodies);
  });
}

const CONTROL: readonly (readonly [method: string, target: string, ...names: string[]])[] = [
  ['POST', '/restapis', 'name', 'tags', 'binaryMediaTypes', 'endpointConfiguration', 'version', 'policy'],
  ['POST', '/restapis?mode=import', 'openapi', 'paths', 'info', 'components'],
  ['PUT', '/restapis/ID', 'openapi', 'paths'],
  ['PATCH', '/restapis/ID', 'patchOperations'],
  ['POST', '/restapis/ID/deployments', 'stageName', 'variables', 'stageDescription'],
  ['POST', '/restapis/ID/models', 'name', 'schema', 'contentType'],
  ['PATCH', '/restapis/ID/stages/x', 'patchOperations'],
  ['POST', '/apikeys', 'name', 'value', 'enabled', 'stageKeys', 'tags'],
  ['POST', '/usageplans', 'name', 'apiStages', 'throttle', 'quota'],
  ['PUT', '/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2FID', 'tags'],
  ['GET', '/restapis?limit=x&position=%ff'],
  ['GET', '/restapis/%ff/%00'],
];
for (const [method, target, ...names] of CONTROL) {
  test(`the control plane answers odd bodies of ${method} ${target}`, async () => {
    const path = target.replace('ID', gateway.restApiId);
    const bodies = method === 'GET' ? [''] : odd(...names);
    const send = (body: string) => status(path, { method, ...(method !== 'GET' && { body }) });
    await refusesOddities(send, bodies);
  });
}

test('a definition of odd parts is refused', async () => {
  const whole = definitionOf({ a: {} }) as { paths: { '/a': { post: Record<string, unknown> } } };
  const bodies: string[] = ['a: &a [*a]', 'openapi: 3.0.1\npaths: &p {a: *p}'];
  for (const value of ODD.filter((each) => each.length < 1_000)) {
    bodies.push(JSON.stringify(whole).replace('"type":"mock"', `"type":${value}`));
    for (const part of [
      'requestTemplates',
      'responses',
      'requestParameters',
      'x-amazon-apigateway-integration',
      'post',
      '/a',
    ])
      bodies.push(JSON.stringify(whole).replace(`"${part}":`, `"${part}":${value},"_":`));
  }
  await refusesOddities((body) => status('/restapis?mode=import', { method: 'POST', body }), bodies);
});

test('a definition of more than 6 MB is refused', async () => {
  const big = JSON.stringify({ ...definitionOf({ a: {} }), x: 'x'.repeat(7_000_000) });
  assert.equal(await status('/restapis?mode=import', { method: 'POST', body: big }), 400);
});

test('IAM and STS answer odd forms', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const policy = encodeURIComponent(deep);
  const wild = encodeURIComponent(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*a'.repeat(500), Resource: '*' }],
    }),
  );
  await refusesOddities(
    (body) => status('/', { method: 'POST', headers, body }),
    [
      ...[
        '',
        '&&&',
        '=',
        '%',
        '%zz=%zz',
        'Action',
        'Action=',
        'Action=CreateRole',
        'Action=constructor',
        'Action=__proto__',
      ],
      ...[
        'Action=CreateRole&RoleName=%ff',
        'Action=CreateUser&UserName=a&UserName=b',
        'Action=ListRoles&MaxItems=x',
      ],
      `Action=CreateRole&RoleName=deep&AssumeRolePolicyDocument=${policy}`,
      'Action=CreateUser&UserName=wild',
      `Action=PutUserPolicy&UserName=wild&PolicyName=p&PolicyDocument=${wild}`,
      `Action=AssumeRole&RoleArn=x&RoleSessionName=y&DurationSeconds=1e999`,
      `Action=CreateRole&RoleName=t&${Array.from({ length: 5_000 }, (_, at) => `Tags.member.${at}.Key=k${at}`).join('&')}`,
      'Action=CreateRole&RoleName=t&Tags.member.99999999999.Key=k',
    ],
  );
});

/** A definition whose templates never end, which every call of the run renders. */
const endless = (() => {
  const loops = Array.from({ length: 4 }, (_, at) => `#foreach($i${at} in [1..1000])`).join('');
  const template = `${loops}x${'#end'.repeat(4)}{"statusCode": 200}`;
  return definitionOf({ 'streams/{stream-name}': { template }, streams: { template } });
})();

test('Ctrl-C ends the proxy within two seconds while endless templates run', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-endless-'));
  try {
    const file = path.join(folder, 'endless.json');
    writeFileSync(file, JSON.stringify(endless));
    const args = ['support/cli/main.mjs', 'proxy', '--port', '0', '--json', '--definition', file];
    const child = spawn(process.execPath, args, { cwd: ROOT });
    const [line] = await once(child.stdout, 'data');
    const { invokeUrl } = JSON.parse(String(line)) as { invokeUrl: string };
    const headers = { 'content-type': 'application/json' };
    const calls = Array.from({ length: 8 }, () =>
      fetch(`${invokeUrl}/streams`, { method: 'POST', headers, body: '{}' }).catch(() => undefined),
    );
    await delay(300);
    const started = performance.now();
    child.kill('SIGINT');
    await once(child, 'close');
    assert.ok(performance.now() - started < 2_000, `it took ${performance.now() - started} ms`);
    await Promise.all(calls);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
