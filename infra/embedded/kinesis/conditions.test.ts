import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { AnswersTooLate, withConditions } from './conditions.ts';
import { active, fine, gone, type Json, kinesis, now, pass } from './testing/kinesis.ts';

const conditioned = withConditions(kinesis);
const set = (conditions: unknown) => {
  const { status, body } = conditioned.setConditions(Buffer.from(JSON.stringify(conditions)));
  return [status, JSON.parse(String(body))] as const;
};
const SESSION = {
  roleArn: 'arn:aws:iam::000000000000:role/r',
  sessionArn: 'arn:aws:sts::0:assumed-role/r/s',
};
const called = async (action: string, input: object, isGateway = true) => {
  const { status, body } = await conditioned.call({
    action,
    headers: [],
    body: Buffer.from(JSON.stringify(input)),
    ...(isGateway && { session: SESSION }),
  });
  return [status, JSON.parse(String(body) || '{}') as Json] as const;
};

beforeEach(() => set({}));

test("Kinesis fails the gateway's calls of an action, and no others, until told otherwise", async () => {
  set({ failing: { ListStreams: 'InternalFailure', PutRecord: 'ServiceUnavailable' } });
  assert.deepEqual(await called('ListStreams', {}), [500, { __type: 'InternalFailure' }]);
  assert.deepEqual(await called('PutRecord', {}), [503, { __type: 'ServiceUnavailable' }]);
  assert.equal((await called('ListStreams', {}, false))[0], 200);
  assert.equal((await called('DescribeLimits', {}))[0], 200);
  set({ failing: { PutRecord: 'ProvisionedThroughputExceededException' } });
  const [status, { message }] = await called('PutRecord', {});
  assert.equal(status, 400);
  assert.match(String(message), /^Rate exceeded for shard \S+ in stream \S+ under account \d{12}\.$/);
  set({ failing: { ListStreams: 'LimitExceededException' } });
  const [refused, { __type }] = await called('ListStreams', {});
  assert.deepEqual([refused, __type], [400, 'LimitExceededException']);
  set({});
  assert.equal((await called('ListStreams', {}))[0], 200);
});

test('a slow call takes effect, but its answer comes too late', async () => {
  await active('slow', 1);
  set({ slow: ['PutRecord'] });
  const put = called('PutRecord', { StreamName: 'slow', PartitionKey: 'k', Data: 'aGk=' });
  await assert.rejects(put, AnswersTooLate);
  const { ShardIterator } = await fine('GetShardIterator', {
    StreamName: 'slow',
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  assert.equal((await fine<{ Records: Json[] }>('GetRecords', { ShardIterator })).Records.length, 1);
  await gone('slow');
});

test('the iterators of one stream age, including their successors, but not those created afterwards', async () => {
  await active('aged', 1);
  await active('other', 1);
  const iterator = async (StreamName: string) =>
    (
      await fine<{ ShardIterator: string }>('GetShardIterator', {
        StreamName,
        ShardId: '0',
        ShardIteratorType: 'LATEST',
      })
    ).ShardIterator;
  const [old, others] = [await iterator('aged'), await iterator('other')];
  const chained = (await fine<{ NextShardIterator: string }>('GetRecords', { ShardIterator: old }))
    .NextShardIterator;
  set({ aged: { stream: 'aged', millis: 300_000 } });
  for (const ShardIterator of [old, chained]) {
    const [status, body] = await called('GetRecords', { ShardIterator });
    assert.deepEqual([status, body.__type], [400, 'ExpiredIteratorException']);
    const created = new Date(now() - 300_000).getUTCFullYear();
    assert.match(String(body.message), new RegExp(`created at time .* ${created} while`));
  }
  assert.equal((await called('GetRecords', { ShardIterator: await iterator('aged') }))[0], 200);
  assert.equal((await called('GetRecords', { ShardIterator: others }))[0], 200);
  await gone('aged');
  await gone('other');
});

test('a rested stream accepts records again, and other conditions stay', async () => {
  await active('busy', 1);
  await active('other', 1);
  const put = async (StreamName: string) => {
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: 'aGk=' }));
    const answer = await fine<{ FailedRecordCount: number }>('PutRecords', { StreamName, Records });
    return 500 - answer.FailedRecordCount;
  };
  for (const stream of ['busy', 'other'])
    assert.deepEqual([await put(stream), await put(stream), await put(stream)], [500, 500, 0]);
  set({ failing: { ListStreams: 'InternalFailure' } });
  assert.deepEqual(set({ rested: ['busy', 'no such stream'] }), [
    200,
    { failing: { ListStreams: 'InternalFailure' } },
  ]);
  assert.equal((await called('ListStreams', {}))[0], 500);
  assert.deepEqual([await put('busy'), await put('other')], [500, 0]);
  await gone('busy');
  await gone('other');
});

test('a held stream gets no new quota until it is rested', async () => {
  await active('held', 1);
  const Data = 'A'.repeat(900_000);
  const put = async () => (await called('PutRecord', { StreamName: 'held', PartitionKey: 'k', Data }))[0];
  assert.deepEqual(set({ held: ['held', 'no such stream'] }), [200, {}]);
  const statuses: number[] = [];
  for (let puts = 0; puts < 3; puts++) {
    statuses.push(await put());
    pass(5_000);
  }
  assert.deepEqual(statuses, [200, 200, 400]);
  set({ rested: ['held'] });
  assert.equal(await put(), 200);
  await gone('held');
});

test('an invalid condition is refused and changes nothing', () => {
  for (const wrong of [
    [],
    'x',
    { fast: [] },
    { failing: { PutRecord: 'Teapot' } },
    { slow: 'x' },
    { aged: {} },
    { rested: 'busy' },
    { held: 'busy' },
  ]) {
    const [status, { message }] = set(wrong);
    assert.equal(status, 400, JSON.stringify(wrong));
    assert.match(message, /^\w.*\.$/);
  }
});
