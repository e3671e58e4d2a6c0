import type { MethodSetting, Quota, Throttle } from '../model.ts';
import { GatewayError } from './gateway-error.ts';

/** The limits of a usage plan for one API key on one stage. */
export interface KeyLimits {
  readonly planId: string;
  readonly keyId: string;
  /** For all calls with the key. */
  readonly throttle?: Throttle | undefined;
  /** `{resource path}/{verb}` to the throttle of that method alone. */
  readonly methods?: Readonly<Record<string, Throttle>> | undefined;
  readonly quota?: Quota | undefined;
}

export type ThrottleSettings = Pick<MethodSetting, 'throttlingBurstLimit' | 'throttlingRateLimit'>;

/** The properties of a call that matter for limits. */
export interface MeteredCall {
  readonly restApiId: string;
  readonly stageName: string;
  readonly resourcePath: string;
  /** The method's verb: ANY for a method that accepts any verb. */
  readonly verb: string;
  readonly settings: Readonly<Record<string, ThrottleSettings>> | undefined;
  /** The limits of the key, if the method requires one. */
  readonly limits: KeyLimits | undefined;
}

/**
 * Counts calls against the limits of a stage and of usage plans (docs/facts/gateway.md#errors), in the order of the
 * guide: the plan's limit for the method, the plan's for the key, the stage's for the method. A plan's quota is
 * checked after its throttle (inferred), so a throttled call does not count against it. The account's limit is not
 * enforced.
 */
export class Meter {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #used = new Map<string, Usage>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws GatewayError 429. */
  count({ restApiId, stageName, resourcePath, verb, settings, limits }: MeteredCall): void {
    const method = `${resourcePath}/${verb}`;
    if (limits !== undefined) {
      const { planId, keyId, methods, throttle, quota } = limits;
      const client = `${planId}/${keyId}`;
      this.#take(`${client}/${restApiId}/${stageName}${method}`, methods?.[method]);
      this.#take(client, throttle);
      this.#use(client, quota);
    }
    // The settings for all methods apply to each method separately (guide, throttling).
    const own = settings?.[method.slice(1)] ?? settings?.['*/*'];
    this.#take(`${restApiId}/${stageName}${method}`, own && limitOf(own));
  }

  #take(name: string, limit: Throttle | undefined): void {
    // A negative limit means no limit: infrastructure tools write -1 (inferred).
    const { rateLimit = DEFAULT_RATE, burstLimit = DEFAULT_BURST } = limit ?? {};
    if (limit === undefined || rateLimit < 0 || burstLimit < 0) return;
    const now = this.#now();
    const bucket = this.#buckets.get(name) ?? { tokens: burstLimit, filledAt: now };
    const refilled = bucket.tokens + ((now - bucket.filledAt) / 1000) * rateLimit;
    const tokens = Math.min(burstLimit, refilled);
    const isAdmitted = tokens >= 1;
    this.#buckets.set(name, { tokens: isAdmitted ? tokens - 1 : tokens, filledAt: now });
    if (!isAdmitted) throw new GatewayError('THROTTLED', 'Too Many Requests', 'TooManyRequestsException');
  }

  #use(client: string, quota: Quota | undefined): void {
    if (quota?.limit === undefined) return;
    const period = periodOf(this.#now(), quota.period);
    const known = this.#used.get(client);
    // The offset applies to the first period only (botocore apigateway/2015-07-09, QuotaSettings).
    const isFirst = known === undefined || (known.isFirst && known.period === period);
    const calls = known?.period === period ? known.calls : 0;
    const limit = quota.limit - (isFirst ? (quota.offset ?? 0) : 0);
    if (calls >= limit) throw new GatewayError('QUOTA_EXCEEDED', 'Limit Exceeded', 'LimitExceededException');
    this.#used.set(client, { period, calls: calls + 1, isFirst });
  }
}

/** The account's limits (docs/facts/gateway.md#limits), for a throttle that sets only one of the two. */
const DEFAULT_RATE = 10_000;
const DEFAULT_BURST = 5_000;

interface Bucket {
  readonly tokens: number;
  /** Epoch milliseconds. */
  readonly filledAt: number;
}

interface Usage {
  readonly period: string;
  readonly calls: number;
  readonly isFirst: boolean;
}

function limitOf({ throttlingBurstLimit, throttlingRateLimit }: ThrottleSettings): Throttle {
  return {
    ...(throttlingBurstLimit !== undefined && { burstLimit: throttlingBurstLimit }),
    ...(throttlingRateLimit !== undefined && { rateLimit: throttlingRateLimit }),
  };
}

const DAY = 86_400_000;

/** The day, week or month of a time in UTC; weeks start on Sunday (inferred). */
function periodOf(time: number, period: string | undefined): string {
  if (period === 'MONTH') return new Date(time).toISOString().slice(0, 7);
  const days = Math.floor(time / DAY);
  // Day 0 was a Thursday.
  return period === 'WEEK' ? `week ${Math.floor((days + 4) / 7)}` : `day ${days}`;
}
