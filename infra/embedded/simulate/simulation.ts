import type { Middleware } from '../embedded-aws.ts';
import { type HttpRequest, type HttpResponse, LostConnection } from '../http.ts';
import { EVERY_OPERATION, QUOTAS } from '../quotas.ts';
import { Consistency } from './consistency.ts';
import { type Fault, Faults } from './faults.ts';
import { simulatedKinesis } from './kinesis.ts';
import { type Count, Meter } from './meter.ts';
import { between, type Random, seeded } from './random.ts';
import { faultyAnswer, possibleFaults, type Seen, see } from './requests.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** How many seconds of the simulation pass per real second. */
  readonly clockFactor: number;
  /** Milliseconds since the epoch; by default the machine's clock. */
  readonly now?: () => number;
}

/** What has happened so far; served as JSON at `GET /_kpc/simulation`. */
export interface SimulationReport {
  readonly seed: number;
  readonly clockFactor: number;
  /** By action; calls of Kinesis by both API Gateway and clients. */
  readonly calls: Readonly<Record<string, Count>>;
  /** The injected faults, not counting calls beyond their quota. */
  readonly faults: Readonly<Record<Fault, number>>;
}

export const REPORT_PATH = '/_kpc/simulation';

/** How long an accepted record cannot be read, in milliseconds of the simulation (inferred). */
const RECORD_LAG = [200, 1_500] as const;

/** How long a stream is CREATING or DELETING, 20 to 40 s, in milliseconds of the simulation. */
const STREAM_STATE = [20_000, 40_000] as const;

/**
 * Simulates AWS's behaviour around the embedded AWS: lasting states, quotas, eventual consistency of roles, deployments
 * and lists, and transient errors. Dates are real; durations and rates are in simulation time, which runs `clockFactor`
 * times as fast. It has no effect before `begin`.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #meter: Meter;
  readonly #faults: Faults;
  readonly #consistency: Consistency;
  #hasBegun = false;

  constructor(options: SimulationOptions) {
    const world = options.now ?? (() => performance.timeOrigin + performance.now());
    const now = () => world() * options.clockFactor;
    const random = seeded(options.seed);
    this.#options = options;
    this.#random = random;
    this.#meter = new Meter(QUOTAS, now);
    this.#faults = new Faults(random);
    this.#consistency = new Consistency(random, now);
  }

  begin(): void {
    this.#hasBegun = true;
  }

  rearm(): void {
    this.#faults.rearm();
  }

  /** Meanwhile nothing is counted, refused, hidden or lost; states that have begun continue. */
  async quietly<T>(look: () => Promise<T>): Promise<T> {
    this.#hasBegun = false;
    try {
      return await look();
    } finally {
      this.#hasBegun = true;
    }
  }

  /** How long the next stream stays in its transitional state, in real milliseconds. */
  streamMillis(): number {
    if (!this.#hasBegun) return 0;
    return between(this.#random, ...STREAM_STATE) / this.#options.clockFactor;
  }

  get report(): SimulationReport {
    const { seed, clockFactor } = this.#options;
    return { seed, clockFactor, calls: this.#meter.counts, faults: this.#faults.given };
  }

  middleware({ accountId }: { accountId: string }): Middleware {
    const parts = {
      accountId,
      meter: this.#meter,
      faults: this.#faults,
      consistency: this.#consistency,
      now: this.#options.now ?? Date.now,
      youngest: () => between(this.#random, ...RECORD_LAG) / this.#options.clockFactor,
    };
    return {
      kinesis: (call) => {
        const simulated = simulatedKinesis(call, parts);
        return (request) => (this.#hasBegun ? simulated(request) : call(request));
      },
      port: (serve) => (request) => this.#serve(request, serve),
      authority: (authority) => ({
        authorize: (...question) => authority.authorize(...question),
        assumeRole: (roleArn, principal, sessionName) =>
          this.#consistency.knowsRole(roleArn.split('/').at(-1) ?? '')
            ? authority.assumeRole(roleArn, principal, sessionName)
            : undefined,
      }),
      stage: (newest) => {
        const older = new Map<string, ReturnType<typeof newest>>();
        return (restApiId, stageName) => {
          const found = newest(restApiId, stageName);
          const key = `${restApiId}/${stageName}`;
          const hosts = this.#consistency.hostsServe(key);
          if (hosts === 'newest') older.set(key, found);
          return hosts === 'older' ? older.get(key) : found;
        };
      },
    };
  }

  async #serve(
    request: HttpRequest,
    serve: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    if (request.target === REPORT_PATH) return json(this.report);
    if (!this.#hasBegun) return serve(request);
    const seen = see(request);
    if (seen.kind === 'apigateway' && !this.#isWithinQuota(seen.action))
      return faultyAnswer('apigateway', 'throttle');
    if (seen.kind === 'iam' || seen.kind === 'invocation') this.#meter.take(seen.action);
    const fault = this.#faults.next(possibleFaults(seen, request));
    if (fault === 'lost-request') throw new LostConnection();
    if (
      (fault === 'throttle' || fault === 'server-error') &&
      (seen.kind === 'apigateway' || seen.kind === 'iam')
    )
      return faultyAnswer(seen.kind, fault);
    const answer = await serve(request);
    this.#notice(seen, answer);
    if (fault === 'lost-answer') throw new LostConnection();
    return answer;
  }

  /** Each operation counts against its own quota and the common one. */
  #isWithinQuota(action: string): boolean {
    const all = this.#meter.take(EVERY_OPERATION);
    return this.#meter.take(action) && all;
  }

  #notice(seen: Seen, { status }: HttpResponse): void {
    if (status >= 300) return;
    if (seen.kind === 'iam' && seen.action === 'CreateRole' && seen.roleName !== undefined)
      this.#consistency.roleMade(seen.roleName);
    if (seen.kind === 'apigateway' && seen.stage !== undefined) this.#consistency.deployed(seen.stage);
  }
}

function json(body: object): HttpResponse {
  return { status: 200, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
