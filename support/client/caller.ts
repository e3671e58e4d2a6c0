import { messageOf, NotObservable } from '../../infra/errors.ts';
import { callBehind, noteIterator } from '../../infra/patience/calls.ts';
import { authenticate } from '../../infra/targets/authenticate.ts';
import type { Authentication, DeployedApi, Limits } from '../../infra/targets/deployed-api.ts';
import { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { HttpClient } from './http.ts';
import { sendPatiently } from './patient.ts';
import { type ProxyRequest, target } from './requests.ts';

/** Verbs that change nothing, whatever stands behind them. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Manners {
  readonly authentication?: Authentication | undefined;
  readonly credentials: Parameters<typeof authenticate>[2];
  readonly limits?: Limits | undefined;
  /** Whether to keep to AWS's quotas, and to repeat what AWS refuses for its rate or loses on the way. */
  readonly isPatient: boolean;
  /** Of the names of the run's own streams. */
  readonly prefix: string;
}

/** Makes calls of the proxy: with the run's authority, and within what it may change. */
export class Caller {
  readonly #http: HttpClient;
  readonly #manners: Manners;
  #stuck: string | undefined;

  constructor(http: HttpClient, manners: Manners) {
    this.#http = http;
    this.#manners = manners;
  }

  /**
   * @param onRepeated is told of each attempt that is made again.
   * @param isAnonymous leaves out what would authenticate the call.
   * @throws NotObservable for a call that the run's limits rule out; TargetError when there is no answer.
   */
  async send(
    api: DeployedApi,
    request: ProxyRequest,
    onRepeated: (attempt: Exchange) => void = () => undefined,
    isAnonymous = false,
  ): Promise<Exchange> {
    this.assertAllowed(request);
    const { method, body } = request;
    const headers = api.host === undefined ? request.headers : { Host: api.host, ...request.headers };
    const url = `${api.baseUrl}${target(request)}`;
    const call = { method, url, headers, ...(body === undefined ? {} : { body }) };
    const { authentication, credentials, isPatient } = this.#manners;
    const attempt = async () =>
      this.#http.send(
        authentication && !isAnonymous ? await authenticate(call, authentication, credentials) : call,
      );
    if (!isPatient) return attempt();
    const exchange = await sendPatiently(request, attempt, (outcome) =>
      onRepeated('value' in outcome ? outcome.value : unanswered(call, outcome.error)),
    );
    const answer = new Answer(exchange);
    noteIterator(
      answer.field('ShardIterator') ?? answer.field('NextShardIterator'),
      callBehind(request)?.shard,
    );
    return exchange;
  }

  /** Has the run make no more streams, since one that it made cannot be deleted. */
  makeNoMore(stream: string): void {
    this.#stuck ??= stream;
  }

  /** @throws NotObservable where the call could change what the run may not. */
  assertAllowed({ method, path }: Pick<ProxyRequest, 'method' | 'path'>): void {
    const { limits, prefix } = this.#manners;
    if (this.#stuck !== undefined && method === 'POST')
      throw new NotObservable(
        `this run makes no more streams, since ${this.#stuck} cannot be deleted through the proxy`,
      );
    if (!limits || SAFE.has(method)) return;
    if (limits.readOnly) throw new NotObservable(`this run is read-only, and ${method} ${path} is not`);
    const stream = /^\/streams\/([^/?]+)\/records?$/.exec(path)?.[1];
    const name = stream === undefined ? '' : decodeURIComponent(stream);
    if (method !== 'PUT' || (name !== limits.stream && !name.startsWith(prefix)))
      throw new NotObservable(
        `this run only adds records to ${limits.stream}, and ${method} ${path} does not`,
      );
  }
}

/** An attempt whose connection was lost, among the exchanges: its status is 0. */
function unanswered(request: Exchange['request'], error: unknown): Exchange {
  return {
    request,
    response: { status: 0, headers: {}, body: `(no answer: ${messageOf(error)})` },
    durationMs: 0,
  };
}
