import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { type Clients, createClients } from '../provision/clients.ts';
import { shardOfIterator } from './calls.ts';
import { CLOCK_VARIABLE } from './clock.ts';
import { rateLimiter } from './rate-limit.ts';

type Scripted = { readonly status: number; readonly body: object } | 'lost';

const OK: Scripted = { status: 200, body: {} };
const refused = (type: string, message: string): Scripted => ({
  status: 400,
  body: { __type: type, message },
});

let script: Scripted[] = [];
let calls = 0;
const server = createServer((request, response) => {
  request.resume();
  const next = script[calls] ?? OK;
  calls++;
  if (next === 'lost') return void request.socket.destroy();
  response.writeHead(next.status, { 'Content-Type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(next.body));
});
let clients: Clients;

before(async () => {
  process.env[CLOCK_VARIABLE] = '100';
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  clients = createClients({ endpoint, region: 'us-east-1', credentials }, 'aws');
});
after(() => {
  clients.destroy();
  server.close();
});

async function create(...answers: Scripted[]): Promise<{ made: number; name: string | undefined }> {
  script = answers;
  calls = 0;
  const name = await clients.kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 })).then(
    () => undefined,
    (error: Error) => error.name,
  );
  return { made: calls, name };
}

const inUse = refused('ResourceInUseException', 'Stream s under account 1 already exists.');

test('a call that is throttled, fails or is lost is retried, and counted', async () => {
  rateLimiter.takeCounts();
  const rate = refused('LimitExceededException', 'Rate exceeded for account 1.');
  const failed: Scripted = { status: 500, body: { __type: 'InternalFailure' } };
  assert.deepEqual(await create(rate, failed, 'lost', OK), { made: 4, name: undefined });
  const counted = { throttled: 1, serverErrors: 1, lostConnections: 1, repeated: { CreateStream: 3 } };
  assert.deepEqual(rateLimiter.takeCounts(), counted);
});

test('a permanent limit, and any other refusal, is returned', async () => {
  const shards = refused(
    'LimitExceededException',
    'This request would exceed the shard limit for the account 1.',
  );
  assert.deepEqual(await create(shards), { made: 1, name: 'LimitExceededException' });
  assert.deepEqual(await create(inUse), { made: 1, name: 'ResourceInUseException' });
});

test('a creation whose answer was lost succeeds if the stream exists; a throttled one does not', async () => {
  assert.deepEqual(await create('lost', inUse), { made: 2, name: undefined });
  const rate = refused('LimitExceededException', 'Rate exceeded.');
  assert.deepEqual(await create(rate, inUse), { made: 2, name: 'ResourceInUseException' });
});

test('the shard of an iterator is remembered, also for its successors', async () => {
  calls = 0;
  script = [
    { status: 200, body: { ShardIterator: 'first' } },
    { status: 200, body: { Records: [], NextShardIterator: 'second' } },
  ];
  const at = { StreamName: 's', ShardId: 'shardId-000000000002', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await clients.kinesis.send(new GetShardIteratorCommand(at));
  await clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  assert.equal(shardOfIterator('first'), 's/2');
  assert.equal(shardOfIterator('second'), 's/2');
});
