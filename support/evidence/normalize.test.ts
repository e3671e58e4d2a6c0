import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Exchange } from '../client/exchange.ts';
import { normalize } from './normalize.ts';

const BASE = 'https://abc123.execute-api.eu-west-1.amazonaws.com/test';

/** What changes from run to run. */
interface Run {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly numbers: readonly [string, string];
  readonly iterators: readonly [string, string];
  readonly time: number;
}

function exchanges(run: Run): Exchange[] {
  const stream = `kpc-${run.id}-Main-${run.id}ab`;
  const headers = {
    'Content-Type': 'application/json',
    Date: new Date(run.time * 1000).toUTCString(),
    'x-amzn-RequestId': `0b8f6c1c-${run.id.slice(0, 4)}-4a53-9d21-0a0b0c0d0e0f`,
    'X-Amzn-Trace-Id': `Root=1-${run.id}-${run.id}${run.id}${run.id};Parent=${run.id}${run.id};Sampled=0`,
  };
  const answered = (
    method: string,
    path: string,
    body: unknown,
    more: Partial<Exchange['request']> = {},
  ) => ({
    request: { method, url: `${BASE}${path}`, headers: { Authorization: 'AWS4 planted' }, ...more },
    response: { status: 200, headers, body: JSON.stringify(body) },
    durationMs: run.time % 100,
  });
  return [
    answered('PUT', `/streams/${stream}/record`, {
      SequenceNumber: run.numbers[0],
      ShardId: 'shardId-000000000004',
    }),
    answered('PUT', `/streams/${stream}/record`, {
      SequenceNumber: run.numbers[1],
      ShardId: 'shardId-000000000004',
    }),
    answered('GET', `/streams/${stream}/sharditerator?shard-id=shardId-000000000004`, {
      ShardIterator: run.iterators[0],
    }),
    answered(
      'GET',
      `/streams/${stream}/records`,
      {
        NextShardIterator: run.iterators[1],
        MillisBehindLatest: 0,
        Records: [
          { SequenceNumber: run.numbers[1], ApproximateArrivalTimestamp: run.time + 0.5, Data: 'eA==' },
        ],
      },
      { headers: { 'Shard-Iterator': run.iterators[0] } },
    ),
    answered('GET', `/streams/${stream}`, {
      StreamDescription: {
        StreamARN: `arn:aws:kinesis:${run.region}:${run.account}:stream/${stream}`,
        StreamCreationTimestamp: run.time,
        Shards: [{ HashKeyRange: { EndingHashKey: '340282366920938463463374607431768211455' } }],
      },
    }),
    answered('GET', '/streams', {
      StreamNames: ['a', `of-another-user-${run.id}`],
      HasMoreStreams: run.time % 2 === 0,
    }),
  ];
}

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`));
const iterator = fc.stringMatching(/^AAAAAAAAAA[A-Za-z0-9+/]{100}==$/);
const runs: fc.Arbitrary<Run> = fc.record({
  id: hex(8),
  account: digits(12),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'us-gov-west-1'),
  numbers: fc.uniqueArray(digits(56), { minLength: 2, maxLength: 2 }) as fc.Arbitrary<[string, string]>,
  iterators: fc.uniqueArray(iterator, { minLength: 2, maxLength: 2 }) as fc.Arbitrary<[string, string]>,
  time: fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }),
});

test('two runs with equal observations leave equal evidence, whatever their ids, times and accounts', () => {
  fc.assert(
    fc.property(runs, runs, (a, b) => {
      assert.deepEqual(normalize(exchanges(a), [BASE]), normalize(exchanges(b), [BASE]));
    }),
    { numRuns: 50 },
  );
});

test('equal values stay equal, and values in the contract stay unchanged', () => {
  const [sample] = fc.sample(runs, { numRuns: 1, seed: 1 }) as [Run];
  const normal = normalize(exchanges(sample), [BASE]);
  const bodies = normal.map(({ response }) => (response.body as { json: Record<string, unknown> }).json);
  const body = (i: number) => bodies[i] ?? {};
  assert.deepEqual(body(0), { SequenceNumber: '<sequence-number:1>', ShardId: 'shardId-000000000004' });
  assert.equal(body(1).SequenceNumber, '<sequence-number:2>');
  assert.equal(normal[3]?.request.headers['shard-iterator'], body(2).ShardIterator);
  assert.equal((body(3).Records as { SequenceNumber: string }[])[0]?.SequenceNumber, '<sequence-number:2>');
  assert.equal(body(3).MillisBehindLatest, 0);
  assert.equal(normal[0]?.request.path, '/streams/<stream:1>/record');
  const text = JSON.stringify(normal);
  assert.ok(text.includes('340282366920938463463374607431768211455'), 'a hash key is not a sequence number');
  assert.ok(text.includes('arn:aws:kinesis:<region>:<account>:stream/<stream:1>'));
  for (const secret of ['planted', sample.account, sample.id, sample.region, 'of-another-user', 'abc123'])
    assert.ok(!text.includes(secret), `${secret} is still in ${text}`);
});

test('the trace that a client sent is kept, and no other', () => {
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const exchange = (answered: string): Exchange => ({
    request: { method: 'GET', url: `${BASE}/streams`, headers: { 'X-Amzn-Trace-Id': root } },
    response: { status: 200, headers: { 'x-amzn-trace-id': answered }, body: 'not JSON' },
    durationMs: 1,
  });
  const trace = (answered: string) =>
    normalize([exchange(answered)], [BASE])[0]?.response.headers['x-amzn-trace-id'];
  assert.equal(trace(`${root};Parent=0123456789abcdef;Sampled=0`), root);
  assert.equal(trace('Root=1-00000000-111111111111111111111111'), 'Root=<trace-id>');
});

test('repeated equal looks count as one', () => {
  const [look] = exchanges((fc.sample(runs, { numRuns: 1, seed: 2 }) as [Run])[0]).slice(-1) as [Exchange];
  assert.equal(normalize([look, look, look], [BASE]).length, 1);
});
