import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { NotObservable } from '../../infra/errors.ts';
import type { ProxyRequest } from '../client/requests.ts';
import { kinesisThroughProxy } from './through-proxy.ts';

/** A client with a stub proxy, and the requests that the proxy got. */
function proxied(answer: (request: ProxyRequest) => { status?: number; body: unknown }) {
  const asked: ProxyRequest[] = [];
  const stuck: string[] = [];
  const send = async (_: unknown, request: ProxyRequest) => {
    asked.push(request);
    const { status = 200, body } = answer(request);
    return {
      request: { method: request.method, url: `http://proxy${request.path}`, headers: request.headers },
      response: { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
      durationMs: 1,
    };
  };
  return {
    stuck,
    kinesis: kinesisThroughProxy(
      { send, makeNoMore: (stream) => stuck.push(stream) },
      { baseUrl: 'http://proxy' },
    ),
    asked,
  };
}

test('requests to Kinesis become calls of the proxy, and answers come back as Kinesis gives them', async () => {
  const { kinesis, asked } = proxied(({ method }) => ({
    body: method === 'POST' ? '' : { StreamDescription: { StreamName: 's', StreamCreationTimestamp: 1.5e9 } },
  }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'a b', ShardCount: 3 }));
  const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: 's' }));
  assert.deepEqual(
    asked.map(({ method, path, body }) => [method, path, body]),
    [
      ['POST', '/streams/a%20b', '{"ShardCount":3}'],
      ['GET', '/streams/s', undefined],
    ],
  );
  assert.deepEqual(StreamDescription?.StreamCreationTimestamp, new Date(1.5e12));
});

test('a record is put as text, and its place comes back', async () => {
  const { kinesis, asked } = proxied(() => ({
    body: { FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: 'shardId-000000000000' }] },
  }));
  const Data = new TextEncoder().encode('some "data"');
  const place = await kinesis.send(new PutRecordCommand({ StreamName: 's', Data, PartitionKey: 'k' }));
  assert.equal(place.ShardId, 'shardId-000000000000');
  assert.deepEqual(JSON.parse(asked[0]?.body ?? ''), {
    records: [{ data: 'some "data"', 'partition-key': 'k' }],
  });
});

test("errors are Kinesis's, whatever their status", async () => {
  for (const [status, body] of [
    [200, { __type: 'ResourceNotFoundException', message: 'no' }],
    [400, { __type: 'com.amazonaws.kinesis#ResourceNotFoundException', message: 'no' }],
    [404, { type: 'ResourceNotFoundException', message: 'no' }],
  ] as const) {
    const { kinesis } = proxied(() => ({ status, body }));
    await assert.rejects(kinesis.send(new DescribeStreamCommand({ StreamName: 's' })), {
      name: 'ResourceNotFoundException',
    });
  }
});

test("an answer that is not Kinesis's, or a request that the proxy has no call for, is not observable", async () => {
  const fails = [
    proxied(() => ({ status: 403, body: { message: 'Missing Authentication Token' } })).kinesis.send(
      new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }),
    ),
    proxied(() => ({ status: 500, body: { message: 'Internal server error' } })).kinesis.send(
      new DescribeStreamCommand({ StreamName: 's' }),
    ),
    proxied(() => ({ body: {} })).kinesis.send(new DescribeStreamCommand({ StreamName: 's' })),
    proxied(() => ({ body: {} })).kinesis.send(
      new MergeShardsCommand({ StreamName: 's', ShardToMerge: 'a', AdjacentShardToMerge: 'b' }),
    ),
    proxied(() => ({ body: { StreamNames: ['a'], HasMoreStreams: true } })).kinesis.send(
      new ListStreamsCommand({ ExclusiveStartStreamName: 'a' }),
    ),
  ];
  for (const fail of fails) await assert.rejects(fail, NotObservable);
});

test('a proxy that does not delete is reported, so that nothing more is created through it', async () => {
  for (const [status, body] of [
    [403, { message: 'Missing Authentication Token' }],
    [200, { __type: 'AccessDeniedException', Message: 'no' }],
  ] as const) {
    const { kinesis, stuck } = proxied(() => ({ status, body }));
    await assert.rejects(kinesis.send(new DeleteStreamCommand({ StreamName: 's' })));
    assert.deepEqual(stuck, ['s']);
  }
  const { kinesis, stuck } = proxied(() => ({
    body: { __type: 'ResourceInUseException', message: 'CREATING' },
  }));
  await assert.rejects(kinesis.send(new DeleteStreamCommand({ StreamName: 's' })));
  assert.deepEqual(stuck, [], 'the call only has to be retried');
});

test('reading on after a record skips everything before it', async () => {
  const { kinesis } = proxied(({ path }) => ({
    body: path.endsWith('/sharditerator')
      ? { ShardIterator: 'first' }
      : {
          Records: ['10', '9', '200'].map((SequenceNumber) => ({
            SequenceNumber,
            Data: '',
            PartitionKey: 'k',
          })),
          NextShardIterator: 'second',
          MillisBehindLatest: 0,
        },
  }));
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 's',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber: '10',
    }),
  );
  for (const iterator of [ShardIterator, 'second']) {
    const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
    assert.deepEqual(
      Records?.map(({ SequenceNumber }) => SequenceNumber),
      ['200'],
    );
  }
});
