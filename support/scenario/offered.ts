import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import {
  type Feature,
  hasFeature,
  isClients,
  mayHave,
  whyMaybe,
  whyUnknown,
} from '../../infra/definition/interface/offers.ts';
import { stepsOf } from '../../infra/definition/interface/sample.ts';
import type { Call, Interface } from '../../infra/definition/interface/types.ts';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import type { Answer } from '../client/answer.ts';
import { stopsAnonymous, whyShut } from '../client/authorizers.ts';
import { type Intent, requestOf } from '../client/by-interface.ts';
import { ANONYMOUS } from '../client/caller-identity.ts';
import { whyRefused } from '../client/constraints.ts';
import { type ExpectedInput, expectedInput } from '../client/expected-input.ts';
import { fitting } from '../client/fitting.ts';
import type { ProxyClient } from '../client/proxy-client.ts';
import type { ProxyRequest } from '../client/requests.ts';
import type { ScenarioStreams } from '../observe/scenario-streams.ts';
import type { Worker } from '../observe/worker.ts';
import { FixedStreams } from './fixed-streams.ts';
import { asking, type Preflight, SOME_ORIGIN } from './preflight.ts';

/** One call of a client, and what it asks of Kinesis according to the interface. */
export interface Attempt {
  readonly call: Call;
  readonly intent: Intent;
  readonly request: ProxyRequest;
  readonly told: ExpectedInput;
  readonly answer: Answer;
}

/** Changes a valid request. @param told the Kinesis request that the valid one makes. */
export type Change = (request: ProxyRequest, told: ExpectedInput, call: Call) => ProxyRequest;

/** The parts of a call that must be known for a valid request. */
const UNKNOWN_REQUEST: ReadonlySet<string> = new Set(['request', 'action', 'integration']);

/**
 * A proxy of any shape, for one scenario: calls are named by their Kinesis action, and made according to the interface.
 * Where several methods offer one action, each is called.
 */
export class Offered {
  readonly #worker: Worker;
  readonly #client: ProxyClient;
  readonly #features: readonly Feature[];
  /** The fixed streams, which clients cannot choose. */
  readonly fixed: FixedStreams;
  attempts: Attempt[] = [];
  /** Methods whose definition is examined. */
  looked: readonly Call[] = [];
  /** The preflights of browsers. */
  readonly preflights: Preflight[] = [];
  /** The origins that preflights allowed, by method: one method's preflight says nothing of another's answers. */
  readonly #origins = new Map<Call, string>();
  /** Methods of the scenario that it could not call, since they are behind an authorizer. */
  readonly shut = new Set<string>();

  /** @param features what the scenario's calls must have, by its tags. */
  constructor(worker: Worker, client: ProxyClient, features: readonly Feature[]) {
    this.#worker = worker;
    this.#client = client;
    this.#features = features;
    this.fixed = new FixedStreams(worker, () => this.interface);
  }

  get interface(): Interface {
    const { interface: offered } = this.#worker.deployment;
    if (offered === undefined)
      throw new NotObservable('what the API offers is not known; give it with --interface FILE');
    return offered;
  }

  /**
   * The methods that call an action, that the scenario is about and that the client may call.
   * @throws NotObservable if there are none.
   */
  calls(action: string): readonly Call[] {
    const all = this.interface.calls.filter(
      (call) => call.action === action && this.#features.every((feature) => hasFeature(call, feature)),
    );
    if (all.length === 0) this.#assertNone(action);
    const shut = all.filter((call) => this.#isShut(call));
    for (const { method, path } of shut) this.shut.add(`${method} ${path}`);
    if (shut.length > 0 && shut.length === all.length) throw new NotObservable(this.shutOut);
    return all.filter((call) => !shut.includes(call));
  }

  /**
   * The run can create keys and signatures, but no token that an authorizer accepts. A client that must be refused
   * calls nevertheless, where an authorizer would stop it.
   */
  #isShut({ auth }: Call): boolean {
    const { target, authentication } = this.#worker.deployment;
    if (auth !== 'authorizer') return false;
    if (!this.#client.identity.isAuthorized) return !stopsAnonymous(target);
    return whyShut(['it'], target, authentication?.headers !== undefined) !== undefined;
  }

  /** @throws NotObservable where it is unknown whether a method belongs to the scenario. */
  #assertNone(action: string): void {
    for (const call of this.interface.calls) {
      if (call.action !== action || !this.#features.every((feature) => mayHave(call, feature))) continue;
      const [why] = this.#features.flatMap((feature) =>
        hasFeature(call, feature) ? [] : (whyMaybe(call, feature) ?? []),
      );
      throw untold(call, why);
    }
  }

  /** Why methods could not be called. */
  get shutOut(): string {
    return whyShut([...this.shut], this.#worker.deployment.target, false) ?? '';
  }

  /** Keeps the methods that offer an action, for an operator to examine. */
  look(action: string): void {
    this.looked = this.calls(action);
  }

  /** Calls an action once through each method that offers it. */
  async call(action: string, intent: Intent, change: Change = same): Promise<void> {
    for (const call of this.calls(action)) await this.make(call, intent, change);
  }

  /** @throws NotObservable if the call's model refuses a value, which may be intended. */
  async make(call: Call, wanted: Intent, change: Change = same): Promise<Attempt> {
    const why = this.#client.identity.isAuthorized ? whyUnwelcome(call, wanted) : undefined;
    if (why !== undefined) throw new NotObservable(`the model of ${nameOfCall(call)} refuses ${why}`);
    return this.#make(call, wanted, change);
  }

  /** As `make`, also with values that the call's model refuses; a call that is refused with 4xx is no attempt then. */
  async makeOrBeRefused(call: Call, wanted: Intent): Promise<void> {
    const attempt = await this.#make(call, wanted, same);
    const { status } = attempt.answer;
    if (status >= 400 && status < 500 && whyUnwelcome(call, wanted) !== undefined)
      this.attempts = this.attempts.filter((one) => one !== attempt);
  }

  async #make(call: Call, wanted: Intent, change: Change): Promise<Attempt> {
    this.#assertKnown(call);
    const intent = fitting(call, wanted);
    const proper = requestOf(call, intent);
    // The interface does not say what a modified request asks of Kinesis.
    const told = expectedInput(call, proper, this.#worker.deployment.stageVariables ?? {});
    assertNamed(call, intent, told.stream);
    const request = change(proper, told, call);
    this.#worker.noteWrite();
    const answer = await this.#client.send(request);
    const { servedStreams = this.fixed.names } = this.#worker.deployment;
    if (servedStreams.includes(told.stream)) this.#worker.noteLoad(told.stream, told.records);
    answer.examined = true;
    if (call.success >= 300 && call.success < 400) answer.redirect = call.success;
    this.#assertThere(call, answer);
    const attempt = { call, intent, request, told, answer };
    this.attempts.push(attempt);
    this.#assertReaches(attempt);
    return attempt;
  }

  /**
   * Sends a preflight for each method of an action, as a browser would: without credentials, with origin, method and
   * headers.
   */
  async preflight(action: string): Promise<void> {
    const calls = this.calls(action);
    const own = this.#client.identity;
    this.#client.identity = ANONYMOUS;
    try {
      for (const call of calls) {
        const request = requestOf(call, { stream: 'any' });
        const answer = await this.#client.send(asking({ call, request }));
        answer.examined = true;
        this.preflights.push({ call, request, answer });
        this.#origins.set(call, answer.header('access-control-allow-origin') ?? '');
      }
    } finally {
      this.#client.identity = own;
    }
  }

  /** The origin that the preflight of a method allowed; empty if none. */
  originOf(call: Call): string {
    return this.#origins.get(call) ?? '';
  }

  /** A request as a page of the origin that its method's preflight allowed makes it. */
  fromOrigin(request: ProxyRequest, call: Call): ProxyRequest {
    const allowed = this.originOf(call);
    const Origin = allowed === '*' ? SOME_ORIGIN : allowed;
    return { ...request, headers: { ...request.headers, Origin } };
  }

  /** @throws NotObservable if no valid request can be made, since the template's inputs are unknown. */
  #assertKnown(call: Call): void {
    const found = call.undetermined.find(({ what }) => UNKNOWN_REQUEST.has(what));
    if (found !== undefined && this.#client.identity.isAuthorized) throw untold(call, found.why);
  }

  /** @throws TargetError if a file names a method that the deployed API does not have. */
  #assertThere({ method, path, auth }: Call, answer: Answer): void {
    const { deployment } = this.#worker;
    const { source } = this.interface;
    if (deployment.target.kind !== 'url' || source === 'control plane') return;
    // An unsigned call gets the same answer.
    if (auth === 'iam' || answer.status !== 403) return;
    if (!/Missing Authentication Token|in Authorization header/.test(answer.text)) return;
    throw new TargetError(
      `the deployed API has no ${method} ${path}, which ${source} lists (403 ${answer.text.trim()}); correct that file, or add --auth iam if calls have to be signed`,
    );
  }

  /** @throws NotObservable if the role of a deployed API may not use the run's streams, which is not a defect. */
  #assertReaches({ call, told, answer }: Attempt): void {
    const { target, prefix, limits } = this.#worker.deployment;
    if (target.kind !== 'url' || limits !== undefined || !this.#client.identity.isAuthorized) return;
    if (!told.stream.startsWith(prefix) || !answer.text.includes('AccessDeniedException')) return;
    throw new NotObservable(
      `the role of ${nameOfCall(call)} may not do this on the run's stream ${told.stream}; give a stream that it may use with --stream NAME, or allow ${prefix.replace(/-.*/, '-')}*`,
    );
  }

  /** After a failure: reports the content of the streams that the calls are about, and of no stream beside them. */
  async tellStreams(streams: ScenarioStreams): Promise<string[]> {
    const isFixed = this.attempts.length > 0 && !this.choosesStream;
    await streams.tell((name) => !isFixed || this.attempts.some(({ told }) => told.stream === name));
    return isFixed ? this.fixed.tell() : [];
  }

  /** Whether clients can choose the stream of any of the calls, so that the scenario needs its own stream. */
  get choosesStream(): boolean {
    return this.interface.calls.some((call) => isClients(call.stream) || whyUnknown(call) !== undefined);
  }
}

/** Why the model of a call refuses the values of what is asked. */
export function whyUnwelcome(call: Call, wanted: Intent): string | undefined {
  if (call.model === undefined) return undefined;
  const { body } = requestOf(call, wanted);
  return body === undefined ? undefined : whyRefused(call.model, body);
}

/** @throws NotObservable where the API changes a client's stream name to one that the run has not created. */
function assertNamed(call: Call, { stream }: Intent, told: string): void {
  const { stream: place } = call;
  const isPlain = stream !== undefined && /^[\w.-]+$/.test(stream);
  if (!isPlain || told === stream || place === undefined || !('template' in place) || !isClients(place))
    return;
  throw new NotObservable(
    `${nameOfCall(call)} turns the name ${stream} into ${told}, and this run has no such stream`,
  );
}

function untold(call: Call, why: string | undefined): NotObservable {
  return new NotObservable(
    `what ${nameOfCall(call)} sends to Kinesis is unknown: ${why}; fix the template, or describe the call with --interface FILE`,
  );
}

/** A member of Kinesis's answer in the client's: `NextShardIterator`, `Records/*\/Data`; undefined if it is missing. */
export function answered({ call, answer }: Pick<Attempt, 'call' | 'answer'>, member: string): unknown[] {
  const pointer = `/${member}`;
  const place = call.response === 'pass-through' ? { at: pointer } : call.response[pointer];
  if (place === undefined) return [];
  const found = stepsOf(place.at).reduce<unknown[]>(
    (values, step) => values.flatMap((value) => children(value, step)),
    [answer.json],
  );
  return place.as?.includes('base64-decoded')
    ? found.map((value) =>
        Buffer.from(place.unquoted ? JSON.stringify(value) : String(value)).toString('base64'),
      )
    : found;
}

function children(value: unknown, step: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}

function same(request: ProxyRequest): ProxyRequest {
  return request;
}
