import type { Answer } from '../client/answer.ts';
import type { Exchange } from '../client/exchange.ts';
import { type ProxyRequest, withAdditions } from '../client/requests.ts';
import { callSeries, type SeriesResult } from '../observe/call-series.ts';
import {
  answerOfTest,
  type LoggedRequest,
  loggedRequest,
  testExchange,
  testInvoke,
} from '../observe/test-invocation.ts';
import type { ProxyWorld } from '../world.ts';

/** The test invocations that the scenario made through API Gateway's control plane. */
export class TestInvocations {
  readonly #world: ProxyWorld;
  /** The request to Kinesis in the log of the last one. */
  logged: LoggedRequest | undefined;
  /** Their execution logs. */
  readonly logs: string[] = [];
  /** Their exchanges, for the evidence. */
  readonly exchanges: Exchange[] = [];
  /** Their answers, as if a client had called. */
  readonly answers: Answer[] = [];
  /** The eight calls made by a client, and by test invocation. */
  series: readonly SeriesResult[] = [];

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  async invokes(name: string, request: ProxyRequest): Promise<void> {
    this.#world.requested = name;
    this.#world.worker.caller.assertAllowed(request);
    this.#world.worker.noteWrite();
    const sent = withAdditions(request, this.#world.client.additions);
    const { status, body, log } = await testInvoke(
      this.#world.worker.clients.apiGateway,
      this.#world.restApiId,
      sent,
      this.#world.worker.retriesCalls,
    );
    this.answers.push(answerOfTest(sent, { status, body }));
    this.logs.push(log);
    this.logged = loggedRequest(log);
    this.exchanges.push(testExchange(this.#world.client.api.baseUrl, sent, { status, body }, this.logged));
  }

  /** The eight calls on a separate stream, once to the stage and once by test invocation. */
  async callsBothWays(): Promise<void> {
    const history = await this.#world.worker.pool.holding('History', 5, [
      { data: 'old', partitionKey: 'some key' },
    ]);
    const deployed = async (request: ProxyRequest) => {
      const answer = await this.#world.calls(request);
      answer.examined = true;
      return { status: answer.status, body: answer.text };
    };
    const tested = (request: ProxyRequest) =>
      testInvoke(
        this.#world.worker.clients.apiGateway,
        this.#world.restApiId,
        withAdditions(request, this.#world.client.additions),
        this.#world.worker.retriesCalls,
      );
    const series: SeriesResult[] = [];
    for (const [reference, call] of [
      ['the stream', deployed],
      ['the other stream', tested],
    ] as const) {
      const stream = await this.#world.streams.known(reference);
      const newStream = this.#world.worker.pool.name('New');
      this.#world.streams.removeAtEnd(newStream);
      series.push(await callSeries(this.#world.worker, { stream, newStream, history }, call));
    }
    this.series = series;
  }
}
