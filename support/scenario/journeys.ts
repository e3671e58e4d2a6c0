import { randomBytes } from 'node:crypto';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { now, sleep } from '../../infra/retry/clock.ts';
import { WaitTimeout } from '../../infra/retry/waits.ts';
import type { IntendedRecord } from '../client/by-interface.ts';
import { type ExpectedRecord, isStoredAs } from '../client/expected-input.ts';
import { expect } from '../expect/expect.ts';
import { iteratorAt, readOn } from '../observe/records.ts';
import { openShards } from '../observe/shards.ts';
import type { ProxyWorld } from '../world.ts';
import { expireIterators } from './conditions.ts';
import { Consumer } from './consumer.ts';
import type { Attempt } from './offered.ts';
import { expectSame } from './producer.ts';
import { assertReadable, assertReadsOwn, FIRST_SHARD, fill } from './production.ts';

/** Records that each producer puts while consumers read. */
const EACH = 30;

/** Creates a consumer for each way to read the first shard, and lets it read the existing records. */
export async function consumersRead(world: ProxyWorld): Promise<void> {
  const stream = world.streams.nameOf('the stream');
  for (const give of world.offered.calls('GetShardIterator')) {
    assertReadsOwn(world, give);
    for (const read of world.offered.calls('GetRecords'))
      world.consumers.push(new Consumer(world, give, read, { stream, shardId: FIRST_SHARD }));
  }
  for (const consumer of world.consumers) {
    await consumer.start();
    await consumer.readOn();
  }
}

/** Puts more records into the stream, directly in Kinesis. */
export async function moreComeIn(world: ProxyWorld, count: number): Promise<void> {
  await fill(world, 'the stream', count, 'later record');
}

export async function iteratorsExpire(world: ProxyWorld): Promise<void> {
  for (const { stream } of world.consumers) await expireIterators(world, stream);
}

/** Each consumer reads one more page. Later steps judge the answers. */
export async function consumersReadOnce(world: ProxyWorld): Promise<void> {
  const before = world.offered.attempts.length;
  for (const consumer of world.consumers) await consumer.page();
  world.offered.attempts = world.offered.attempts.slice(before);
}

export async function consumersRestart(world: ProxyWorld): Promise<void> {
  for (const consumer of world.consumers) {
    await consumer.restart();
    await consumer.readOn();
    world.shardReadings.push(consumer);
  }
}

/** Two producers put records at the same time, and two consumers read the shards meanwhile, until they have all. */
export async function producersAndConsumers(world: ProxyWorld, action: string): Promise<void> {
  const { offered } = world;
  const apart: string[] = [];
  for (const put of offered.calls(action))
    for (const give of offered.calls('GetShardIterator'))
      for (const read of offered.calls('GetRecords'))
        if (!(await meet(world, put, give, read)))
          apart.push(
            `${nameOfCall(give)} reads a different stream from the one that ${nameOfCall(put)} puts into`,
          );
  if (world.meetings.length === 0 && apart.length > 0) throw new NotObservable(apart.join('; '));
}

/** @returns false if the consumers read another stream than the producers write to. */
async function meet(world: ProxyWorld, put: Call, give: Call, read: Call): Promise<boolean> {
  assertReadsOwn(world, give);
  const mark = randomBytes(4).toString('hex');
  const stream = streamOfBoth(world, put, give);
  const shardIds = await shardsOf(world, give, stream);
  const consumers = shardIds.map((shardId) => new Consumer(world, give, read, { stream, shardId }));
  for (const consumer of consumers) await consumer.start();
  const source = consumers[0]?.stream ?? '';
  const told: ExpectedRecord[] = [];
  let isDone = false;
  const producers = Promise.all(
    ['one', 'two'].map(async (name) => {
      for (const batch of batchesOf(put, mark, name)) {
        const attempt = await offeredPut(world, put, stream, batch);
        if (attempt.told.stream === source) told.push(...attempt.told.records);
      }
    }),
  ).finally(() => {
    isDone = true;
  });
  const half = Math.ceil(consumers.length / 2);
  const reading = [consumers.slice(0, half), consumers.slice(half)].map((own) =>
    consume(world, own, () => isDone),
  );
  await Promise.all([producers, ...reading]);
  if (told.length === 0) return false;
  const isOurs = (data: string) => data.includes(mark) || told.some((one) => isStoredAs(one, data));
  // Leaves out records in shards that clients of this proxy cannot read.
  const readable = isClients(give.shardId)
    ? told
    : (await directly(world, source, shardIds)).filter(isOurs).map((data) => ({ data }));
  await untilAllIsRead(world, consumers, readable.length, isOurs);
  world.meetings.push({
    read: consumers.flatMap(({ data }) => data).filter(isOurs),
    put: readable,
    unreadable: consumers.find(({ unreadable }) => unreadable)?.unreadable,
  });
  return true;
}

function streamFor(world: ProxyWorld): string {
  return world.streams.has('the stream') ? world.streams.nameOf('the stream') : 'none';
}

/** If only one of two calls lets its client choose the stream, it uses the stream of the other. */
function streamOfBoth(world: ProxyWorld, put: Call, give: Call): string {
  const [fixed] = [put, give].flatMap(({ stream }) =>
    stream !== undefined && 'fixed' in stream ? [String(stream.fixed)] : [],
  );
  return fixed ?? streamFor(world);
}

async function shardsOf(world: ProxyWorld, give: Call, stream = streamFor(world)): Promise<string[]> {
  if (!isClients(give.shardId)) return [FIRST_SHARD];
  const name = isClients(give.stream) ? stream : (world.offered.fixed.names[0] ?? '');
  const description = await world.worker.streams.describe(name);
  return openShards(description?.Shards ?? []).map(({ ShardId = '' }) => ShardId);
}

function batchesOf(put: Call, mark: string, name: string): IntendedRecord[][] {
  const records = Array.from({ length: EACH }, (_, index) => ({
    data: `${mark} ${name} ${index}`,
    partitionKey: `key ${index}`,
  }));
  if (put.action === 'PutRecord') return records.map((record) => [record]);
  return Array.from({ length: EACH / 10 }, (_, index) => records.slice(index * 10, index * 10 + 10));
}

async function offeredPut(
  world: ProxyWorld,
  put: Call,
  stream: string,
  batch: readonly IntendedRecord[],
): Promise<Attempt> {
  const attempt = await world.offered.make(
    put,
    put.action === 'PutRecord' ? { stream, ...batch[0] } : { stream, records: batch },
  );
  expect(attempt.answer).to.succeed();
  return attempt;
}

/** Reads some shards in turn while the producers put, and once more after they have finished. */
async function consume(
  world: ProxyWorld,
  consumers: readonly Consumer[],
  isDone: () => boolean,
): Promise<void> {
  const pause = world.worker.waits.get('records-visible').intervalMs;
  for (let isLast = false; !isLast; ) {
    isLast = isDone();
    for (const consumer of consumers) await consumer.readOn();
    if (!isLast) await sleep(pause);
  }
}

/** Waits, since records may become visible late. A later step judges if there are too few or too many. */
async function untilAllIsRead(
  world: ProxyWorld,
  consumers: readonly Consumer[],
  count: number,
  isOurs: (data: string) => boolean,
): Promise<void> {
  const started = now();
  await world.worker.waits
    .until('records-visible', `${count} records read through the proxy`, async () => {
      for (const consumer of consumers) await consumer.readOn();
      const seen = consumers.flatMap(({ data }) => data).filter(isOurs).length;
      return seen >= count ? { found: seen } : { seen: `${seen}` };
    })
    .catch((error: unknown) => {
      if (!(error instanceof WaitTimeout)) throw error;
      world.observations.push(`${error.message}, ${Math.round(now() - started)} ms after the last put`);
    });
}

async function directly(world: ProxyWorld, stream: string, shardIds: readonly string[]): Promise<string[]> {
  const { kinesis } = world.worker.clients;
  const found: string[] = [];
  for (const shardId of shardIds) {
    const { records } = await readOn(kinesis, await iteratorAt(kinesis, stream, shardId), shardId);
    found.push(...records.map(({ data }) => data.toString('utf8')));
  }
  return found;
}

/** Asserts that the consumers have read what the producers put, each record once. */
export function nothingIsLostOrDoubled({ meetings }: ProxyWorld): void {
  for (const { read, put, unreadable } of meetings) {
    if (read.length < put.length) assertReadable(unreadable);
    expectSame(read, put, 'the records that were read');
  }
}
