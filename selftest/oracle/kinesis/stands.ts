import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Agent, request as send } from 'undici';
import { createKinesis } from '../../../infra/embedded/kinesis/service.ts';
import { messageOf } from '../../../infra/errors.ts';
import { OracleUnavailable } from '../report.ts';
import { type KinesisCase, PLACES, STREAMS } from './requests.ts';

/** An answer of Kinesis: HTTP status and body. */
export interface KinesisAnswer {
  readonly status: number;
  readonly body: string;
}

/** One of the two that are asked the same. */
export interface Stand {
  /** Puts what only this one can know in the places of the request, and in the answer back again. */
  ask(request: KinesisCase): Promise<KinesisAnswer>;
  stop(): Promise<unknown>;
}

type Call = (action: string, body: string) => Promise<KinesisAnswer>;

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
/** Far beyond any request's time, so that no case is throttled for the one before it: milliseconds. */
const CLOCK_STEP = 2_000;
const SHARD_LIMIT = 20_000;
/** How long kinesalite may take for an answer: milliseconds. */
const PATIENCE = 10_000;

/** The embedded Kinesis, whose clock moves with every call. @param more further streams and their shards. */
export async function startOurs(more: Readonly<Record<string, number>> = {}): Promise<Stand> {
  let clock = Date.now();
  const now = () => clock;
  const kinesis = createKinesis({
    account: { id: ACCOUNT, region: REGION, partition: 'aws', now },
    createMillis: 0,
    deleteMillis: 0,
  });
  const call: Call = async (action, text) => {
    clock += CLOCK_STEP;
    const { status, body } = await kinesis.call({ action, headers: [], body: Buffer.from(text) });
    return { status, body: String(body) };
  };
  return stand(call, async () => undefined, { ...STREAMS, ...more });
}

type Kinesalite = (options: Readonly<Record<string, number>>) => Server;

/** kinesalite, whose error texts were captured from AWS. @throws OracleUnavailable where it is not installed. */
export async function startKinesalite(): Promise<Stand> {
  let kinesalite: Kinesalite;
  try {
    kinesalite = createRequire(import.meta.url)('kinesalite') as Kinesalite;
  } catch (error) {
    throw new OracleUnavailable(`kinesalite does not load (${messageOf(error)}); npm ci installs it`);
  }
  const server = kinesalite({
    createStreamMs: 0,
    deleteStreamMs: 0,
    updateStreamMs: 0,
    shardLimit: SHARD_LIMIT,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const agent = new Agent({ headersTimeout: PATIENCE, bodyTimeout: PATIENCE });
  const call: Call = async (action, body) => {
    const answer = await send(url, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `Kinesis_20131202.${action}`,
        'X-Amz-Date': '20200101T000000Z',
        Authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      },
      body,
    }).catch((error) => {
      throw new Error(`kinesalite did not answer ${action} ${body.slice(0, 300)}: ${messageOf(error)}`);
    });
    // Its texts name the account and region of the environment, where there are such.
    const text = (await answer.body.text())
      .replaceAll(accountOf(process.env), ACCOUNT)
      .replaceAll(`in ${regionOf(process.env)}.`, `in ${REGION}.`);
    return { status: answer.statusCode, body: text };
  };
  return stand(call, async () => {
    await agent.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
}

const accountOf = (environment: NodeJS.ProcessEnv) =>
  (environment.AWS_ACCOUNT_ID ?? ACCOUNT).replace(/\D/g, '') || ACCOUNT;
const regionOf = (environment: NodeJS.ProcessEnv) =>
  environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? REGION;

async function stand(
  call: Call,
  stop: () => Promise<unknown>,
  streams: Readonly<Record<string, number>> = STREAMS,
): Promise<Stand> {
  for (const name of Object.keys(streams)) await restore(call, name, streams);
  return {
    ask: async (request) => {
      const places = await findPlaces(call, request);
      const answer = await call(request.action, fill(bodyOf(request), places));
      await undo(call, request, answer, streams);
      return { ...answer, body: unfill(answer.body, places) };
    },
    stop,
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
    const { ShardIterator } = await fine(call, 'GetShardIterator', {
      StreamName: 'one',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    places.push([PLACES.iterator, String(ShardIterator)]);
  }
  if (body.includes(PLACES.sequence)) {
    const { SequenceNumber } = await fine(call, 'PutRecord', {
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

/** Streams are left as they were found, so that a case can be repeated, and shrunk. */
async function undo(
  call: Call,
  { action, input }: KinesisCase,
  { status }: KinesisAnswer,
  streams: Readonly<Record<string, number>>,
): Promise<void> {
  if (status !== 200 || (action !== 'CreateStream' && action !== 'DeleteStream')) return;
  await restore(call, (input as { StreamName: string }).StreamName, streams);
}

async function restore(call: Call, name: string, streams: Readonly<Record<string, number>>): Promise<void> {
  // kinesalite brings back what is deleted while it is created, and deletes twice what is deleted twice.
  await until(async () => (await statusOf(call, name)) !== 'CREATING');
  if ((await statusOf(call, name)) === 'ACTIVE') await fine(call, 'DeleteStream', { StreamName: name });
  await until(async () => (await statusOf(call, name)) === undefined);
  const shards = streams[name];
  if (shards === undefined) return;
  await fine(call, 'CreateStream', { StreamName: name, ShardCount: shards });
  await until(async () => (await statusOf(call, name)) === 'ACTIVE');
}

/** Undefined for a stream that is not there. */
async function statusOf(call: Call, name: string): Promise<string | undefined> {
  const { status, body } = await call('DescribeStream', JSON.stringify({ StreamName: name }));
  if (status !== 200) return undefined;
  const { StreamDescription } = JSON.parse(body) as { StreamDescription: { StreamStatus: string } };
  return StreamDescription.StreamStatus;
}

async function fine(call: Call, action: string, input: object): Promise<Record<string, unknown>> {
  const { status, body } = await call(action, JSON.stringify(input));
  if (status !== 200) throw new Error(`${action} ${JSON.stringify(input)} was answered ${status} ${body}`);
  return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('a stream did not reach its state within a second');
}
