import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { Feature } from '../infra/definition/interface/offers.ts';
import type { Deployment } from '../infra/provision/deployment.ts';
import { UndoStack } from '../infra/provision/undo.ts';
import type { RoleName } from '../infra/proxy/roles.ts';
import type { Answer } from './client/answer.ts';
import { WEAKNESS_MEDIA_TYPE } from './client/exchange.ts';
import type { ExpectedData, ExpectedRecord } from './client/expected-input.ts';
import { ProxyClient } from './client/proxy-client.ts';
import { redact } from './client/redact.ts';
import {
  CALL_NAMES,
  type CallName,
  type ProxyRequest,
  type RequestAdditions,
  type Subjects,
  tutorialRequest,
} from './client/requests.ts';
import { iteratorAt, type StoredRecord } from './observe/records.ts';
import { ScenarioStreams } from './observe/scenario-streams.ts';
import { shardId } from './observe/shards.ts';
import { type Worker, worker } from './observe/worker.ts';
import { Batch } from './scenario/batch.ts';
import { Configuration } from './scenario/configuration.ts';
import type { Consumer } from './scenario/consumer.ts';
import { Offered } from './scenario/offered.ts';
import type { Reading as ShardReading } from './scenario/production.ts';
import { Reading } from './scenario/reading.ts';
import type { PutApart } from './scenario/spread.ts';
import { StreamStates } from './scenario/stream-states.ts';
import { TestInvocations } from './scenario/test-invocations.ts';

export type { StreamReference } from './observe/scenario-streams.ts';

/** One scenario: the calls of its client, their streams, and the suite's observations of Kinesis. */
export class ProxyWorld extends World {
  readonly undo = new UndoStack();
  readonly reading = new Reading(this);
  readonly batch = new Batch(this);
  readonly configuration = new Configuration(this);
  readonly testInvocations = new TestInvocations(this);
  readonly states = new StreamStates(this);
  /** The scenario's observations of Kinesis or the control plane, for the report of a failure. */
  readonly observations: string[] = [];
  /** Answers of the calls of one step. */
  lastAnswers: Answer[] = [];
  readonly eight = new Map<CallName, Answer>();
  /** The stream name in the last request. */
  requested = '';
  /** Data that was put, as JSON text. */
  dataPut = '';
  /** The names that the client listed by each method. */
  readonly lists: string[][] = [];
  readonly shardReadings: ShardReading[] = [];
  readonly consumers: Consumer[] = [];
  /** The records that producers want to store, by stream. A repeated record counts once. */
  readonly wanted = new Map<string, readonly ExpectedRecord[]>();
  /** What each method stored by itself. */
  readonly putApart: PutApart[] = [];
  /** Producers and consumers that run at the same time. */
  readonly meetings: {
    readonly read: readonly string[];
    readonly put: readonly ExpectedData[];
    /** A page that is not JSON. */
    readonly unreadable: Answer | undefined;
  }[] = [];
  /** The features that the scenario's calls must have, for an API of any shape. */
  features: readonly Feature[] = [];
  #client: ProxyClient | undefined;
  #streams: ScenarioStreams | undefined;
  #offered: Offered | undefined;

  get worker(): Worker {
    return worker();
  }

  get deployment(): Deployment {
    return this.worker.deployment;
  }

  get client(): ProxyClient {
    this.#client ??= new ProxyClient(this.worker.caller, this.deployment.proxy);
    return this.#client;
  }

  /** The proxy according to its interface, whatever its shape. */
  get offered(): Offered {
    this.#offered ??= new Offered(this.worker, this.client, this.features);
    return this.#offered;
  }

  get streams(): ScenarioStreams {
    this.#streams ??= new ScenarioStreams(this.worker, this.undo, (what) => this.observations.push(what));
    return this.#streams;
  }

  /** The id of the deployment that the client calls. */
  get restApiId(): string {
    const { restApiId } = this.client.api;
    if (restApiId === undefined) throw new Error('the deployment names no REST API');
    return restApiId;
  }

  runUnder(role: RoleName): void {
    const api = role === 'full-access' ? this.deployment.proxy : this.deployment.underRole[role];
    if (api === undefined) throw new Error(`the run has no proxy under the ${role} role`);
    this.client.api = api;
  }

  /** Makes the client add this to all later calls. */
  adds(more: Partial<RequestAdditions>): void {
    const { query, body, headers } = this.client.additions;
    this.client.additions = {
      ...this.client.additions,
      ...more,
      query: [...query, ...(more.query ?? [])],
      body: { ...body, ...more.body },
      headers: { ...headers, ...more.headers },
    };
  }

  /** Records a weakness of the definition that does not fail a clause. */
  reportWeakness(what: string): void {
    this.attach(redact(what), { mediaType: WEAKNESS_MEDIA_TYPE });
  }

  async calls(request: ProxyRequest): Promise<Answer> {
    this.worker.caller.assertAllowed(request);
    if (request.method !== 'GET') this.worker.noteWrite();
    const answer = await this.client.send(request);
    this.lastAnswers = [answer];
    return answer;
  }

  /** A call for one stream, whose name a later step may use. */
  async callsFor(name: string, request: (name: string) => ProxyRequest): Promise<Answer> {
    this.requested = name;
    const answer = await this.calls(request(name));
    // The proxy cannot tag a stream.
    if (answer.exchange.request.method === 'POST' && answer.succeeded) await this.worker.streams.tag(name);
    return answer;
  }

  async callsEach(requests: readonly ProxyRequest[]): Promise<void> {
    const lastAnswers: Answer[] = [];
    for (const request of requests) lastAnswers.push(await this.calls(request));
    this.lastAnswers = lastAnswers;
  }

  /** Makes each of the eight calls as in the tutorial; the creation uses a new name, and the deletion comes last. */
  async callsAllEight(): Promise<void> {
    const subjects = await this.subjects();
    await this.callsEach(CALL_NAMES.map((call) => tutorialRequest(call, subjects)));
    CALL_NAMES.forEach((call, i) => {
      this.eight.set(call, this.lastAnswers[i] as Answer);
    });
  }

  /** The streams of a series of calls on `the stream`. */
  async subjects(): Promise<Subjects> {
    const stream = this.streams.nameOf('the stream');
    const newStream = this.streams.nameOf('an unknown stream');
    const iterator = await iteratorAt(this.worker.clients.kinesis, stream, shardId(0));
    return { stream, newStream, shardId: shardId(0), iterator };
  }

  /** The new record at the position in the last answer; undefined if there is none. */
  async recordAnswered(): Promise<StoredRecord | undefined> {
    const { answer } = this.client;
    const records = await this.streams.newRecords('the stream', 1);
    return records.find(
      ({ sequenceNumber, shardId }) =>
        sequenceNumber === answer.field('SequenceNumber') && shardId === answer.field('ShardId'),
    );
  }
}

setWorldConstructor(ProxyWorld);
