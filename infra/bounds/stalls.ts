import { TargetError } from '../errors.ts';

/**
 * How long, in milliseconds, a thread may wait in total for incomplete answers of an API that others operate. Serial
 * runs and worker threads each have this budget once, so that a run that only waits ends within a minute.
 */
const BUDGET = 15_000;
/** An answer that takes longer is counted for what it takes beyond; uploads get a second for each 512 KiB. */
const ALLOWANCE = 5_000;
const UPLOAD_BYTES_PER_MS = 512;

/**
 * How long to wait for a state on a target that others operate, and how long after a state did not come; milliseconds.
 */
const STATE = 10_000;
const STATE_AGAIN = 100;
/** The maximum size of all answers together of an API that others operate, in bytes. */
const MAX_VOLUME = 128 * 1024 * 1024;

/** No complete answer came in time; a client may retry the call. */
class NoWholeAnswer extends Error {
  /** By this name AWS's SDK and the suite's own retries recognise that a call may be retried. */
  override readonly name = 'TimeoutError';
}

/** Deadlines of calls, and the total time that a target operated by others may keep the run waiting. */
class Stalls {
  #left = Number.POSITIVE_INFINITY;
  #budget = BUDGET;
  #allowance = ALLOWANCE;
  #volume = 0;
  readonly #absent = new Set<string>();

  /** Gives the target's calls a common budget from now on; milliseconds. */
  open(budget = BUDGET, allowance = ALLOWANCE): void {
    this.#left = budget;
    this.#volume = 0;
    this.#absent.clear();
    this.#budget = budget;
    this.#allowance = allowance;
  }

  /** Like `open`, for a thread that may already have the budget. */
  join(): void {
    if (this.#left === Number.POSITIVE_INFINITY) this.open();
  }

  /** Removes the budget, for the run's own targets and AWS. */
  close(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** Counts the size of an answer. @throws TargetError if the target has sent more than any run needs. */
  receive(bytes: number): void {
    if (this.#left === Number.POSITIVE_INFINITY) return;
    this.#volume += bytes;
    if (this.#volume > MAX_VOLUME) {
      this.#left = 0;
      throw new TargetError(
        `the target sent more than ${MAX_VOLUME / 1024 / 1024} MiB in total, so the run stopped calling it`,
      );
    }
  }

  /**
   * How long to wait for a state, in milliseconds: less on a target that others operate, and hardly after a failure.
   */
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
        `the target kept the run waiting for ${this.#budget / 1000} s in total, or sent too much, so the run stopped calling it; check whether it answers at all`,
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
