import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { type Serve, startEmbeddedAws } from '../embedded/embedded-aws.ts';
import { createClients } from '../provision/clients.ts';
import { asTarget, withoutSockets } from './embedded.ts';
import { offerInProcess } from './in-process.ts';

/** Counts the requests that arrived at the port. */
let byPort = 0;
const aws = await startEmbeddedAws({
  createMillis: 0,
  middleware: {
    port: (serve) => (request) => {
      if (request.headers.some(([name, value]) => name === 'authorization' && !value.endsWith('=unsigned')))
        byPort += 1;
      return serve(request);
    },
  },
});
after(() => aws.stop());
const { access } = asTarget(aws);

test('clients of this thread need no socket and get the same answers', async () => {
  const withdraw = offerInProcess(aws.endpoint, aws.serve);
  const { kinesis, iam, destroy } = createClients(access, 'embedded');
  await kinesis.send(new CreateStreamCommand({ StreamName: 'here', ShardCount: 1 }));
  const put = { StreamName: 'here', PartitionKey: 'k', Data: Buffer.from('é') };
  assert.match((await kinesis.send(new PutRecordCommand(put))).SequenceNumber ?? '', /^\d{56}$/);
  await assert.rejects(
    kinesis.send(new PutRecordCommand({ ...put, StreamName: 'not-here' })),
    (error: Error) => error.name === 'ResourceNotFoundException' && error.message.includes('not-here'),
  );
  assert.deepEqual((await iam.send(new ListRolesCommand({}))).Roles, []);
  assert.equal(byPort, 0);
  destroy();
  withdraw();
});

test('once the offer is withdrawn, new clients use sockets and signatures', async () => {
  const { kinesis, destroy } = createClients(access, 'embedded');
  const before = byPort;
  assert.deepEqual((await kinesis.send(new ListStreamsCommand({}))).StreamNames, ['here']);
  assert.equal(byPort, before + 1);
  destroy();
});

test('an error that would close a connection is a lost connection in process, too', async () => {
  let calls = 0;
  const lose: Serve = async () => {
    calls += 1;
    throw new Error('lost');
  };
  const withdraw = offerInProcess(aws.endpoint, lose);
  const { kinesis, destroy } = createClients(access, 'aws');
  kinesis.middlewareStack.remove('rateLimitedRetry');
  await assert.rejects(
    kinesis.send(new ListStreamsCommand({})),
    (error: Error & { code?: string }) => error.code === 'ECONNRESET',
  );
  assert.equal(calls, 1);
  destroy();
  withdraw();
});

test('clients use sockets again once a target without sockets has stopped', async () => {
  const own = await startEmbeddedAws();
  const target = withoutSockets(own);
  await target.stop();
  const { kinesis, destroy } = createClients({ ...target.access, region: 'us-east-1' }, 'aws');
  kinesis.middlewareStack.remove('rateLimitedRetry');
  await assert.rejects(kinesis.send(new ListStreamsCommand({})), { code: 'ECONNREFUSED' });
  destroy();
});
