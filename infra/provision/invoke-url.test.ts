import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { TargetError } from '../errors.ts';
import { findInvokeUrl } from './invoke-url.ts';

const GATEWAYS = { 'x-amz-apigw-id': 'abc', 'x-amzn-RequestId': '1' };
const FORBIDDEN = '{"message":"Forbidden"}';
const XML = '<AccessDeniedException/>';

for (const [what, answer] of [
  ['an API that requires a key', { status: 403, headers: GATEWAYS, body: FORBIDDEN }],
  ['an API that calls Kinesis by GET and passes on its XML', { status: 200, headers: GATEWAYS, body: XML }],
  ['an API without a list of streams', { status: 404, headers: GATEWAYS, body: '{}' }],
] as const)
  test(`${what} is found`, async () => {
    const { served } = await probing(answer);
    assert.match(served.baseUrl, /\/api\/test$/);
  });

for (const [what, answer] of [
  ['a refusal without the marks of a gateway', { status: 403, headers: {}, body: FORBIDDEN }],
  ['another service’s XML', { status: 200, headers: {}, body: XML }],
] as const)
  test(`${what} is not taken for an API`, async () => {
    await assert.rejects(probing(answer), TargetError);
  });

/** Probes a server that gives every request the same answer. */
async function probing(answer: { status: number; headers: Readonly<Record<string, string>>; body: string }) {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await findInvokeUrl({
      forms: [{ url: `http://127.0.0.1:${port}/{restApiId}/{stage}` }],
      values: { restApiId: 'api', stage: 'test', region: 'us-east-1' },
      probePath: '/streams',
      timeoutMillis: 30,
      intervalMillis: 10,
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
