import { type Call, callWell, type KinesisAnswer } from '../implementations/implementation.ts';
import { type KinesisCase, PLACES, STREAMS } from './cases.ts';

/** A Kinesis with the streams that requests refer to, in the same state for each request. */
export interface Fixture {
  /** Fills the placeholders of a request with this Kinesis's values, and restores them in the answer. */
  ask(request: KinesisCase): Promise<KinesisAnswer>;
}

/** @param more further streams and their shards. */
export async function fixtureOn(call: Call, more: Readonly<Record<string, number>> = {}): Promise<Fixture> {
  const streams = { ...STREAMS, ...more };
  for (const name of Object.keys(streams)) await restore(call, name, streams);
  return {
    ask: async (request) => {
      const places = await findPlaces(call, request);
      const answer = await call(request.action, fill(bodyOf(request), places));
      await undo(call, request, answer, streams);
      return { ...answer, body: unfill(answer.body, places) };
    },
  };
}

function bodyOf({ input }: KinesisCase): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}

type Places = readonly (readonly [place: string, value: string])[];

async function findPlaces(call: Call, request: KinesisCase): Promise<Places> {
  const body = bodyOf(request);
  const places: [string, string][] = [];
  if (body.includes(PLACES.iterator)) {
    const { ShardIterator } = await callWell(call, 'GetShardIterator', {
      StreamName: 'one',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    places.push([PLACES.iterator, String(ShardIterator)]);
  }
  if (body.includes(PLACES.sequence)) {
    const { SequenceNumber } = await callWell(call, 'PutRecord', {
      StreamName: 'one',
      PartitionKey: 'a',
      Data: '',
    });
    places.push([PLACES.sequence, String(SequenceNumber)]);
  }
  return places;
}

const fill = (text: string, places: Places) =>
  places.reduce((filled, [place, value]) => filled.replaceAll(place, value), text);
const unfill = (text: string, places: Places) =>
  places.reduce((emptied, [place, value]) => emptied.replaceAll(value, place), text);

/** Restores the streams, so that a case can be repeated and shrunk. */
async function undo(
  call: Call,
  { action, input }: KinesisCase,
  { status }: KinesisAnswer,
  streams: Readonly<Record<string, number>>,
): Promise<void> {
  if (status !== 200) return;
  const { StreamName: name } = input as { StreamName: string };
  if (/^(?:CreateStream|DeleteStream|SplitShard|MergeShards)$/.test(action))
    await restore(call, name, streams);
  if (action !== 'IncreaseStreamRetentionPeriod') return;
  await callWell(call, 'DecreaseStreamRetentionPeriod', { StreamName: name, RetentionPeriodHours: 24 });
}

async function restore(call: Call, name: string, streams: Readonly<Record<string, number>>): Promise<void> {
  // kinesalite restores a stream that is deleted while CREATING, and accepts a second deletion.
  let status: string | undefined;
  await until(async () => {
    status = await statusOf(call, name);
    return status !== 'CREATING';
  });
  if (status === 'ACTIVE') await callWell(call, 'DeleteStream', { StreamName: name });
  if (status !== undefined) await until(async () => (await statusOf(call, name)) === undefined);
  const shards = streams[name];
  if (shards === undefined) return;
  await callWell(call, 'CreateStream', { StreamName: name, ShardCount: shards });
  await until(async () => (await statusOf(call, name)) === 'ACTIVE');
}

/** Undefined for a stream that does not exist. */
async function statusOf(call: Call, name: string): Promise<string | undefined> {
  const { status, body } = await call('DescribeStream', JSON.stringify({ StreamName: name }));
  if (status !== 200) return undefined;
  const { StreamDescription } = JSON.parse(body) as { StreamDescription: { StreamStatus: string } };
  return StreamDescription.StreamStatus;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('a stream did not reach its state within a second');
}
