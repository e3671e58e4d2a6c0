import { between, type Random } from './random.ts';

/** `throttle`: another client of the account used up the quota. `lost-request`: the connection ends before the call took effect, `lost-answer`: after. */
export const FAULTS = ['throttle', 'server-error', 'lost-request', 'lost-answer'] as const;
export type Fault = (typeof FAULTS)[number];

/** Calls that may be hit between one fault of a kind and the next; the first comes early, so that no run is without. */
const FIRST = { least: 2, most: 6 } as const;
const LATER = { least: 60, most: 200 } as const;

/** Which of the calls that may be hit are: by a seed, seldom, and each kind of fault early in a run. */
export class Faults {
  readonly #random: Random;
  readonly #left: Map<Fault, number>;
  readonly #given = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));

  constructor(random: Random) {
    this.#random = random;
    this.#left = new Map(FAULTS.map((fault) => [fault, this.#draw(FIRST)]));
  }

  /** From here on each kind comes early again. */
  rearm(): void {
    for (const fault of FAULTS) this.#left.set(fault, this.#draw(FIRST));
  }

  /** @param possible what this call may be hit by. @returns what it is hit by. */
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
