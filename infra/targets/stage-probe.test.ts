import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Interface } from '../definition/interface/types.ts';
import { TargetError } from '../errors.ts';
import type { Authentication } from './deployed-api.ts';
import { probeStage } from './stage-probe.ts';

const CREDENTIALS = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' });

interface Stub {
  readonly status: number;
  readonly body: string;
  readonly errorType?: string;
}

/** Probes a server that gives every request the same answer. @returns the stream names or the error's message. */
async function probeAt(stub: Stub, authentication: Authentication = {}, offered?: Interface) {
  const headers: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    response.writeHead(stub.status, stub.errorType ? { 'x-amzn-ErrorType': stub.errorType } : {});
    response.end(stub.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/test`;
  try {
    return { names: await probeStage(url, { offered, authentication }, CREDENTIALS), headers };
  } catch (error) {
    assert.ok(error instanceof TargetError, String(error));
    assert.doesNotMatch(error.message, /\n/, 'one line');
    return { said: error.message, headers };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a stage that lists its streams is accepted', async () => {
  const body = '{"HasMoreStreams":false,"StreamNames":["a","b"]}';
  assert.deepEqual((await probeAt({ status: 200, body })).names, ['a', 'b']);
});

test('an API that answers with errors is accepted and left to the run to judge', async () => {
  for (const stub of [
    { status: 500, body: '{"message":"Internal server error"}' },
    { status: 200, body: '{"__type":"AccessDeniedException"}' },
    { status: 400, body: 'no' },
  ])
    assert.equal((await probeAt(stub)).said, undefined, stub.body);
});

test('when a call is refused, the message says why, in one line', async () => {
  const missing = { status: 403, body: '{"message":"Missing Authentication Token"}' };
  const forbidden = { status: 403, body: '{"message":"Forbidden"}' };
  const signature = {
    status: 403,
    body: '{"message":"The request signature we calculated does not match the signature you provided."}',
    errorType: 'InvalidSignatureException',
  };
  const iam = { iam: { region: 'us-east-1' } };
  assert.match(String((await probeAt(missing)).said), /not the stage URL.*--auth iam/);
  assert.doesNotMatch(String((await probeAt(missing, iam)).said), /--auth iam/);
  assert.match(String((await probeAt(forbidden)).said), /requires an API key \(KPC_API_KEY\)/);
  assert.match(String((await probeAt(forbidden, { apiKey: 'x' })).said), /no usage plan of it/);
  assert.match(String((await probeAt(signature)).said), /--auth iam/);
  assert.match(String((await probeAt(signature, iam)).said), /signed call is refused/);
  assert.match(String((await probeAt({ status: 404, body: 'nothing' })).said), /no stage at this URL/);
  assert.match(String((await probeAt({ status: 401, body: '{}' })).said), /authorizer/);
  assert.match(String((await probeAt({ status: 200, body: '<html>' })).said), /web page/);
});

test('calls carry the given authentication', async () => {
  const { headers } = await probeAt(
    { status: 200, body: '{"StreamNames":[]}' },
    { iam: { region: 'eu-west-1' }, apiKey: 'the-key' },
  );
  assert.equal(headers[0]?.['x-api-key'], 'the-key');
  assert.match(
    String(headers[0]?.authorization),
    /Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request/,
  );
});

test('when nothing listens, the message says so', async () => {
  await assert.rejects(
    probeStage('http://127.0.0.1:9/test', { offered: undefined, authentication: {} }, CREDENTIALS),
    /nothing answers at .*correct --url/,
  );
});
