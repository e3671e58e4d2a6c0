import { setImmediate } from 'node:timers/promises';
import vm from 'node:vm';
import { configurationError } from './gateway-error.ts';

/**
 * What a definition and a request may make the gateway do at once. The gateway of AWS has other machines for its other
 * callers; this one has a single thread, so that whatever a template, a JSONPath or a schema does counts here.
 */

/** More than a call may cost: the gateway answers 500 as for any rendering that fails (inferred). */
export class WorkExceeded extends Error {
  override readonly name = 'WorkExceeded';
}

/** Units for one character that is read or written. */
const CHARACTER = 1;
/** Units for one item that is printed, compared or passed over. */
export const ITEM = 16;
/** Units for one step of a template, a path or a schema. */
export const STEP = 128;
/**
 * Half a million steps, or 64 Mi characters. AWS documents no such limit (docs/facts/templates.md#variables,
 * docs/facts/gateway.md#limits): inferred, and a thousand steps for each of the 500 records that a call of PutRecords
 * takes.
 */
const MAX_UNITS = 64 * 1024 * 1024;
/** On top, for each character of the bodies at hand: base64 and a quoted copy of one cost less than half of that. */
const UNITS_A_CHARACTER = 16;
/** Milliseconds of the thread for regular expressions, and for work that has some; more where the bodies are large. */
const MAX_MILLIS = 500;
const MILLIS_A_CHARACTER = 1 / 10_000;
/** A run that V8 watches costs a thread of its own. */
const WATCHED_RUN = 512 * STEP;

interface Allowance {
  units: number;
  /** For what is left of regular expressions. */
  millis: number;
  /** V8 ends what goes on now in time, so that its parts need no watch of their own. */
  isWatched: boolean;
}

let current: Allowance | undefined;

/**
 * Runs a piece of work that must not take long.
 *
 * @param what it is, for the log: `Unable to transform request`. @param size characters of the texts that it is given.
 * @param owner what asks for it; `turn` makes it wait once it has taken long.
 * @throws GatewayError 500 where it takes too much, or nests too deep for the stack.
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

/** Whose work took long waits until others were served: of such, one runs at a time, and all else in between. */
export async function turn(owner: object | undefined): Promise<void> {
  if (owner === undefined || !slow.has(owner)) return;
  last = last.then(() => setImmediate());
  await last;
}

/** Takes units off the work at hand, if there is any. @throws WorkExceeded where none are left. */
export function spend(units: number): void {
  if (current === undefined) return;
  current.units -= units;
  if (!(current.units >= 0)) throw new WorkExceeded('it takes more steps or text than one call may');
}

/** Takes off what it costs to go through a text. */
export function spendText(length: number): void {
  spend(length * CHARACTER);
}

/**
 * Runs what may not end, such as regular expressions that backtrack.
 * @param run is run again from its beginning where the machine gave this thread too little of the time.
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
 * How long this thread has had a processor: milliseconds. A bound on work counts these, since on a busy machine more
 * time passes than the work takes. Before Node 23.9 the process's other threads count as well.
 */
export function threadMillis(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

const sandbox = vm.createContext({ run: (): unknown => undefined });
const script = new vm.Script('run()');
/** Work that had this share of the processor, of the time that V8 watches, is too slow itself; with less, the machine is. */
const FAIR_SHARE = 0.5;

/** Runs the project's own code, which V8 ends after so many milliseconds, in the middle of a search if it has to. */
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
        // As long as the same share takes to give what the first attempt should have had; four times at most.
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

/** Takes off what arithmetic, or printing, of so many digits costs: it grows with their square. */
export function spendDigits(count: number): void {
  if (count > 1_000) spend((count * count) / 64);
}
