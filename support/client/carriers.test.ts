import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf } from '../../infra/definition/interface/testing.ts';
import { requestOf } from './by-interface.ts';
import { waysToGive } from './carriers.ts';

const MEMBERS = ['a', 'b', 'c', 'd', 'e', 'f'];
const joined = (by: string, ...names: string[]) => names.map((name) => `$input.path('$.${name}')`).join(by);
const CALL = callOf({
  template: `{"StreamName": "s", "Data": "$util.base64Encode("${joined(';', 'a', 'x', 'y')}")", "PartitionKey": "${joined('#', ...MEMBERS)}"}`,
});
const PLACES = { data: CALL.data, partitionKey: CALL.partitionKey } as Required<
  Pick<typeof CALL, 'data' | 'partitionKey'>
>;

const bodyOf = (data: string, partitionKey: string, way = 0) =>
  JSON.parse(requestOf(CALL, { data, partitionKey, way }).body ?? '') as Record<string, string>;

test('a key goes to each member that makes it up, as long as Kinesis takes the whole', () => {
  assert.equal(waysToGive(CALL, PLACES, { data: 'd', partitionKey: 'k' }), 1);
  const body = bodyOf('d', 'k');
  assert.deepEqual(
    MEMBERS.map((name) => body[name]),
    MEMBERS.map(() => 'k'),
  );
});

test('a key that is too long for all goes to some in turn, and never makes the whole too long', () => {
  const long = 'x'.repeat(60);
  const ways = waysToGive(CALL, PLACES, { data: 'd', partitionKey: long });
  assert.equal(ways, 2);
  const bodies = Array.from({ length: ways }, (_, way) => bodyOf('d', long, way));
  for (const body of bodies)
    assert.ok(MEMBERS.map((name) => body[name]).join('#').length <= 256, JSON.stringify(body));
  for (const name of MEMBERS) assert.ok(bodies.some((body) => body[name] === long));
});

test('long data is in a record once, in a member that the key leaves alone', () => {
  const long = 'x'.repeat(65_536);
  const [first, second] = [bodyOf(long, 'k'), bodyOf(long, 'k', 1)];
  assert.deepEqual([first?.a, first?.x?.length, first?.y], ['k', long.length, 'x']);
  assert.deepEqual([second?.x, second?.y?.length], ['x', long.length]);
});
