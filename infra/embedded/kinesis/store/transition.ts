/** How long a stream stays in a passing state: milliseconds. */
export interface TransitionOptions {
  readonly millis: number;
  /** How much longer it stays while nobody has asked for it, so that a client as near as this one sees it at all. */
  readonly unseenMillis: number;
}

/** A state that ends on its own: CREATING or DELETING. Only the moment of a look counts; no timer runs. */
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
