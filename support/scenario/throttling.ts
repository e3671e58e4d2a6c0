import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { hasFeature, isClients } from '../../infra/definition/interface/offers.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import type { Intent } from '../client/by-interface.ts';
import { untilRested, withinOneSecond } from '../observe/conditions.ts';
import { sdkCall } from '../observe/sdk-call.ts';
import { whileThrottled } from '../observe/throttle.ts';
import type { ProxyWorld } from '../world.ts';
import { MAX_BATCH, maxBatchOf } from './batch-size.ts';
import { type Attempt, whyUnwelcome } from './offered.ts';
import { refusedIn, tellsWhichFailed } from './refusals.ts';

/**
 * So large that 500 of them exceed what five shards take in a second (docs/facts/kinesis.md#limits: 1 MB each), and
 * fit in a call.
 */
export const HEAVY = 'heavy-'.repeat(1_500);
/**
 * Where the gateway generates the keys, records spread: as large as a call may be (5 MiB), so that one shard gets too
 * much.
 */
const HEAVIEST_OF_BATCH = 'heavy-'.repeat(1_725);
/** The maximum factor, since Kinesis limits a record to 1 MiB. */
const MAX_TIMES = 90;
/** The maximum of attempts to exceed a stream's limits. */
export const MAX_BATCHES = 6;
/** The records that a shard takes in a second (docs/facts/kinesis.md#limits). */
const SHARD_RATE = 1_000;
/** How much of that to leave, so that a batch is partly stored. */
const ROOM = 50;
/** The number of large records to put at once: twice what a shard takes in a second. */
const AT_ONCE = 32;
const HEAVY_RECORD = 'heavy-'.repeat(10_667);
/** Where the gateway generates the keys, records may spread: more at once than five shards take in two seconds. */
const HEAVIER_RECORD = 'heavy-'.repeat(66_667);

/** Scales a record's data from a batch of `MAX_BATCH` to a smaller batch of equal total size. */
export function asHeavy(weight: string, size: number): string {
  return weight.repeat(Math.max(1, Math.min(Math.floor(MAX_BATCH / size), MAX_TIMES)));
}

/** @throws NotObservable where other clients' writes would be throttled too. */
export function assertMayOverload(world: ProxyWorld, call: Call): void {
  if (world.deployment.target.kind === 'url' && !isClients(call.stream))
    throw new NotObservable(`${nameOfCall(call)} uses other clients' stream, which a run does not overload`);
}

/** Whether records are too small to exceed what a shard takes: in a URL, in headers, by a model, or as long as a key. */
export function isLight(call: Call, heavy: Intent): boolean {
  return !hasFeature(call, 'body-data') || whyUnwelcome(call, heavy) !== undefined;
}

/** Puts batches until Kinesis stores one only in part. */
export async function putsHeavyBatches(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecords')) {
    assertMayOverload(world, call);
    const stream = world.streams.nameOf('the stream');
    const size = maxBatchOf(call);
    const data = asHeavy(hasFeature(call, 'generated-key') ? HEAVIEST_OF_BATCH : HEAVY, size);
    const records = Array.from({ length: size }, () => ({ data, partitionKey: 'some key' }));
    if (isToldToThrottle(world)) {
      const light = records.map((record) => ({ ...record, data: 'light' }));
      await putsThrottled(world, call, { stream, records: light });
      continue;
    }
    const needsOthers = isLight(call, { stream, records: records.slice(0, 1) });
    const sent = needsOthers ? records.map((record) => ({ ...record, data: 'light' })) : records;
    const before = await storedBefore(world);
    await withinOneSecond(world.deployment, async (hold) => {
      let stored: number | undefined;
      for (let batches = 1; ; batches += 1) {
        const { told } = await world.offered.make(call, { stream, records: sent });
        stored ??= before.get(told.stream) ?? 0;
        const all = await storedIn(world, told.stream);
        if (all > stored && all - stored < records.length) break;
        stored = all;
        if (batches === MAX_BATCHES)
          throw new NotObservable(
            `Kinesis took ${batches} batches of ${size} records, each completely or not at all`,
          );
        await hold(told.stream);
        if (needsOthers) await leaveRoomFor(world, size + Math.min(ROOM, Math.ceil(size / 2)), told.stream);
      }
    });
  }
}

/**
 * Puts records directly into each shard of a stream, as if other clients wrote to it, until it takes no more than a few
 * within the second: small records leave no other way to exceed what a shard takes. The scenario does not see them.
 */
export async function leaveRoomFor({ worker }: ProxyWorld, count: number, name: string): Promise<void> {
  const { Shards = [] } = (await worker.streams.describe(name)) ?? {};
  for (const { HashKeyRange } of Shards)
    for (let left = SHARD_RATE - count; left > 0; left -= MAX_BATCH) {
      const records = Array.from({ length: Math.min(left, MAX_BATCH) }, () => ({
        Data: Buffer.from('light'),
        PartitionKey: 'some key',
        ExplicitHashKey: HashKeyRange?.StartingHashKey,
      }));
      const { Records = [] } = await sdkCall(
        `put records into the stream ${name}`,
        worker.clients.kinesis.send(new PutRecordsCommand({ StreamName: name, Records: records })),
      );
      worker.forget(
        name,
        Records.flatMap(({ SequenceNumber }) => SequenceNumber ?? []),
      );
      worker.noteLoad(
        name,
        records.map(() => ({ data: 'light' })),
      );
    }
}

function isToldToThrottle({ deployment }: ProxyWorld): boolean {
  return deployment.throttling !== undefined;
}

/** Makes a call twice: once normally, and once while the target, which has no limits, is made to throttle. */
async function putsThrottled(world: ProxyWorld, call: Call, intent: Intent): Promise<void> {
  const first = await world.offered.make(call, intent);
  await whileThrottled(world.deployment, () => world.offered.make(call, intent));
  const { stream, records } = first.told;
  if ((await storedIn(world, stream)) > records.length)
    throw new TargetError(`the target was told to throttle, but carried out ${call.action}`);
}

/** The attempts of each method, the last one first: what one method tells must not hide what another does not. */
export function attemptsOfEach({ offered }: ProxyWorld): Attempt[][] {
  return [...Map.groupBy(offered.attempts.toReversed(), ({ call }) => call).values()];
}

/** Whether a method's answer to its last batch tells the client which records to send again. */
export function tellsWhichToSendAgain(
  { deployment }: ProxyWorld,
  [last, before]: readonly Attempt[],
): boolean {
  // A target that is told to throttle refuses each record of a batch.
  if (deployment.throttling && last && before)
    return refusedIn(last, before, last.told.records.length) !== undefined;
  return last !== undefined && tellsWhichFailed(last, last.told.records.length);
}

/** What other methods of the scenario have stored already, by stream; their streams are rested then. */
async function storedBefore(world: ProxyWorld): Promise<Map<string, number>> {
  const { attempts } = world.offered;
  const counts = new Map<string, number>();
  for (const name of new Set(attempts.map(({ told }) => told.stream))) {
    await untilRested(world.deployment, name);
    counts.set(name, await storedIn(world, name));
  }
  return counts;
}

export async function storedIn(world: ProxyWorld, name: string): Promise<number> {
  const isOwn = name === world.streams.nameOf('the stream');
  const records = isOwn
    ? await world.streams.newRecords('the stream', 0)
    : await world.offered.fixed.newRecords(name, 0);
  return records.length;
}

/** Puts records concurrently until Kinesis throttles one. */
export async function putsHeavyRecords(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecord')) {
    assertMayOverload(world, call);
    const stream = world.streams.nameOf('the stream');
    const record = { stream, data: HEAVY_RECORD, partitionKey: 'some key' };
    const heavier = hasFeature(call, 'generated-key') ? { ...record, data: HEAVIER_RECORD } : record;
    const light = { ...record, data: 'light' };
    if (isToldToThrottle(world)) {
      await putsThrottled(world, call, light);
      continue;
    }
    const needsOthers = isLight(call, heavier);
    const [sent, sentAfter] = needsOthers ? [light, light] : [record, heavier];
    const before = await storedBefore(world);
    await withinOneSecond(world.deployment, async (hold) => {
      for (let rounds = 1; ; rounds += 1) {
        const attempts = await Promise.all(
          Array.from({ length: AT_ONCE }, () => world.offered.make(call, rounds === 1 ? sent : sentAfter)),
        );
        const told = attempts[0]?.told.stream ?? '';
        const accepted = world.offered.attempts.filter(
          (attempt) => attempt.call === call && isAccepted(attempt),
        );
        const made = world.offered.attempts.filter((attempt) => attempt.call === call);
        const stored = (await storedIn(world, told)) - (before.get(told) ?? 0);
        if (accepted.length < made.length || stored < made.length) break;
        if (rounds === MAX_BATCHES)
          throw new NotObservable(
            `Kinesis took ${rounds} times ${AT_ONCE} records at once, the last of ${sentAfter.data.length} bytes each`,
          );
        await hold(told);
        if (needsOthers) await leaveRoomFor(world, 0, told);
      }
    });
  }
}

/** Decides by the status only, since a client may ignore everything else. */
export function isAccepted({ call, answer }: Attempt): boolean {
  return answer.status === call.success;
}
