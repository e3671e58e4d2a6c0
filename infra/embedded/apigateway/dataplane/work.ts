import { setImmediate } from 'node:timers/promises';
import vm from 'node:vm';
import { configurationError } from './gateway-error.ts';

/**
 * Limits the work of one call. AWS has other machines for other callers; the embedded gateway has a single thread, so
 * the work of templates, JSONPath and schemas is counted here.
 */

/** The call exceeded its limit: the gateway answers 500, as for any failed rendering (inferred). */
export class WorkExceeded extends Error {
  override readonly name = 'WorkExceeded';
}

/** The cost of reading or writing one character. */
const CHARACTER = 1;
/** The cost of printing, comparing or skipping one item. */
export const ITEM = 16;
/** The cost of one step of a template, a path or a schema. */
export const STEP = 128;
/**
 * Half a million steps, or 64 Mi characters. AWS documents no such limit (docs/facts/templates.md#variables,
 * docs/facts/gateway.md#limits): inferred; it allows a thousand steps for each of the 500 records of a PutRecords
 * call.
 */
const MAX_UNITS = 64 * 1024 * 1024;
/**
 * Additional units per character of the call's bodies: base64 plus a quoted copy of a body cost less than half of
 * this.
 */
const UNITS_A_CHARACTER = 16;
/** Milliseconds of CPU time for regular expressions, and for work that uses any; more if the bodies are large. */
const MAX_MILLIS = 500;
const MILLIS_A_CHARACTER = 1 / 10_000;
/** Each run with V8's time limit costs a thread. */
const WATCHED_RUN = 512 * STEP;

interface Allowance {
  units: number;
  /** The remaining time for regular expressions. */
  millis: number;
  /** Whether V8 already limits the time of the current work, so its parts need no limit of their own. */
  isWatched: boolean;
}

let current: Allowance | undefined;

/**
 * Runs work within the limits of a call.
 *
 * @param its description for the log: `Unable to transform request`. @param size the characters of its input.
 * @param owner the owner of the work, which `turn` delays after slow work.
 * @throws GatewayError 500 if it exceeds the limits, or nests too deep for the stack.
 */
export function bounded<T>(what: string, size: number, owner: object | undefined, work: () => T): T {
  const started = performance.now();
  current = {
    units: MAX_UNITS + size * UNITS_A_CHARACTER,
    millis: MAX_MILLIS + size * MILLIS_A_CHARACTER,
    isWatched: false,
  };
  try {
    return work();
  } catch (error) {
    const isBound = error instanceof WorkExceeded || error instanceof RangeError;
    throw isBound ? configurationError(`${what}: ${error.message}`) : error;
  } finally {
    current = undefined;
    if (owner !== undefined && performance.now() - started > LONG_MILLIS) slow.add(owner);
  }
}

const LONG_MILLIS = 50;
const slow = new WeakSet<object>();
let last: Promise<unknown> = Promise.resolve();

/** Delays owners whose work was slow: of these, one runs at a time, and other calls run in between. */
export async function turn(owner: object | undefined): Promise<void> {
  if (owner === undefined || !slow.has(owner)) return;
  last = last.then(() => setImmediate());
  await last;
}

/** Charges units to the current work, if there is any. @throws WorkExceeded if none are left. */
export function spend(units: number): void {
  if (current === undefined) return;
  current.units -= units;
  if (!(current.units >= 0)) throw new WorkExceeded('it takes more steps or text than one call may');
}

/** Charges the cost of reading a text. */
export function spendText(length: number): void {
  spend(length * CHARACTER);
}

/**
 * Runs code that may never end, such as a backtracking regular expression.
 * @param run is restarted if the machine gave this thread too little CPU time.
 * @throws WorkExceeded
 */
export function terminable<T>(run: () => T): T {
  const allowance = current;
  if (allowance === undefined) return watched(MAX_MILLIS, run);
  if (allowance.isWatched) return run();
  spend(WATCHED_RUN);
  allowance.isWatched = true;
  const { units } = allowance;
  const started = threadMillis();
  try {
    return watched(allowance.millis, () => {
      allowance.units = units;
      return run();
    });
  } finally {
    allowance.isWatched = false;
    allowance.millis -= threadMillis() - started;
  }
}

/**
 * This thread's CPU time in milliseconds. Limits on work use it, since on a busy machine more time passes than the
 * work takes. Before Node 23.9, it includes the process's other threads.
 */
export function threadMillis(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

const sandbox = vm.createContext({ run: (): unknown => undefined });
const script = new vm.Script('run()');
/**
 * If work that V8 interrupted had at least this share of CPU time, the work itself is too slow; otherwise the machine
 * is.
 */
const FAIR_SHARE = 0.5;

/** Runs code that V8 interrupts after a number of milliseconds, if necessary in the middle of a search. */
function watched<T>(millis: number, run: () => T): T {
  if (millis < 1) throw tookTooLong();
  sandbox.run = run;
  try {
    for (let timeout = Math.floor(millis); ; ) {
      const started = threadMillis();
      try {
        return script.runInContext(sandbox, { timeout }) as T;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        const worked = threadMillis() - started;
        if (worked >= FAIR_SHARE * millis) throw tookTooLong();
        // Scaled so that the same share yields the CPU time that the first attempt should have had; at most four times
        // as long.
        timeout = Math.ceil(timeout * Math.min(4, millis / Math.max(worked, 1)));
      }
    }
  } finally {
    sandbox.run = undefined;
  }
}

function tookTooLong(): WorkExceeded {
  return new WorkExceeded('its regular expressions take more time than one call may');
}

/** Charges arithmetic on, or printing of, a number of digits: the cost grows with their square. */
export function spendDigits(count: number): void {
  if (count > 1_000) spend((count * count) / 64);
}
