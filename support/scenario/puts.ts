import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import { isDataOfKey, listPointer, recordsIn } from '../../infra/definition/interface/places.ts';
import { stepsOf } from '../../infra/definition/interface/sample.ts';
import type { Call, Place } from '../../infra/definition/interface/types.ts';
import type { IntendedRecord } from '../client/by-interface.ts';
import { waysToGive } from '../client/carriers.ts';
import { maySend } from '../client/may-send.ts';
import type { ProxyWorld } from '../world.ts';
import { maxBatchOf } from './batch-size.ts';
import { whyUnwelcome } from './offered.ts';
import { SOME_RECORDS, streamOf, subjectsOf } from './production.ts';

/**
 * Puts texts by an action: one record per call, or all in one batch. Records that the call's model refuses are put
 * separately, since the API may refuse them.
 */
export async function putsTexts(
  world: ProxyWorld,
  action: string,
  records: readonly IntendedRecord[],
): Promise<void> {
  for (const call of world.offered.calls(action)) await putsTextsWith(world, call, records);
  world.lastAnswers = world.offered.attempts.map(({ answer }) => answer);
}

/** The same by one method. */
export async function putsTextsWith(
  world: ProxyWorld,
  call: Call,
  records: readonly IntendedRecord[],
): Promise<void> {
  const stream = streamOf(world);
  const isWelcome = (record: IntendedRecord) =>
    whyUnwelcome(call, { stream, ...record, records: [record] }) === undefined;
  const isShared = recordsIn(call).some(isDataOfKey);
  const [unwelcome, sendable] = split(
    records
      .map((record) => (isShared ? { ...record, partitionKey: record.data } : record))
      .filter((record) => isSayable(call, record))
      .flatMap((record) => inEachWay(call, record)),
    isWelcome,
  );
  for (const record of unwelcome)
    await world.offered.makeOrBeRefused(call, { stream, ...record, records: [record] });
  if (call.action === 'PutRecords')
    for (const batch of batchesOf(call, sendable))
      for (let at = 0; at < batch.length; at += maxBatchOf(call))
        await world.offered.make(call, { stream, records: batch.slice(at, at + maxBatchOf(call)) });
  else for (const record of sendable) await world.offered.make(call, { stream, ...record });
}

/** A record once for each way to give its texts to the parts of a template that has no room for all. */
function inEachWay(call: Call, record: IntendedRecord): IntendedRecord[] {
  const ways = Math.max(1, ...recordsIn(call).map((places) => waysToGive(call, places, record)));
  return ways === 1 ? [record] : Array.from({ length: ways }, (_, way) => ({ ...record, way }));
}

function split<T>(all: readonly T[], isSecond: (one: T) => boolean): [T[], T[]] {
  return [all.filter((one) => !isSecond(one)), all.filter(isSecond)];
}

/** Puts a batch whose only element has no members. */
export async function putsEmptyElement(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('PutRecords')) {
    const intent = { ...(await subjectsOf(world, 'PutRecords')), records: SOME_RECORDS.slice(0, 1) };
    await world.offered.make(call, intent, (request) => ({
      ...request,
      body: JSON.stringify(withEmptyElement(JSON.parse(request.body ?? 'null'), stepsOf(listPointer(call)))),
    }));
  }
}

function withEmptyElement(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return [{}];
  const members = value as Record<string, unknown>;
  return { ...members, [step]: withEmptyElement(members[step], rest) };
}

/** Groups records by call: records of one call must agree in the values that it has only once. */
function batchesOf(call: Call, records: readonly IntendedRecord[]): IntendedRecord[][] {
  const isShared = (place: Place | undefined) =>
    place !== undefined && inputsIn(place).some((input) => input.from !== 'element' && isClients(input));
  const [places = {}] = recordsIn(call);
  const common = ({ data, partitionKey }: IntendedRecord) =>
    JSON.stringify([isShared(places.data) && data, isShared(places.partitionKey) && partitionKey]);
  return [...Map.groupBy(records, common).values()];
}

/** Whether a client of the call can give both data and key of a record. */
function isSayable(call: Call, { data, partitionKey }: IntendedRecord): boolean {
  return recordsIn(call).every(
    (places) => maySend(places.data, data) && maySend(places.partitionKey, partitionKey),
  );
}
