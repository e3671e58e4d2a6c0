import { TargetError } from '../errors.ts';

/**
 * What a stranger's API may cost a thread of a run in calls that get no whole answer: milliseconds. Serial runs and
 * worker threads each have it once after the start, so that a run that is only kept waiting ends within a minute.
 */
const BUDGET = 25_000;
/** An answer that takes longer is counted for what it takes beyond; uploads get a second for each 512 KiB. */
const ALLOWANCE = 5_000;
const UPLOAD_BYTES_PER_MS = 512;

/** No whole answer came in time; a client may repeat the call. */
class NoWholeAnswer extends Error {
  /** What AWS's SDK and the suite's own retries know a call by that may be made again. */
  override readonly name = 'TimeoutError';
}

/** Deadlines of calls, and for how long a target that strangers run may keep the run waiting. */
class Stalls {
  #left = Number.POSITIVE_INFINITY;

  /** From now on the target's calls share one budget. */
  open(): void {
    this.#left = BUDGET;
  }

  /** As `open`, in a thread that may have the budget already. */
  join(): void {
    if (this.#left === Number.POSITIVE_INFINITY) this.open();
  }

  /** For a target of the run's own, and AWS. */
  close(): void {
    this.#left = Number.POSITIVE_INFINITY;
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
        `the target kept the run waiting for ${BUDGET / 1000} s in all, so it is not called any more; see whether it answers at all`,
      );
    const allowance = ALLOWANCE + bytes / UPLOAD_BYTES_PER_MS;
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
