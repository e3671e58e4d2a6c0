import { between, type Random } from './random.ts';

/**
 * `throttle`: another client of the account used up the quota. `lost-request`: the connection ends before the call took
 * effect, `lost-answer`: after.
 */
export const FAULTS = ['throttle', 'server-error', 'lost-request', 'lost-answer'] as const;
export type Fault = (typeof FAULTS)[number];

/** How many eligible calls pass before the next fault of a kind; the first comes early, so that every run has one. */
const FIRST = { least: 2, most: 6 } as const;
const LATER = { least: 60, most: 200 } as const;

/** Decides by a seed which eligible calls get a fault: rarely, but each kind early in a run. */
export class Faults {
  readonly #random: Random;
  readonly #left: Map<Fault, number>;
  readonly #given = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));

  constructor(random: Random) {
    this.#random = random;
    this.#left = new Map(FAULTS.map((fault) => [fault, this.#draw(FIRST)]));
  }

  /** Makes each kind come early again. */
  rearm(): void {
    for (const fault of FAULTS) this.#left.set(fault, this.#draw(FIRST));
  }

  /** @param possible the faults that this call can get. @returns the fault that it gets, if any. */
  next(possible: readonly Fault[]): Fault | undefined {
    let hit: Fault | undefined;
    for (const fault of possible) {
      const left = (this.#left.get(fault) ?? 0) - 1;
      this.#left.set(fault, left);
      if (left <= 0) hit ??= fault;
    }
    if (hit === undefined) return undefined;
    this.#left.set(hit, this.#draw(LATER));
    this.#given.set(hit, (this.#given.get(hit) ?? 0) + 1);
    return hit;
  }

  get given(): Readonly<Record<Fault, number>> {
    return Object.fromEntries(this.#given) as Record<Fault, number>;
  }

  #draw({ least, most }: { least: number; most: number }): number {
    return Math.round(between(this.#random, least, most));
  }
}
