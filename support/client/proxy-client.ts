import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { Answer } from './answer.ts';
import type { Caller } from './caller.ts';
import { type CallerIdentity, OWN_IDENTITY } from './caller-identity.ts';
import type { Exchange } from './exchange.ts';
import { NO_ADDITIONS, type ProxyRequest, type RequestAdditions, withAdditions } from './requests.ts';

/** A client of the deployed proxy; it keeps its answers in order. */
export class ProxyClient {
  readonly #caller: Pick<Caller, 'send'> & Partial<Pick<Caller, 'lacking'>>;
  /** The deployment that it calls: the one under test, or that under another role. */
  api: DeployedApi;
  additions: RequestAdditions = NO_ADDITIONS;
  /** Its identity. */
  identity: CallerIdentity = OWN_IDENTITY;
  readonly answers: Answer[] = [];

  constructor(caller: Pick<Caller, 'send'> & Partial<Pick<Caller, 'lacking'>>, api: DeployedApi) {
    this.#caller = caller;
    this.api = api;
  }

  async send(request: ProxyRequest): Promise<Answer> {
    const sent = withAdditions(request, this.additions);
    const answer = this.#keep(
      await this.#caller.send(
        this.api,
        sent,
        (repeated) => {
          Object.assign(this.#keep(repeated), { examined: true, repeated: true });
        },
        this.identity,
      ),
    );
    if ([401, 403].includes(answer.status) && this.identity.isAuthorized)
      answer.lacking = this.#caller.lacking?.(sent);
    return answer;
  }

  #keep(exchange: Exchange): Answer {
    const answer = new Answer(exchange);
    this.answers.push(answer);
    return answer;
  }

  /** The newest answer; reading it counts as examining it. */
  get answer(): Answer {
    const answer = this.answers.at(-1);
    if (answer === undefined) throw new Error('the scenario has made no call yet');
    answer.examined = true;
    return answer;
  }

  /** Fails for an error that no step examined, since it could be an unnoticed defect. */
  get overlooked(): Answer | undefined {
    return this.answers.find(({ succeeded, examined }) => !succeeded && !examined);
  }
}
