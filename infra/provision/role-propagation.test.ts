import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { CLOCK_VARIABLE } from '../retry/clock.ts';
import { Waits } from '../retry/waits.ts';
import { findInvokeUrl } from './invoke-url.ts';
import { waitUntilAssumable } from './role-propagation.ts';

const NOT_ASSUMABLE = { status: 500, body: '{"message":"Internal server error"}' };
const DENIED = { status: 200, body: '{"__type":"AccessDeniedException","Message":"User: x"}' };
const NOT_THERE = { status: 403, body: '{"message":"Forbidden"}' };
const GOOD = { status: 200, body: '{"StreamNames":[]}' };

/** The next answers of the deployed API; it repeats the last one. */
let script: (typeof GOOD)[] = [];
let calls = 0;
let authorization = '';
const server = createServer(({ headers }, response) => {
  authorization = headers.authorization ?? '';
  const { status, body } = script[Math.min(calls, script.length - 1)] ?? GOOD;
  calls++;
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
});
let baseUrl = '';
before(async () => {
  process.env[CLOCK_VARIABLE] = '100';
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

/** A wait so long that the expected event comes first, even on a busy machine. */
const LONG_WAITS = new Waits('aws', { KPC_WAIT_ROLE_ASSUMABLE_MS: '600000' });

async function callsUntilAssumable(
  role: Parameters<typeof waitUntilAssumable>[0],
  answers: (typeof GOOD)[],
  waits = LONG_WAITS,
): Promise<number> {
  script = answers;
  calls = 0;
  await waitUntilAssumable(role, { served: { baseUrl }, probePath: '/records', waits });
  return calls;
}

test('a role is assumable after three consecutive answers under that role', async () => {
  const answers = [NOT_ASSUMABLE, GOOD, DENIED, GOOD, GOOD, NOT_ASSUMABLE, GOOD];
  assert.equal(await callsUntilAssumable('full-access', answers), 9);
});

test('signed calls wait for a user that API Gateway does not know yet', async () => {
  const credentials = { accessKeyId: 'AKIAUSER000000000001', secretAccessKey: 'x' };
  const authentication = { iam: { region: 'us-east-1', credentials } };
  const unknown = {
    status: 403,
    body: '{"message":"The security token included in the request is invalid."}',
  };
  script = [unknown, NOT_ASSUMABLE, GOOD];
  calls = 0;
  const api = { served: { baseUrl }, probePath: '/records', waits: LONG_WAITS, authentication };
  await waitUntilAssumable('full-access', api);
  assert.equal(calls, 5);
  assert.match(
    authorization,
    /^AWS4-HMAC-SHA256 Credential=AKIAUSER000000000001\/\d{8}\/us-east-1\/execute-api\//,
  );
});

test('refusals under a role without permissions show that API Gateway assumes it', async () => {
  assert.equal(await callsUntilAssumable('powerless', [NOT_ASSUMABLE, DENIED]), 4);
});

test('the API is not called for a role that cannot be assumed, or without a wait', async () => {
  assert.equal(await callsUntilAssumable('untrusted', [NOT_ASSUMABLE]), 0);
  assert.equal(await callsUntilAssumable('full-access', [NOT_ASSUMABLE], new Waits('embedded', {})), 0);
});

test('an API that answers 500 for other reasons is accepted after the wait', async () => {
  const waits = new Waits('aws', { KPC_WAIT_ROLE_ASSUMABLE_MS: '60000' });
  assert.ok((await callsUntilAssumable('full-access', [NOT_ASSUMABLE], waits)) >= 2);
});

test('a deployment is complete after the given number of consecutive good answers', async () => {
  script = [NOT_THERE, GOOD, GOOD, NOT_THERE, GOOD];
  calls = 0;
  const { served } = await findInvokeUrl({
    forms: [{ url: `${baseUrl}/` }],
    values: {},
    probePath: '/records',
    timeoutMillis: 600_000,
    intervalMillis: 500,
    inARow: 3,
  });
  assert.deepEqual(served, { baseUrl });
  assert.equal(calls, 7);
});
