import { stalls } from '../bounds/stalls.ts';
import { UsageError } from '../errors.ts';
import type { TargetKind } from '../targets/target.ts';
import { now, sleep } from './clock.ts';

/** The maximum wait and the interval between two checks, in milliseconds. */
export interface Wait {
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

/**
 * Every wait of a run. `role-assumable`: until API Gateway can assume a new role. `deployment-answers`: until all of
 * API Gateway serves a new deployment. `stream-visible`: until an accepted creation or deletion is visible at all.
 * `stream-listed`: until the list of streams is up to date. `stream-writable`: until an ACTIVE stream accepts records
 * by its name (docs/facts/kinesis.md#new-streams). `records-visible`: until accepted records can be read.
 * `nothing-stored`: how long to check before concluding that nothing was stored, so this wait is always spent in full
 * if nothing was.
 */
export const WAIT_NAMES = [
  'role-assumable',
  'deployment-answers',
  'stream-visible',
  'stream-listed',
  'stream-active',
  'stream-writable',
  'stream-gone',
  'records-visible',
  'nothing-stored',
] as const;
export type WaitName = (typeof WAIT_NAMES)[number];

/** How long a run waits, by where its target runs. */
export const WAIT_LEVELS = ['embedded', 'emulator', 'aws'] as const;
export type WaitLevel = (typeof WAIT_LEVELS)[number];

type Table = Readonly<Record<WaitName, Wait>>;

const EMBEDDED: Table = {
  'role-assumable': { timeoutMs: 0, intervalMs: 20 },
  'deployment-answers': { timeoutMs: 0, intervalMs: 20 },
  'stream-visible': { timeoutMs: 300, intervalMs: 3 },
  'stream-listed': { timeoutMs: 0, intervalMs: 3 },
  'stream-active': { timeoutMs: 60_000, intervalMs: 3 },
  'stream-writable': { timeoutMs: 0, intervalMs: 3 },
  'stream-gone': { timeoutMs: 60_000, intervalMs: 3 },
  'records-visible': { timeoutMs: 300, intervalMs: 3 },
  'nothing-stored': { timeoutMs: 0, intervalMs: 3 },
};
const EMULATOR: Table = {
  'role-assumable': { timeoutMs: 0, intervalMs: 200 },
  'deployment-answers': { timeoutMs: 10_000, intervalMs: 200 },
  'stream-visible': { timeoutMs: 2_000, intervalMs: 50 },
  'stream-listed': { timeoutMs: 0, intervalMs: 50 },
  'stream-active': { timeoutMs: 60_000, intervalMs: 50 },
  'stream-writable': { timeoutMs: 0, intervalMs: 50 },
  'stream-gone': { timeoutMs: 60_000, intervalMs: 50 },
  'records-visible': { timeoutMs: 3_000, intervalMs: 50 },
  'nothing-stored': { timeoutMs: 0, intervalMs: 50 },
};
/**
 * The SDK's own waiter gives a stream 180 s (docs/facts/kinesis.md#streams); the other durations are not documented
 * (inferred).
 */
const AWS: Table = {
  'role-assumable': { timeoutMs: 60_000, intervalMs: 2_000 },
  'deployment-answers': { timeoutMs: 120_000, intervalMs: 1_000 },
  'stream-visible': { timeoutMs: 15_000, intervalMs: 1_000 },
  'stream-listed': { timeoutMs: 30_000, intervalMs: 2_000 },
  'stream-active': { timeoutMs: 180_000, intervalMs: 2_000 },
  'stream-writable': { timeoutMs: 15_000, intervalMs: 500 },
  'stream-gone': { timeoutMs: 180_000, intervalMs: 2_000 },
  'records-visible': { timeoutMs: 30_000, intervalMs: 1_000 },
  'nothing-stored': { timeoutMs: 3_000, intervalMs: 1_000 },
};
const TABLES: Readonly<Record<WaitLevel, Table>> = { embedded: EMBEDDED, emulator: EMULATOR, aws: AWS };

/** The level of each kind of target. */
const LEVELS: Readonly<Record<TargetKind, WaitLevel>> = {
  embedded: 'embedded',
  localstack: 'emulator',
  endpoint: 'emulator',
  aws: 'aws',
  url: 'aws',
};

/** @param kind the kind whose waits apply to the target. */
export function levelOf(kind: TargetKind): WaitLevel {
  return LEVELS[kind];
}

/** The result of one check: the thing waited for, or the state seen instead. */
export type Look<T> = { readonly found: T } | { readonly seen: string };

/** A wait ended without success. The message has the thing waited for, the time, and the last state. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

/** The waits of one run: those of its level, each of which can be overridden by `KPC_WAIT_<NAME>_MS`. */
export class Waits {
  readonly #table: Table;
  readonly #isEmulator: boolean;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  /** @throws UsageError for an override that is not a number of milliseconds. */
  constructor(level: WaitLevel, environment: Readonly<Record<string, string | undefined>> = process.env) {
    const entries = WAIT_NAMES.map(
      (name) => [name, override(name, TABLES[level][name], environment)] as const,
    );
    this.#table = Object.fromEntries(entries) as Record<WaitName, Wait>;
    // LocalStack is one too, but has no budget for others' targets; AWS may be slow.
    this.#isEmulator = level === 'emulator';
    this.#environment = environment;
  }

  get(name: WaitName): Wait {
    return this.#table[name];
  }

  /** Milliseconds. */
  get longest(): number {
    return Math.max(...WAIT_NAMES.map((name) => this.#table[name].timeoutMs));
  }

  /**
   * Checks until it is found, at least once.
   * @param what ends the sentence "waited for …".
   * @throws WaitTimeout
   */
  async until<T>(name: WaitName, what: string, look: () => Promise<Look<T>>): Promise<T> {
    const { intervalMs } = this.#table[name];
    const timeoutMs = this.#bounded(name);
    const started = now();
    for (;;) {
      const result = await look();
      if ('found' in result) return result.found;
      const elapsed = now() - started;
      if (elapsed + intervalMs > timeoutMs) {
        if (this.#isEmulator) stalls.waitedInVain(name);
        throw new WaitTimeout(
          `waited ${seconds(elapsed)} for ${what}; last seen: ${result.seen} ` +
            `(${waitVariable(name)} sets how many milliseconds to wait)`,
        );
      }
      await sleep(intervalMs);
    }
  }

  /** A value from the environment applies to every target. */
  #bounded(name: WaitName): number {
    const { timeoutMs } = this.#table[name];
    return this.#isEmulator && this.#environment[waitVariable(name)] === undefined
      ? stalls.waitFor(name, timeoutMs)
      : timeoutMs;
  }

  /** Checks for the whole time; resolves early only if there is something to report. */
  async throughout<T>(name: WaitName, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const { timeoutMs, intervalMs } = this.#table[name];
    const deadline = now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined || now() + intervalMs > deadline) return found;
      await sleep(intervalMs);
    }
  }
}

/** The environment variable that overrides a wait: `KPC_WAIT_STREAM_GONE_MS`. */
export function waitVariable(name: WaitName): string {
  return `KPC_WAIT_${name.toUpperCase().replaceAll('-', '_')}_MS`;
}

function override(
  name: WaitName,
  wait: Wait,
  environment: Readonly<Record<string, string | undefined>>,
): Wait {
  const value = environment[waitVariable(name)];
  if (value === undefined || value === '') return wait;
  if (!/^\d+$/.test(value))
    throw new UsageError(`${waitVariable(name)} is ${value}; it takes a whole number of milliseconds`);
  return { ...wait, timeoutMs: Number(value) };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
