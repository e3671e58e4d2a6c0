import type { Call, Interface } from '../../infra/definition/interface/types.ts';
import { messageOf, NotObservable } from '../../infra/errors.ts';
import { callBehind, noteIterator } from '../../infra/retry/calls.ts';
import type { authenticate } from '../../infra/targets/authenticate.ts';
import type { Authentication, DeployedApi, Limits } from '../../infra/targets/deployed-api.ts';
import { isReading } from '../../infra/targets/offered.ts';
import { Answer } from './answer.ts';
import { type AuthorizerTarget, lackOfEmulation, whyShut } from './authorizers.ts';
import { type CallerIdentity, OWN_IDENTITY } from './caller-identity.ts';
import type { Exchange } from './exchange.ts';
import { expectedInput } from './expected-input.ts';
import type { HttpClient } from './http.ts';
import { callsOf } from './offered-calls.ts';
import { type ProxyRequest, target } from './requests.ts';
import { sendWithRetry } from './retry.ts';

/** Verbs that change nothing, whatever the API does. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

interface CallPolicy {
  readonly authentication?: Authentication | undefined;
  readonly credentials: Parameters<typeof authenticate>[2];
  readonly limits?: Limits | undefined;
  /** What the API offers; undefined if unknown, which is treated as the tutorial's API. */
  readonly offered?: Interface | undefined;
  readonly stageVariables?: Readonly<Record<string, string>> | undefined;
  readonly target: AuthorizerTarget;
  /** Whether to keep AWS's quotas, and to retry throttled and lost calls. */
  readonly retriesCalls: boolean;
  /** The prefix of the names of the run's own streams. */
  readonly prefix: string;
}

/** Calls the proxy with the run's credentials, and within the limits on what it may change. */
export class Caller {
  readonly #http: HttpClient;
  readonly #policy: CallPolicy;
  #stuck: string | undefined;

  constructor(http: HttpClient, policy: CallPolicy) {
    this.#http = http;
    this.#policy = policy;
  }

  /**
   * @param onRepeated is called for each attempt that is retried.
   * @param identity the identity that makes the call.
   * @throws NotObservable for a call that the run's limits forbid, or that the embedded AWS does not emulate, or that an
   * authorizer rejects; TargetError if there is no answer.
   */
  async send(
    api: DeployedApi,
    request: ProxyRequest,
    onRepeated: (attempt: Exchange) => void = () => undefined,
    identity: CallerIdentity = OWN_IDENTITY,
  ): Promise<Exchange> {
    this.assertAllowed(request);
    if (identity.isAuthorized) this.#assertToken(request);
    const { method, body } = request;
    const headers = api.host === undefined ? request.headers : { Host: api.host, ...request.headers };
    const url = `${api.baseUrl}${target(request)}`;
    const call = { method, url, headers, ...(body === undefined ? {} : { body }) };
    const { authentication, credentials, retriesCalls } = this.#policy;
    const attempt = async () =>
      this.#http.send(await identity.applyTo(call, { authentication, credentials }));
    const judged = (exchange: Exchange) => {
      const why =
        lackOfEmulation(exchange) ?? (identity.isAuthorized ? this.#rejection(request, exchange) : undefined);
      if (why !== undefined) throw new NotObservable(why);
      return this.#withoutSecrets(exchange);
    };
    if (!retriesCalls) return judged(await attempt());
    const exchange = await sendWithRetry(request, attempt, (outcome) =>
      onRepeated('value' in outcome ? this.#withoutSecrets(outcome.value) : unanswered(call, outcome.error)),
    );
    const answer = new Answer(exchange);
    noteIterator(
      answer.field('ShardIterator') ?? answer.field('NextShardIterator'),
      callBehind(request)?.shard,
    );
    return judged(exchange);
  }

  /** Reports do not show the headers that `--auth` gives. */
  #withoutSecrets(exchange: Exchange): Exchange {
    const names = Object.keys(this.#policy.authentication?.headers ?? {});
    if (names.length === 0) return exchange;
    const { request } = exchange;
    const hidden = names.filter((name) => name in request.headers).map((name) => [name, '[redacted]']);
    return {
      ...exchange,
      request: { ...request, headers: { ...request.headers, ...Object.fromEntries(hidden) } },
    };
  }

  /** @throws NotObservable for a method behind an authorizer that the run cannot pass. */
  #assertToken(request: ProxyRequest): void {
    const calls = this.#offered(request);
    if (calls.length === 0 || !calls.every(({ auth }) => auth === 'authorizer')) return;
    const { authentication, target } = this.#policy;
    const why = whyShut([named(request)], target, authentication?.headers !== undefined);
    if (why !== undefined) throw new NotObservable(why);
  }

  /** Why an authorizer did not let a call through, which says nothing about the API; undefined if it did. */
  #rejection(request: ProxyRequest, { response }: Exchange): string | undefined {
    if (response.status !== 401 || response.headers['x-amzn-errortype'] !== 'UnauthorizedException')
      return undefined;
    return this.#offered(request).some(({ auth }) => auth === 'authorizer')
      ? `${this.lacking(request)}; give a header that it accepts`
      : undefined;
  }

  /** The authentication that a refused call lacked, and the remedy; undefined if it lacked none. */
  lacking(request: ProxyRequest): string | undefined {
    const [call] = this.#offered(request);
    if (call === undefined) return undefined;
    const { apiKey, iam, headers } = this.#policy.authentication ?? {};
    if (call.apiKeyRequired && apiKey === undefined)
      return `${named(request)} requires an API key, and none was sent; give --auth api-key`;
    if (call.auth === 'iam' && iam === undefined)
      return `${named(request)} requires signed calls, and this one was not signed; give --auth iam`;
    if (call.auth === 'authorizer' && headers !== undefined)
      return `${named(request)} has an authorizer, which rejects the header that --auth gives`;
    return undefined;
  }

  #offered(request: Pick<ProxyRequest, 'method' | 'path'>): readonly Call[] {
    const { offered } = this.#policy;
    return offered === undefined ? [] : callsOf(offered, request);
  }

  /** Makes the run create no more streams, since one of its streams cannot be deleted. */
  makeNoMore(stream: string): void {
    this.#stuck ??= stream;
  }

  /** @throws NotObservable if the call could change something that the run may not. */
  assertAllowed(request: ProxyRequest): void {
    const { limits, offered, prefix } = this.#policy;
    const { method, path } = request;
    const calls = this.#offered(request);
    const creates =
      offered === undefined ? method === 'POST' : calls.some(({ action }) => action === 'CreateStream');
    if (this.#stuck !== undefined && creates)
      throw new NotObservable(
        `this run creates no more streams, since ${this.#stuck} cannot be deleted through the proxy`,
      );
    if (!limits) return;
    const changing = calls.filter(({ action }) => !isReading(action));
    // The verb decides only if the method of the path is unknown.
    if (calls.length === 0 ? SAFE.has(method) : changing.length === 0) return;
    if (limits.readOnly)
      throw new NotObservable(`${method} ${path} is skipped: the run is read-only (--read-only)`);
    const names =
      offered === undefined ? [streamInTutorialPath(request)] : changing.map(this.#streamOf(request));
    const isOwn = (name: string | undefined) =>
      name !== undefined && (name === limits.stream || name.startsWith(prefix));
    if (!names.every(isOwn) || names.length === 0)
      throw new NotObservable(
        `${method} ${path} is skipped: the run only adds records to ${limits.stream} (--stream)`,
      );
  }

  /** The stream of a put of records; undefined for any other call. */
  #streamOf(request: ProxyRequest): (call: Call) => string | undefined {
    return (call) => {
      if (call.action !== 'PutRecord' && call.action !== 'PutRecords') return undefined;
      try {
        return expectedInput(call, request, this.#policy.stageVariables ?? {}).stream;
      } catch {
        // The call's effect on Kinesis is unknown, as for half a JSON document.
        return undefined;
      }
    };
  }
}

function streamInTutorialPath({ method, path }: ProxyRequest): string | undefined {
  const [, stream] = /^\/streams\/([^/?]+)\/records?$/.exec(path) ?? [];
  return method === 'PUT' && stream !== undefined ? decodeURIComponent(stream) : undefined;
}

function named({ method, resource }: ProxyRequest): string {
  return `${method} ${resource}`;
}

/** The exchange for an attempt whose connection was lost: its status is 0. */
function unanswered(request: Exchange['request'], error: unknown): Exchange {
  return {
    request,
    response: { status: 0, headers: {}, body: `(no answer: ${messageOf(error)})` },
    durationMs: 0,
  };
}
