import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StoredRecord,
} from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { HardenedApi } from './testing/hardened-api.ts';

let api: HardenedApi;
before(async () => {
  api = await HardenedApi.start();
});
after(() => api.stop());

let made = 0;
async function newStream(shards = 1): Promise<string> {
  made += 1;
  const StreamName = api.name(`records-${made}`);
  await api.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
  return StreamName;
}

/** All records of a stream with one shard, read directly from Kinesis. */
async function stored(StreamName: string): Promise<StoredRecord[]> {
  const { ShardIterator: first } = await api.clients.kinesis.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const all: StoredRecord[] = [];
  for (let ShardIterator = first; ; ) {
    const page = await api.clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    all.push(...(page.Records ?? []));
    if (page.MillisBehindLatest === 0) return all;
    ShardIterator = page.NextShardIterator;
  }
}

interface Payload {
  readonly bytes: Buffer;
  readonly key: string;
}
const shown = (records: readonly StoredRecord[]) =>
  records.map(({ Data, PartitionKey }) => [Buffer.from(Data ?? []).toString('base64'), PartitionKey]);
const wanted = (payloads: readonly Payload[]) =>
  payloads.map(({ bytes, key }) => [bytes.toString('base64'), key]);
const record = ({ bytes, key }: Payload) => ({ data: bytes.toString('base64'), partitionKey: key });

const TEXTS = [
  '',
  '"some data"',
  'it\'s \\ / " \n \r \t \b \f',
  '\u0000\u0001\u001f\u007f',
  'é, 日本語, العربية, ру́сский, e\u0301, 👩‍👩‍👧‍👦 🏳️‍🌈',
  '$input.body #set($x = 1) ## #* *# \\u0022',
  '{"a":[1,null,"b"]}',
];
const PAYLOADS: readonly Payload[] = [
  ...TEXTS.map((text) => ({ bytes: Buffer.from(text), key: text || 'k' })),
  { bytes: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), key: 'every byte' },
  { bytes: Buffer.alloc(300, 0xff), key: '/'.repeat(256) },
];

for (const [name, put] of [
  [
    'record',
    async (stream: string, payloads: readonly Payload[]) => {
      for (const payload of payloads) {
        const { status, json } = await api.call('PUT', `/streams/${stream}/record`, {
          body: record(payload),
        });
        assert.equal(status, 200);
        assert.deepEqual(Object.keys(json).sort(), ['SequenceNumber', 'ShardId']);
      }
    },
  ],
  [
    'records',
    async (stream: string, payloads: readonly Payload[]) => {
      const body = { records: payloads.map(record) };
      const { status, json } = await api.call('PUT', `/streams/${stream}/records`, { body });
      assert.deepEqual([status, json.failedRecordCount, json.retry], [200, 0, []]);
      assert.equal((json.records as unknown[]).length, payloads.length);
    },
  ],
] as const) {
  test(`PUT /${name} stores exactly the client's bytes, once, under its key`, async () => {
    const stream = await newStream();
    await put(stream, PAYLOADS);
    assert.deepEqual(shown(await stored(stream)), wanted(PAYLOADS));
  });

  test(`PUT /${name} stores 64 kB and 1 MiB`, async () => {
    const stream = await newStream();
    const sizes = [65_536, 1_048_576 - 1];
    const payloads = sizes.map((size) => ({ bytes: randomBytes(size), key: 'k' }));
    for (const payload of payloads) await put(stream, [payload]);
    assert.deepEqual(shown(await stored(stream)), wanted(payloads));
    const body = record({ bytes: randomBytes(1_048_577), key: 'k' });
    const tooLong = await api.call('PUT', `/streams/${stream}/${name}`, {
      body: name === 'record' ? body : { records: [body] },
    });
    assert.equal(tooLong.status, 400);
    assert.equal((await stored(stream)).length, 2);
  });

  test(`PUT /${name} stores 100 random payloads unchanged`, async () => {
    const stream = await newStream();
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((text) => text.isWellFormed());
    const payloads = fc.sample(fc.record({ bytes, key }), { numRuns: 100, seed: 14 });
    await put(stream, payloads);
    assert.deepEqual(shown(await stored(stream)), wanted(payloads));
  });
}

for (const count of [1, 2, 10, 500])
  test(`a batch of ${count} is stored completely, each record once, in order`, async () => {
    const stream = await newStream();
    const payloads = Array.from({ length: count }, (_, at) => ({
      bytes: Buffer.from(`${at}`),
      key: `${at}`,
    }));
    const { status, json } = await api.call('PUT', `/streams/${stream}/records`, {
      body: { records: payloads.map(record) },
    });
    assert.equal(status, 200);
    const records = await stored(stream);
    assert.deepEqual(shown(records), wanted(payloads));
    assert.deepEqual(
      json.records,
      records.map(({ SequenceNumber }) => ({ SequenceNumber, ShardId: 'shardId-000000000000' })),
    );
  });

test('escaping does not make data longer', async () => {
  const stream = await newStream();
  const slashes = record({ bytes: Buffer.alloc(300_000, 0xff), key: 'k' });
  for (const [name, body] of [
    ['record', slashes],
    ['records', { records: [slashes] }],
  ] as const) {
    assert.equal((await api.call('PUT', `/streams/${stream}/${name}`, { body })).status, 200);
    assert.ok((api.sent.at(-1)?.body.length ?? 0) < slashes.data.length + 300);
  }
});

test('a batch that Kinesis accepts in part is a 207 with the positions to send again', async () => {
  const stream = await newStream();
  const taken = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
  const text = `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account 000000000000.`;
  const slow = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: text };
  const failure = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };
  const body = { records: PAYLOADS.map(record).slice(0, 4) };
  const put = () => api.call('PUT', `/streams/${stream}/records`, { body });
  const partly = { FailedRecordCount: 2, Records: [slow, taken, failure, taken] };
  const answer = await api.whileKinesisAnswers(200, partly, put);
  assert.equal(answer.status, 207);
  assert.equal(answer.headers['retry-after'], '1');
  assert.deepEqual(answer.json, {
    failedRecordCount: 2,
    retry: [0, 2],
    records: [
      { type: slow.ErrorCode, message: 'Too many records at once for their shard.' },
      taken,
      { type: failure.ErrorCode, message: 'Kinesis failed to store this record.' },
      taken,
    ],
  });
  const wholly = { FailedRecordCount: 1, Records: [slow] };
  assert.deepEqual((await api.whileKinesisAnswers(200, wholly, put)).json.retry, [0]);
});

test('a producer that resends those positions has every record stored once', async () => {
  const stream = await newStream();
  // Twice what a shard accepts in a second.
  const payloads = Array.from({ length: 10 }, (_, at) => ({
    bytes: Buffer.alloc(200_000, at),
    key: `${at}`,
  }));
  let left: readonly Payload[] = payloads;
  const statuses: number[] = [];
  while (left.length > 0 && statuses.length < 10) {
    const sent = left;
    const { status, json, headers, text } = await api.call('PUT', `/streams/${stream}/records`, {
      body: { records: sent.map(record) },
    });
    statuses.push(status);
    assert.doesNotMatch(text, /account|000000000000(?!")/);
    const retry = json.retry as number[];
    assert.equal(retry.length, json.failedRecordCount);
    left = sent.filter((_, at) => retry.includes(at));
    await sleep(Number(headers['retry-after'] ?? 0) * 1000);
  }
  assert.deepEqual([statuses[0], statuses.at(-1)], [207, 200]);
  assert.deepEqual(shown(await stored(stream)).sort(), wanted(payloads).sort());
});

test('records put through the API can be read through it, from any position and with any limit', async () => {
  const stream = await newStream();
  const payloads = PAYLOADS.slice(0, 6);
  const { json: answer } = await api.call('PUT', `/streams/${stream}/records`, {
    body: { records: payloads.map(record) },
  });
  const numbers = (answer.records as { SequenceNumber: string }[]).map(
    ({ SequenceNumber }) => SequenceNumber,
  );
  const read = async (query: Record<string, string>, limit?: string) => {
    const iterator = await api.call('GET', `/streams/${stream}/sharditerator`, {
      query: { 'shard-id': 'shardId-000000000000', ...query },
    });
    assert.equal(iterator.status, 200, iterator.text);
    const { json } = await api.call('GET', `/streams/${stream}/records`, {
      headers: { 'Shard-Iterator': String(iterator.json.ShardIterator) },
      query: limit === undefined ? {} : { limit },
    });
    return (json.Records as { Data: string; PartitionKey: string }[]).map(({ Data, PartitionKey }) => [
      Data,
      PartitionKey,
    ]);
  };
  const all = wanted(payloads);
  assert.deepEqual(await read({}), all);
  assert.deepEqual(await read({}, '2'), all.slice(0, 2));
  assert.deepEqual(await read({ 'iterator-type': 'LATEST' }), []);
  const third = { 'starting-sequence-number': numbers[2] ?? '' };
  assert.deepEqual(await read({ 'iterator-type': 'AT_SEQUENCE_NUMBER', ...third }), all.slice(2));
  assert.deepEqual(await read({ 'iterator-type': 'AFTER_SEQUENCE_NUMBER', ...third }), all.slice(3));
  const timed = (timestamp: number) =>
    read({ 'iterator-type': 'AT_TIMESTAMP', timestamp: String(timestamp) });
  assert.deepEqual(await timed(1.5), all);
  assert.deepEqual(await timed(Math.floor(Date.now() / 1000) - 60), all);
});

test('a list of more than 100 streams can be read completely, by names and by tokens', async () => {
  const fleet = await HardenedApi.start();
  try {
    const names = Array.from({ length: 120 }, (_, at) => fleet.name(`s${String(at).padStart(3, '0')}`));
    for (const StreamName of names)
      await fleet.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const pages = async (next: (page: Record<string, unknown>) => Record<string, string>) => {
      const seen: string[] = [];
      // Many more pages than expected, in case the list restarts each time.
      for (let query: Record<string, string> = {}; seen.length < 1000; ) {
        const { json } = await fleet.call('GET', '/streams', { query: { limit: '50', ...query } });
        seen.push(...(json.StreamNames as string[]));
        if (json.HasMoreStreams === false) return seen;
        query = next(json);
      }
      return seen;
    };
    const byName = await pages(({ StreamNames }) => ({
      'exclusive-start-stream-name': (StreamNames as string[]).at(-1) ?? '',
    }));
    assert.deepEqual(byName, names);
    assert.deepEqual(await pages(({ NextToken }) => ({ 'next-token': String(NextToken) })), names);
    assert.equal(((await fleet.call('GET', '/streams')).json.StreamNames as string[]).length, 100);
  } finally {
    await fleet.stop();
  }
});

test('a stream is created with the given number of shards, else five, described as by Kinesis, and deleted', async () => {
  for (const [body, shards] of [
    [{}, 5],
    [{ ShardCount: 2 }, 2],
  ] as const) {
    const StreamName = api.name(`made-${shards}`);
    const { status, text } = await api.call('POST', `/streams/${StreamName}`, { body });
    assert.deepEqual([status, text], [200, '']);
    const { json } = await api.call('GET', `/streams/${StreamName}`);
    const { StreamDescription: known } = await api.clients.kinesis.send(
      new DescribeStreamCommand({ StreamName }),
    );
    assert.equal(known?.Shards?.length, shards);
    const told = json.StreamDescription as { Shards: unknown[]; StreamStatus: string };
    assert.deepEqual([told.Shards, told.StreamStatus], [known?.Shards, known?.StreamStatus]);
    assert.equal((await api.call('DELETE', `/streams/${StreamName}`)).status, 200);
    assert.equal((await api.call('GET', `/streams/${StreamName}`)).status, 404);
  }
});
