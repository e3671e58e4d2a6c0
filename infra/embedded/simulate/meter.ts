import type { Quota } from '../quotas.ts';

/** The counts of one action. */
export interface Count {
  readonly calls: number;
  /** The maximum number of calls within any period of its quota; per shard if the quota is per shard. */
  readonly peak: number;
  /** Calls that were refused because they exceeded the quota. */
  readonly refused: number;
  readonly quota?: { readonly calls: number; readonly perMillis: number; readonly burst?: number };
}

interface Gauge {
  tokens: number;
  filledAt: number;
  /** The times of the calls in the last period. */
  readonly recent: number[];
}

/** Counts calls by action and limits them by their quotas, with token buckets that are full at the start. */
export class Meter {
  readonly #quotas: Readonly<Record<string, Quota>>;
  readonly #now: () => number;
  readonly #gauges = new Map<string, Gauge>();
  readonly #counts = new Map<string, { calls: number; peak: number; refused: number }>();

  /** @param now milliseconds, in the quotas' own time. */
  constructor(quotas: Readonly<Record<string, Quota>>, now: () => number) {
    this.#quotas = quotas;
    this.#now = now;
  }

  /** Counts a call. @returns whether the quota allows it. */
  take(action: string, shard = ''): boolean {
    const count = this.#counts.get(action) ?? { calls: 0, peak: 0, refused: 0 };
    this.#counts.set(action, count);
    count.calls++;
    const quota = this.#quotas[action];
    if (quota === undefined) return true;
    const now = this.#now();
    const gauge = this.#gauge(quota.scope === 'shard' ? `${action} ${shard}` : action, quota, now);
    gauge.recent.push(now);
    while ((gauge.recent[0] as number) <= now - quota.perMillis) gauge.recent.shift();
    count.peak = Math.max(count.peak, gauge.recent.length);
    const most = quota.burst ?? quota.calls;
    gauge.tokens = Math.min(most, gauge.tokens + ((now - gauge.filledAt) * quota.calls) / quota.perMillis);
    gauge.filledAt = now;
    if (gauge.tokens < 1) {
      count.refused++;
      return false;
    }
    gauge.tokens--;
    return true;
  }

  get counts(): Readonly<Record<string, Count>> {
    const rows = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      rows.map(([action, count]) => {
        const quota = this.#quotas[action];
        if (quota === undefined) return [action, { ...count }];
        const { scope: _, ...told } = quota;
        return [action, { ...count, quota: told }];
      }),
    );
  }

  #gauge(key: string, quota: Quota, now: number): Gauge {
    const gauge = this.#gauges.get(key) ?? { tokens: quota.burst ?? quota.calls, filledAt: now, recent: [] };
    this.#gauges.set(key, gauge);
    return gauge;
  }
}
