import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../../infra/errors.ts';
import type { TargetKind } from '../../infra/targets/target.ts';

/** How long to wait at most, and how long between two looks: milliseconds. */
export interface Wait {
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

/**
 * Every wait of the suite. `stream-visible`: until a creation or deletion that was accepted can be seen at all.
 * `records-visible`: until records that were accepted can be read. `nothing-stored`: how long to look on before
 * believing that nothing came, so its time is spent whenever nothing does.
 */
export const WAIT_NAMES = [
  'stream-visible',
  'stream-active',
  'stream-gone',
  'records-visible',
  'nothing-stored',
] as const;
export type WaitName = (typeof WAIT_NAMES)[number];

type Table = Readonly<Record<WaitName, Wait>>;

const EMBEDDED: Table = {
  'stream-visible': { timeoutMs: 300, intervalMs: 3 },
  'stream-active': { timeoutMs: 60_000, intervalMs: 3 },
  'stream-gone': { timeoutMs: 60_000, intervalMs: 3 },
  'records-visible': { timeoutMs: 300, intervalMs: 3 },
  'nothing-stored': { timeoutMs: 0, intervalMs: 3 },
};
const EMULATOR: Table = {
  'stream-visible': { timeoutMs: 2_000, intervalMs: 50 },
  'stream-active': { timeoutMs: 60_000, intervalMs: 50 },
  'stream-gone': { timeoutMs: 60_000, intervalMs: 50 },
  'records-visible': { timeoutMs: 3_000, intervalMs: 50 },
  'nothing-stored': { timeoutMs: 0, intervalMs: 50 },
};
/** The SDK's own waiter gives a stream 180 s (facts 4.1); DescribeStream is limited to 10 calls a second (facts 4.2). */
const AWS: Table = {
  'stream-visible': { timeoutMs: 15_000, intervalMs: 1_000 },
  'stream-active': { timeoutMs: 180_000, intervalMs: 2_000 },
  'stream-gone': { timeoutMs: 180_000, intervalMs: 2_000 },
  'records-visible': { timeoutMs: 30_000, intervalMs: 1_000 },
  'nothing-stored': { timeoutMs: 3_000, intervalMs: 1_000 },
};
const TABLES: Readonly<Record<TargetKind, Table>> = {
  embedded: EMBEDDED,
  localstack: EMULATOR,
  endpoint: EMULATOR,
  aws: AWS,
  url: AWS,
};

/** What one look found: the thing waited for, or how things stand instead. */
export type Look<T> = { readonly found: T } | { readonly seen: string };

/** Something waited for did not come in time; the message tells what, how long, and what was seen last. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

/** The waits of one run: the table for its kind of target, each overridden by `KPC_WAIT_<NAME>_MS`. */
export class Waits {
  readonly #table: Table;

  /** @throws UsageError for an override that is no number of milliseconds. */
  constructor(kind: TargetKind, environment: Readonly<Record<string, string | undefined>> = process.env) {
    const entries = WAIT_NAMES.map(
      (name) => [name, override(name, TABLES[kind][name], environment)] as const,
    );
    this.#table = Object.fromEntries(entries) as Record<WaitName, Wait>;
  }

  get(name: WaitName): Wait {
    return this.#table[name];
  }

  /** Milliseconds. */
  get longest(): number {
    return Math.max(...WAIT_NAMES.map((name) => this.#table[name].timeoutMs));
  }

  /**
   * Looks until it is found, at least once.
   * @param what ends the sentence "waited for …".
   * @throws WaitTimeout
   */
  async until<T>(name: WaitName, what: string, look: () => Promise<Look<T>>): Promise<T> {
    const { timeoutMs, intervalMs } = this.#table[name];
    const started = performance.now();
    for (;;) {
      const result = await look();
      if ('found' in result) return result.found;
      const elapsed = performance.now() - started;
      if (elapsed + intervalMs > timeoutMs)
        throw new WaitTimeout(
          `waited ${seconds(elapsed)} for ${what}; last seen: ${result.seen} ` +
            `(${variable(name)} sets how many milliseconds to wait)`,
        );
      await delay(intervalMs);
    }
  }

  /** Looks on for the whole time; settles early only when there is something to report. */
  async throughout<T>(name: WaitName, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const { timeoutMs, intervalMs } = this.#table[name];
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined || performance.now() + intervalMs > deadline) return found;
      await delay(intervalMs);
    }
  }
}

function variable(name: WaitName): string {
  return `KPC_WAIT_${name.toUpperCase().replaceAll('-', '_')}_MS`;
}

function override(
  name: WaitName,
  wait: Wait,
  environment: Readonly<Record<string, string | undefined>>,
): Wait {
  const value = environment[variable(name)];
  if (value === undefined || value === '') return wait;
  if (!/^\d+$/.test(value))
    throw new UsageError(`${variable(name)} is ${value}; it takes a whole number of milliseconds`);
  return { ...wait, timeoutMs: Number(value) };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
