import type { DeployedApi } from '../../infra/provision/deployment.ts';
import { Answer } from './answer.ts';
import type { HttpClient } from './http.ts';
import { type Habits, NO_HABITS, type ProxyRequest, target, withHabits } from './requests.ts';

/** A client of the deployed proxy; it keeps the answers it got, in order. */
export class ProxyClient {
  readonly #http: HttpClient;
  /** The deployment that it calls: the judged one, or that of another role. */
  api: DeployedApi;
  habits: Habits = NO_HABITS;
  readonly answers: Answer[] = [];

  constructor(http: HttpClient, api: DeployedApi) {
    this.#http = http;
    this.api = api;
  }

  async send(request: ProxyRequest): Promise<Answer> {
    const { method, headers: own, body, ...where } = withHabits(request, this.habits);
    const headers = this.api.host === undefined ? own : { Host: this.api.host, ...own };
    const url = `${this.api.baseUrl}${target({ ...where, method, headers })}`;
    const exchange = await this.#http.send({ method, url, headers, ...(body === undefined ? {} : { body }) });
    const answer = new Answer(exchange);
    this.answers.push(answer);
    return answer;
  }

  /** The newest answer; looking at it counts as examining it. */
  get answer(): Answer {
    const answer = this.answers.at(-1);
    if (answer === undefined) throw new Error('the scenario has made no call yet');
    answer.examined = true;
    return answer;
  }

  /** An error that no step looked at is a defect that nobody noticed. */
  get overlooked(): Answer | undefined {
    return this.answers.find(({ succeeded, examined }) => !succeeded && !examined);
  }
}
