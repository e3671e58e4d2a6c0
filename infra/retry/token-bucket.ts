import { clockFactor, now } from './clock.ts';

/**
 * A token bucket; each call takes one token. A token comes back a whole period after its call has ended, so that the
 * receiver never counts more calls in a period than the bucket holds, however long the network delays them.
 */
export class TokenBucket {
  readonly #size: number;
  readonly #periodMs: number;
  /** When each token that is not in use becomes available, earliest first. */
  readonly #back: number[];
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param from when the tokens become available first: milliseconds of the suite's clock. */
  constructor({ calls, perMillis }: { calls: number; perMillis: number }, from = Number.NEGATIVE_INFINITY) {
    this.#size = calls;
    this.#periodMs = perMillis;
    this.#back = Array.from({ length: calls }, () => from);
  }

  /** Resolves when a token is available for the caller; first come, first served. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  /** The call has ended. */
  giveBack(): void {
    this.#back.push(now() + this.#periodMs);
    this.#serve();
  }

  /** Whether no caller holds or waits for a token, and all are available. */
  get idle(): boolean {
    return (
      this.#waiting.length === 0 && this.#back.length === this.#size && (this.#back.at(-1) ?? 0) <= now()
    );
  }

  #serve(): void {
    while (this.#waiting.length > 0 && (this.#back[0] ?? Number.POSITIVE_INFINITY) <= now()) {
      this.#back.shift();
      this.#waiting.shift()?.();
    }
    const next = this.#back[0];
    if (this.#waiting.length === 0 || next === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#serve();
      },
      Math.ceil((next - now()) / clockFactor()),
    );
  }
}
