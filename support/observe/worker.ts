import { stalls } from '../../infra/bounds/stalls.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { messageOf } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { DEPLOYMENT_VARIABLE, type Deployment } from '../../infra/provision/deployment.ts';
import { type Journal, joinJournal } from '../../infra/provision/journal.ts';
import { now } from '../../infra/retry/clock.ts';
import { levelOf, Waits } from '../../infra/retry/waits.ts';
import type { Credentials } from '../../infra/targets/authenticate.ts';
import { Caller } from '../client/caller.ts';
import { HttpClient } from '../client/http.ts';
import { RECOVERY, untilRested } from './conditions.ts';
import { type KnownStream, StreamPool } from './pool.ts';
import type { StoredRecord } from './records.ts';
import { sessionOf } from './session-token.ts';
import { Streams } from './streams.ts';
import { kinesisThroughProxy } from './through-proxy.ts';

/** About half of a shard's limit per second (docs/facts/kinesis.md#limits). */
const MAX_LOAD = { records: 400, bytes: 400_000 } as const;

/** What all scenarios of one of cucumber's workers share: connections, clients and kept streams. */
export class Worker {
  readonly deployment: Deployment;
  readonly waits: Waits;
  /** Whether to observe AWS's quotas. */
  readonly retriesCalls: boolean;
  readonly http = new HttpClient();
  readonly caller: Caller;
  /** Its Kinesis client uses the proxy where Kinesis cannot be queried directly. */
  readonly clients: Clients;
  readonly journal: Journal;
  readonly streams: Streams;
  readonly pool: StreamPool;
  /** By stream, sequence numbers that finished scenarios received; such a record may become visible late. */
  readonly #past = new Map<string, Set<string>>();
  #writes = 0;
  #session: Promise<Credentials> | undefined;
  readonly #exhaustedUntil = new Map<string, number>();
  /** The number of records put into each stream since its last pause. */
  readonly #loads = new Map<string, { records: number; bytes: number }>();
  readonly #readAt = new WeakMap<KnownStream, number>();

  constructor(deployment: Deployment) {
    this.deployment = deployment;
    const level = levelOf(deployment.target.behaves);
    this.retriesCalls = level === 'aws';
    this.waits = new Waits(level);
    // A worker thread has not been told yet that the target is not the suite's.
    if (['url', 'endpoint'].includes(deployment.target.kind)) stalls.join();
    const clients = createClients(deployment.access, level);
    this.caller = callerOf(deployment, this.http, clients);
    this.clients = this.seesKinesis
      ? clients
      : { ...clients, kinesis: kinesisThroughProxy(this.caller, deployment.proxy, deployment.interface) };
    this.journal = joinJournal(deployment.journal);
    const marking = { journal: this.journal, tags: deployment.tags };
    const { kinesis } = this.clients;
    const cannotMake =
      this.seesKinesis || makesStreams(deployment.interface)
        ? undefined
        : 'Kinesis cannot be queried directly, and the API has no calls that create and delete streams';
    if (cannotMake !== undefined) this.caller.makeNoMore('what it makes');
    this.streams = new Streams(kinesis, this.waits, deployment.limits, marking, this.seesKinesis, cannotMake);
    this.pool = new StreamPool(this.clients.kinesis, this.streams, {
      ...deployment,
      direct: this.seesKinesis,
      foreign: deployment.target.kind === 'url',
    });
  }

  /**
   * Temporary credentials for a caller with long-term ones; temporary ones are returned unchanged.
   * @throws NotObservable where STS issues none.
   */
  async sessionOf(own: Credentials, region: string): Promise<Credentials> {
    if (own.sessionToken !== undefined) return own;
    this.#session ??= sessionOf(own, { ...this.deployment.access, region });
    return this.#session;
  }

  /** Whether Kinesis is queried directly. */
  get seesKinesis(): boolean {
    return this.deployment.capabilities.includes('direct-kinesis');
  }

  /**
   * Has to be called for every call that may store something, wherever a defective proxy may put it.
   * @throws during the cleanup, since anything created now would stay.
   */
  noteWrite(): void {
    this.journal.assertOpen();
    this.#writes++;
  }

  /** Skips the records of earlier scenarios in a kept stream; a new stream has none. */
  async settle(stream: KnownStream): Promise<void> {
    await this.rest(stream.name);
    const readAt = this.#readAt.get(stream);
    if (readAt === undefined) this.#readAt.set(stream, this.#writes);
    else if (readAt < this.#writes) await this.read(stream);
  }

  /**
   * Once scenarios together have put about half of a shard's limit per second, or more, the next user of the stream
   * waits until the shards accept as much again.
   */
  noteLoad(stream: string, records: readonly { readonly data: string }[]): void {
    const load = this.#loads.get(stream) ?? { records: 0, bytes: 0 };
    load.records += records.length;
    for (const { data } of records) load.bytes += data.length;
    this.#loads.set(stream, load);
    if (load.records > MAX_LOAD.records || load.bytes > MAX_LOAD.bytes)
      this.#exhaustedUntil.set(stream, now() + RECOVERY);
  }

  /** Waits until the shards of a stream accept records again, if scenarios put many. */
  async rest(stream: string): Promise<void> {
    const wait = (this.#exhaustedUntil.get(stream) ?? 0) - now();
    if (wait > 0) await untilRested(this.deployment, stream, wait);
    this.#exhaustedUntil.delete(stream);
    this.#loads.delete(stream);
  }

  /** The new records of a stream since the last look, without those of finished scenarios. */
  async read(stream: KnownStream): Promise<StoredRecord[]> {
    this.#readAt.set(stream, this.#writes);
    const records = await stream.tail.read();
    const past = this.#past.get(stream.name);
    return records.filter(({ sequenceNumber }) => !past?.has(sequenceNumber));
  }

  /**
   * Records of a finished scenario do not concern the next one. Sequence numbers are unique only
   * within a stream.
   */
  forget(stream: string, sequenceNumbers: readonly string[]): void {
    const past = this.#past.get(stream) ?? new Set();
    for (const sequenceNumber of sequenceNumbers) past.add(sequenceNumber);
    this.#past.set(stream, past);
  }

  /**
   * Removes the pooled streams, unless they are to stay, and closes the connections.
   * @returns one line for each stream that is still there.
   */
  async close(): Promise<string[]> {
    const left = this.deployment.keepsStreams ? [] : await this.pool.close();
    this.clients.destroy();
    await this.http.close();
    return left;
  }
}

/** Whether an API can create and delete streams; an unknown API is treated as the tutorial's. */
export function makesStreams(offered: Interface | undefined): boolean {
  const has = (action: string) => offered?.calls.some((call) => call.action === action);
  return offered === undefined || (has('CreateStream') === true && has('DeleteStream') === true);
}

/** The caller of the deployed API. */
export function callerOf(deployment: Deployment, http: HttpClient, clients: Clients): Caller {
  const { authentication, limits, prefix, target, interface: offered, stageVariables } = deployment;
  return new Caller(http, {
    authentication,
    limits,
    offered,
    stageVariables,
    prefix,
    target,
    retriesCalls: levelOf(target.behaves) === 'aws',
    credentials: () => clients.kinesis.config.credentials(),
  });
}

let current: Worker | undefined;

/** This process's worker, created at its first use. */
export function worker(): Worker {
  current ??= new Worker(deploymentOf(process.env));
  return current;
}

/** Closes this process's worker, if it was ever used. */
export async function closeWorker(): Promise<string[]> {
  const left = (await current?.close()) ?? [];
  current = undefined;
  return left;
}

/** @throws when the environment has no deployment, or an unreadable one. */
export function deploymentOf(environment: Readonly<Record<string, string | undefined>>): Deployment {
  const json = environment[DEPLOYMENT_VARIABLE];
  if (json === undefined || json === '')
    throw new Error(
      `${DEPLOYMENT_VARIABLE} is not set, so there is no proxy to call; run "${called('run')}"`,
    );
  try {
    return JSON.parse(json) as Deployment;
  } catch (error) {
    throw new Error(`${DEPLOYMENT_VARIABLE} holds no JSON: ${messageOf(error)}`);
  }
}
