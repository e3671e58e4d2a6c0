import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kinesis';
import { cbor, tag } from '@smithy/core/cbor';
import { NormalizedSchema } from '@smithy/core/schema';
import { cborOfJson, jsonOfCbor } from './cbor.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const text = (value: string) => Buffer.from(cbor.serialize(value)).toString('hex');

async function json(hex: string): Promise<unknown> {
  const body = await jsonOfCbor(bytes(hex));
  return body === undefined ? undefined : JSON.parse(body.toString());
}

test('a request as Jackson writes it: maps and lists of indefinite length, bytes, text in chunks', async () => {
  const record = `bf ${text('Data')} 43 00ff80 ${text('PartitionKey')} 7f 61 61 62 c3a9 ff ff`;
  const request = `bf ${text('Records')} 9f ${record} ff ${text('Limit')} 190100 ${text('Exact')} f5 ff`;
  assert.deepEqual(await json(request), {
    Records: [{ Data: 'AP+A', PartitionKey: 'aé' }],
    Limit: 256,
    Exact: true,
  });
  assert.deepEqual(await json(`a2 ${text('A')} f6 ${text('B')} 5f 41 00 41 ff ff`), { A: null, B: 'AP8=' });
});

test('a timestamp is milliseconds in CBOR and seconds in JSON, whatever its width', async () => {
  for (const [hex, seconds] of [
    ['c1 1b 0000018bcfe5687b', 1_700_000_000.123],
    ['c1 00', 0],
    ['c1 38 63', -0.1],
    ['c1 fb 4278bcfe5687b000', 1_700_000_000.123],
  ] as const) {
    assert.deepEqual(await json(`a1 ${text('Timestamp')} ${hex}`), { Timestamp: seconds }, hex);
  }
});

test('integers too large for JavaScript are rounded as in JSON text', async () => {
  assert.deepEqual(await json(`a1 ${text('Limit')} 1b ffffffffffffffff`), { Limit: 2 ** 64 });
  assert.deepEqual(await json(`a1 ${text('Limit')} c2 49 010000000000000000`), { Limit: 2 ** 64 });
  assert.deepEqual(await json(`a1 ${text('Limit')} c3 49 010000000000000000`), { Limit: -(2 ** 64) });
});

test('a body that is not CBOR, or has a value that Kinesis does not use, is not converted', async () => {
  const nested = (depth: number) => `${'81'.repeat(depth)}00`;
  for (const [what, hex] of Object.entries({
    nothing: '',
    JSON: Buffer.from('{}').toString('hex'),
    'a map that ends early': `a2 ${text('A')} 00`,
    'a list longer than the body': '9b 001fffffffffffff',
    'bytes longer than the body': '5a 7fffffff 00',
    'a key that is not text': 'a1 01 00',
    'not a number': `a1 ${text('Limit')} f97e00`,
    infinity: `a1 ${text('Limit')} f97c00`,
    'a timestamp that is text': `a1 ${text('Timestamp')} c1 ${text('now')}`,
    'a tag that no member has': `a1 ${text('Timestamp')} c0 ${text('2013-12-02')}`,
    'a decimal fraction': `a1 ${text('Limit')} c4 82 01 0a`,
    'deep nesting': nested(65),
    'nesting that exhausts the stack': nested(1_000_000),
  }))
    assert.equal(await json(hex), undefined, what);
  assert.notEqual(await json(nested(64)), undefined);
});

test('an answer has bytes, milliseconds and integers, in the order of its JSON', async () => {
  const answer = {
    NextShardIterator: 'x',
    MillisBehindLatest: 0,
    Records: [
      {
        SequenceNumber: '1',
        ApproximateArrivalTimestamp: 1_700_000_000.123,
        Data: 'AP+A',
        PartitionKey: 'é',
      },
      { SequenceNumber: '2', ApproximateArrivalTimestamp: 1_700_000_001, Data: '', PartitionKey: 'k' },
    ],
  };
  const encoded = await cborOfJson(JSON.stringify(answer));
  const [first, second] = answer.Records;
  const record = (one: typeof first, millis: number, data: string) => ({
    ...one,
    ApproximateArrivalTimestamp: tag({ tag: 1, value: millis }),
    Data: bytes(data),
  });
  const expected = {
    ...answer,
    Records: [record(first, 1_700_000_000_123, '00ff80'), record(second, 1_700_000_001_000, '')],
  };
  assert.equal(encoded.toString('hex'), Buffer.from(cbor.serialize(expected)).toString('hex'));
  // An integer of eight bytes, as the SDKs expect, not a floating-point number.
  assert.ok(encoded.includes(bytes('c1 1b 0000018bcfe5687b')));
  assert.equal((await cborOfJson('')).length, 0);
});

test("the SDK's model has no other blob or timestamp, and no other member looks like one", async () => {
  const seen = new Map<string, Set<string>>();
  for (const schema of Object.entries(sdk).flatMap(([name, value]) => (name.endsWith('$') ? [value] : []))) {
    const structure = NormalizedSchema.of(schema as never);
    if (!structure.isStructSchema()) continue;
    for (const [member, shape] of structure.structIterator()) {
      const kind = shape.isBlobSchema() ? 'blob' : shape.isTimestampSchema() ? 'timestamp' : 'other';
      seen.set(member, (seen.get(member) ?? new Set()).add(kind));
    }
  }
  assert.ok(seen.size > 100, `${seen.size} members`);
  for (const [member, kinds] of seen) {
    assert.equal(kinds.size, 1, `${member} is ${[...kinds].join(' and ')}`);
    const [kind] = kinds;
    const written = async (value: unknown) =>
      (cbor.deserialize(await cborOfJson(JSON.stringify({ [member]: value }))) as Record<string, unknown>)[
        member
      ];
    assert.equal((await written('AAAA')) instanceof Uint8Array, kind === 'blob', member);
    assert.equal(typeof (await written(1)) === 'object', kind === 'timestamp', member);
  }
});
