/** How long a stream stays in a transitional state, in milliseconds. */
export interface TransitionOptions {
  readonly millis: number;
  /** How much longer the state lasts until a client sees it, since a client in the same process could miss it. */
  readonly unseenMillis: number;
}

/** A state that ends by itself: CREATING or DELETING. It is computed when it is read; there is no timer. */
export class Transition {
  readonly #least: number;
  #end: number;

  /** @param now milliseconds since the epoch. */
  constructor(now: number, { millis, unseenMillis }: TransitionOptions) {
    this.#least = now + millis;
    this.#end = this.#least + unseenMillis;
  }

  isOver(now: number): boolean {
    return now >= this.#end;
  }

  /** Called when a client sees the state. The state then ends at its time, or at once if that has passed. */
  see(now: number): void {
    this.#end = Math.min(this.#end, Math.max(now, this.#least));
  }
}
