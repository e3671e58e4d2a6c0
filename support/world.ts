import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { Feature } from '../infra/definition/interface/offers.ts';
import { NotObservable } from '../infra/errors.ts';
import type { Deployment } from '../infra/provision/deployment.ts';
import { UndoStack } from '../infra/provision/undo.ts';
import type { RoleName } from '../infra/proxy/roles.ts';
import { WaitTimeout } from '../infra/retry/waits.ts';
import { type Answer, announced, recordsOf } from './client/answer.ts';
import { type Exchange, WEAKNESS_MEDIA_TYPE } from './client/exchange.ts';
import type { ExpectedRecord } from './client/expected-input.ts';
import { ProxyClient } from './client/proxy-client.ts';
import { redact } from './client/redact.ts';
import {
  type BatchRecord,
  batchBody,
  CALL_NAMES,
  type CallName,
  describeStream,
  getRecords,
  type ProxyRequest,
  putRecord,
  putRecords,
  type RequestAdditions,
  type Subjects,
  tutorialRequest,
  withAdditions,
} from './client/requests.ts';
import { expect } from './expect/expect.ts';
import { callSeries, type SeriesResult } from './observe/call-series.ts';
import { type ApiConfiguration, readApi } from './observe/configuration.ts';
import { asWritten, projectOnto } from './observe/descriptions.ts';
import { iteratorAt, MAX_PAGES_PER_SHARD, type StoredRecord } from './observe/records.ts';
import { type Role, readRole } from './observe/role.ts';
import { ScenarioStreams } from './observe/scenario-streams.ts';
import { shardId } from './observe/shards.ts';
import { watchStates } from './observe/states.ts';
import {
  answerOfTest,
  type LoggedRequest,
  loggedRequest,
  testExchange,
  testInvoke,
} from './observe/test-invocation.ts';
import { type Worker, worker } from './observe/worker.ts';
import type { Consumer } from './scenario/consumer.ts';
import { Offered } from './scenario/offered.ts';
import type { Reading } from './scenario/production.ts';

/** Many times what one shard takes in a second (docs/facts/kinesis.md#limits), in case they are spread over several. */
const MAX_BATCHES = 6;
/** How many readings in a row may give nothing before that is taken for all there is. */
const MAX_EMPTY_PAGES = 10;
/** How often to try to be faster than a stream's creation. */
const MAX_TRIES = 5;

export type { StreamReference } from './observe/scenario-streams.ts';

/** One scenario: the calls its client makes, the streams they are about, and what was seen behind the proxy. */
export class ProxyWorld extends World {
  readonly undo = new UndoStack();
  /** What the scenario saw in Kinesis or the control plane, for the report of a failure. */
  readonly observations: string[] = [];
  /** Execution logs of test invocations. */
  readonly executionLogs: string[] = [];
  /** Answers of the calls of one step. */
  lastAnswers: Answer[] = [];
  readonly eight = new Map<CallName, Answer>();
  /** The name in the last request about a stream. */
  requested = '';
  /** Data that was put, as JSON text, and the records of puts of many, in order. */
  dataPut = '';
  batch: readonly BatchRecord[] = [];
  /** Where the client goes on reading. */
  iterator: string | undefined;
  /** Answers of the last reading, and of the one before. */
  readings: { now: Answer[]; before: Answer[] } = { now: [], before: [] };
  /** States that descriptions showed, each only when it changed. */
  statuses: readonly string[] = [];
  /** What the control plane showed. */
  api: ApiConfiguration | undefined;
  role: Role | undefined;
  /** By their names, those that the methods of the API run under. */
  roles: ReadonlyMap<string, Role & { readonly services: readonly string[] }> = new Map();
  logged: LoggedRequest | undefined;
  /** Test invocations, as evidence keeps them. */
  readonly tested: Exchange[] = [];
  /** What test invocations answered, as calls of a client would have been. */
  readonly testAnswers: Answer[] = [];
  twins: readonly ApiConfiguration[] = [];
  series: readonly SeriesResult[] = [];
  schema: unknown;
  /** Names that the client listed. */
  readonly read: string[] = [];
  readonly shardReadings: Reading[] = [];
  readonly consumers: Consumer[] = [];
  /** By stream, what producers want stored, however often they send it. */
  readonly wanted = new Map<string, readonly ExpectedRecord[]>();
  /** What producers put and consumers read at the same time. */
  readonly meetings: { readonly read: readonly string[]; readonly put: readonly string[] }[] = [];
  /** What the scenario's calls must have, where it is about an API of any shape. */
  features: readonly Feature[] = [];
  /** The stream that this side, not the client, set out to make last. */
  #setOut: string | undefined;
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

  /** The proxy as its interface has it, whatever its shape. */
  get offered(): Offered {
    this.#offered ??= new Offered(this.worker, this.client, this.features);
    return this.#offered;
  }

  get streams(): ScenarioStreams {
    this.#streams ??= new ScenarioStreams(this.worker, this.undo, (what) => this.observations.push(what));
    return this.#streams;
  }

  /** Of the deployment that the client calls. */
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

  /** Has the client add to every call from now on. */
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

  /** Something about the definition that its owner should know, and that fails no clause. */
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

  /** A call about one stream, whose name a later step may ask for. */
  async callsFor(name: string, request: (name: string) => ProxyRequest): Promise<Answer> {
    this.requested = name;
    const answer = await this.calls(request(name));
    // The proxy cannot give a stream its tags.
    if (answer.exchange.request.method === 'POST' && answer.succeeded) await this.worker.streams.tag(name);
    return answer;
  }

  /** Reads the roles under which the judged API calls Kinesis. */
  async readRoles(): Promise<void> {
    const { clients } = this.worker;
    const { methods } = await readApi(clients.apiGateway, this.restApiId);
    // Of no role everything could be said.
    const without = methods.filter(
      ({ integration }) => /:kinesis:/.test(integration.uri ?? '') && !integration.credentials,
    );
    expect(
      without.map(({ method, resource }) => `${method} ${resource}`),
      'methods that show no role to run under',
    ).to.deep.equal([]);
    const services = new Map<string, string[]>();
    for (const { integration } of methods) {
      const name = integration.credentials?.split('/').at(-1);
      const service = /:apigateway:[^:]*:([\w-]+):/.exec(integration.uri ?? '')?.[1];
      if (name && service) services.set(name, [...(services.get(name) ?? []), service]);
    }
    const roles = new Map<string, Role & { readonly services: readonly string[] }>();
    for (const [name, called] of services)
      if (called.includes('kinesis'))
        roles.set(name, { ...(await readRole(clients.iam, name)), services: called });
    this.roles = roles;
  }

  async callsEach(requests: readonly ProxyRequest[]): Promise<void> {
    const lastAnswers: Answer[] = [];
    for (const request of requests) lastAnswers.push(await this.calls(request));
    this.lastAnswers = lastAnswers;
  }

  /** Each of the eight calls as the tutorial makes it; a creation takes a new name, the deletion comes last. */
  async callsAllEight(): Promise<void> {
    const subjects = await this.subjects();
    await this.callsEach(CALL_NAMES.map((call) => tutorialRequest(call, subjects)));
    CALL_NAMES.forEach((call, i) => {
      this.eight.set(call, this.lastAnswers[i] as Answer);
    });
  }

  /** What a series of calls on `the stream` is about. */
  async subjects(): Promise<Subjects> {
    const stream = this.streams.nameOf('the stream');
    const newStream = this.streams.nameOf('an unknown stream');
    const iterator = await iteratorAt(this.worker.clients.kinesis, stream, shardId(0));
    return { stream, newStream, shardId: shardId(0), iterator };
  }

  async testInvokes(name: string, request: ProxyRequest): Promise<void> {
    this.requested = name;
    this.worker.caller.assertAllowed(request);
    this.worker.noteWrite();
    const sent = withAdditions(request, this.client.additions);
    const { status, body, log } = await testInvoke(
      this.worker.clients.apiGateway,
      this.restApiId,
      sent,
      this.worker.retriesCalls,
    );
    this.testAnswers.push(answerOfTest(sent, { status, body }));
    this.executionLogs.push(log);
    this.logged = loggedRequest(log);
    this.tested.push(testExchange(this.client.api.baseUrl, sent, { status, body }, this.logged));
  }

  /** The eight calls on a stream of their own, once to the stage and once by test invocation. */
  async callsBothWays(): Promise<void> {
    const history = await this.worker.pool.holding('History', 5, [{ data: 'old', partitionKey: 'some key' }]);
    const deployed = async (request: ProxyRequest) => {
      const answer = await this.calls(request);
      answer.examined = true;
      return { status: answer.status, body: answer.text };
    };
    const tested = (request: ProxyRequest) =>
      testInvoke(
        this.worker.clients.apiGateway,
        this.restApiId,
        withAdditions(request, this.client.additions),
        this.worker.retriesCalls,
      );
    const series: SeriesResult[] = [];
    for (const [reference, call] of [
      ['the stream', deployed],
      ['the other stream', tested],
    ] as const) {
      const stream = await this.streams.known(reference);
      const newStream = this.worker.pool.name('New');
      this.streams.removeAtEnd(newStream);
      series.push(await callSeries(this.worker, { stream, newStream, history }, call));
    }
    this.series = series;
  }

  /** For what is said of records: in somebody's stream nobody knows which there are. */
  assertOwnRecords(): void {
    if (this.streams.isForeign('the stream'))
      throw new NotObservable('what the stream holds is not known to this run');
  }

  /**
   * Reads once through the proxy with the iterator. A first reading that gives nothing although there is more, as
   * Kinesis may (docs/facts/kinesis.md#records), goes on to where the records are.
   */
  async readsOnce(stream: string): Promise<void> {
    const before = this.readings.now;
    let answer = await this.calls(getRecords(stream, this.iterator));
    for (let empty = 1; empty < MAX_EMPTY_PAGES && before.length === 0; empty++) {
      const next = answer.field('NextShardIterator');
      const isMore = recordsOf(answer).length === 0 && Number(answer.field('MillisBehindLatest')) > 0;
      if (!isMore || typeof next !== 'string') break;
      this.iterator = next;
      answer = await this.calls(getRecords(stream, next));
    }
    this.readings = { now: [answer], before };
  }

  /**
   * Reads through the proxy, under a stream's name, until nothing is left behind the iterator, within bounds.
   * What the scenario itself put just before may take its time to be seen.
   */
  async readsOn(stream: string): Promise<void> {
    const atLeast = this.client.answers.flatMap(announced).length;
    this.readings = { now: [], before: this.readings.now };
    let iterator = this.iterator;
    const reading = this.worker.waits.until('records-visible', `${atLeast} records`, async () => {
      let behind = true;
      for (let pages = 0; behind && iterator !== undefined && pages < MAX_PAGES_PER_SHARD; pages++) {
        const answer = await this.calls(getRecords(stream, iterator));
        this.readings.now.push(answer);
        const next = answer.field('NextShardIterator');
        iterator = typeof next === 'string' ? next : undefined;
        behind = answer.field('MillisBehindLatest') !== 0 && answer.succeeded;
      }
      const seen = this.recordsRead.length;
      return seen >= atLeast || iterator === undefined ? { found: seen } : { seen: String(seen) };
    });
    // Too few are for a later step to judge.
    await reading.catch((error: unknown) => {
      if (!(error instanceof WaitTimeout)) throw error;
      this.observations.push(String(error));
    });
  }

  /** The records of the last reading, as the proxy answered them. */
  get recordsRead(): Record<string, unknown>[] {
    return this.readings.now.flatMap(recordsOf);
  }

  /** Makes a stream and does not wait for it. */
  async beginsCreation(): Promise<void> {
    this.#setOut = this.streams.nameOf('a new stream');
    await this.worker.streams.begin(this.#setOut, 1);
  }

  /** Deletes a stream and does not wait for it to be gone. */
  async beginsDeletion(): Promise<void> {
    const stream = await this.worker.pool.fresh();
    await this.streams.own('the stream', stream);
    await this.worker.streams.remove(stream.name);
  }

  /**
   * Describes the stream through the proxy until it shows a state; a stream that passed its states before anyone
   * looked gets a successor, unless the client made it. What was seen is for a later step to judge.
   */
  async describesUntil(state: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const name = this.streams.nameOf('the stream');
      const proxy = async () => {
        const answer = await this.callsFor(name, describeStream);
        const isMissing = answer.errorType === 'ResourceNotFoundException';
        answer.examined = isMissing;
        return isMissing ? 'not found' : String(answer.field('StreamDescription.StreamStatus'));
      };
      const kinesis = async () => (await this.worker.streams.describe(name))?.StreamStatus ?? 'not found';
      const { seen, missed } = await watchStates(state, { proxy, kinesis }, this.worker.waits);
      this.statuses = seen;
      // A stream that the client made stays the scenario's: only one that the suite set out may have a successor.
      const isSettled = !missed || (state === 'ACTIVE' && name !== this.#setOut);
      if (isSettled && state === 'ACTIVE' && seen.at(-1) === state) await this.worker.streams.writable(name);
      if (isSettled) return;
      if (tries === MAX_TRIES)
        throw new NotObservable(`a stream is ${state} here before it can be seen on its way there`);
      await (state === 'not found' ? this.beginsDeletion() : this.beginsCreation());
    }
  }

  /** The stream's description as Kinesis gives it and as the proxy did, the latter's further members left out. */
  async descriptions(): Promise<{ inKinesis: unknown; answered: unknown }> {
    const description = await this.worker.streams.describe(this.streams.nameOf('the stream'));
    const inKinesis = asWritten(description);
    return { inKinesis, answered: projectOnto(this.client.answer.field('StreamDescription'), inKinesis) };
  }

  async putsBatch(records: readonly BatchRecord[]): Promise<void> {
    this.batch = records;
    await this.calls(putRecords(this.streams.nameOf('the stream'), batchBody(records)));
  }

  /** The places that the answer names for the records of a batch, in order. */
  places(): Record<string, unknown>[] {
    const { answer } = this.client;
    const { batch } = this;
    const places = recordsOf(answer);
    expect(places, `the places of ${batch.length} records in ${answer}`).to.have.length(batch.length);
    return places;
  }

  /** Puts into a new stream before it is ACTIVE, as Kinesis confirms afterwards; on a fast target not at the first try. */
  async putsWhileCreating(body: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const name = this.streams.nameOf('a new stream');
      await this.worker.streams.begin(name, 1);
      const answer = await this.callsFor(name, () => putRecord(name, body));
      const status = (await this.worker.streams.describe(name))?.StreamStatus;
      if (status === 'CREATING') return;
      if (tries === MAX_TRIES) throw new NotObservable(`a new stream is never CREATING here, but ${status}`);
      answer.examined = true;
    }
  }

  /** The new record at the place that the last answer names; undefined when there is none. */
  async recordAnswered(): Promise<StoredRecord | undefined> {
    const { answer } = this.client;
    const records = await this.streams.newRecords('the stream', 1);
    return records.find(
      ({ sequenceNumber, shardId }) =>
        sequenceNumber === answer.field('SequenceNumber') && shardId === answer.field('ShardId'),
    );
  }

  /** Puts batch upon batch into the stream until Kinesis takes one only in part. */
  async putsTooMuch(records: readonly BatchRecord[]): Promise<void> {
    for (let batches = 1; batches <= MAX_BATCHES; batches++) {
      await this.putsBatch(records);
      const refused = Number(this.client.answer.field('FailedRecordCount'));
      if (!(refused >= 0) || (refused > 0 && refused < records.length)) return;
    }
    expect.fail(
      `Kinesis took ${MAX_BATCHES} batches of ${records.length} records at once, each whole or not at all`,
    );
  }
}

setWorldConstructor(ProxyWorld);
