import { TargetError } from '../errors.ts';

/**
 * What a stranger's API may cost a thread of a run in calls that get no whole answer: milliseconds. Serial runs and
 * worker threads each have it once after the start, so that a run that is only kept waiting ends within a minute.
 */
const BUDGET = 15_000;
/** An answer that takes longer is counted for what it takes beyond; uploads get a second for each 512 KiB. */
const ALLOWANCE = 5_000;
const UPLOAD_BYTES_PER_MS = 512;

/** What a stranger's target is to be waited for that has yet to come into a state, and once it did not; milliseconds. */
const STATE = 10_000;
const STATE_AGAIN = 100;
/** All answers of a stranger's API together: bytes. */
const MAX_VOLUME = 128 * 1024 * 1024;

/** No whole answer came in time; a client may repeat the call. */
class NoWholeAnswer extends Error {
  /** What AWS's SDK and the suite's own retries know a call by that may be made again. */
  override readonly name = 'TimeoutError';
}

/** Deadlines of calls, and for how long a target that strangers run may keep the run waiting. */
class Stalls {
  #left = Number.POSITIVE_INFINITY;
  #budget = BUDGET;
  #allowance = ALLOWANCE;
  #volume = 0;
  readonly #absent = new Set<string>();

  /** From now on the target's calls share one budget; milliseconds. */
  open(budget = BUDGET, allowance = ALLOWANCE): void {
    this.#left = budget;
    this.#volume = 0;
    this.#absent.clear();
    this.#budget = budget;
    this.#allowance = allowance;
  }

  /** As `open`, in a thread that may have the budget already. */
  join(): void {
    if (this.#left === Number.POSITIVE_INFINITY) this.open();
  }

  /** For a target of the run's own, and AWS. */
  close(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** Counts what an answer weighed. @throws TargetError when the target has sent more than any run needs. */
  receive(bytes: number): void {
    if (this.#left === Number.POSITIVE_INFINITY) return;
    this.#volume += bytes;
    if (this.#volume > MAX_VOLUME) {
      this.#left = 0;
      throw new TargetError(
        `the target sent more than ${MAX_VOLUME / 1024 / 1024} MiB in all, so it is not called any more`,
      );
    }
  }

  /** How long a state is to be waited for, milliseconds: on a stranger's target less, and hardly again. */
  waitFor(state: string, timeoutMs: number): number {
    if (this.#left === Number.POSITIVE_INFINITY) return timeoutMs;
    return Math.min(timeoutMs, this.#absent.has(state) ? STATE_AGAIN : STATE);
  }

  /** The state did not come. */
  waitedInVain(state: string): void {
    this.#absent.add(state);
  }

  /**
   * Makes a call under one deadline for all of it, the body included.
   * @param bytes of the request's body.
   * @throws TargetError, without making the call, when the target has used its budget up; an error named TimeoutError
   * at the deadline.
   */
  async during<T>(
    { deadlineMs, bytes = 0 }: { deadlineMs: number; bytes?: number },
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#left <= 0)
      throw new TargetError(
        `the target kept the run waiting for ${this.#budget / 1000} s in all, or sent too much, so it is not called any more; see whether it answers at all`,
      );
    const allowance = this.#allowance + bytes / UPLOAD_BYTES_PER_MS;
    const limit = Math.min(deadlineMs + bytes / UPLOAD_BYTES_PER_MS, allowance + this.#left);
    const started = performance.now();
    const controller = new AbortController();
    const late = new NoWholeAnswer(`no whole answer within ${Math.round(limit / 1000)} s`);
    const timer = setTimeout(() => controller.abort(late), limit);
    try {
      return await call(controller.signal);
    } catch (error) {
      throw controller.signal.aborted ? late : error;
    } finally {
      clearTimeout(timer);
      const took = performance.now() - started;
      this.#left -= controller.signal.aborted ? took : Math.max(0, took - allowance);
    }
  }
}

/** Of this thread. */
export const stalls = new Stalls();
