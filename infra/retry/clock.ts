import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';

/** How many seconds of the suite's clock pass per real second; a simulation runs faster than real time. */
export const CLOCK_VARIABLE = 'KPC_CLOCK_FACTOR';

/**
 * The factor of this process, 1 unless the environment sets it.
 * @throws UsageError unless it is a number from 1 to 100.
 */
export function clockFactor(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const value = environment[CLOCK_VARIABLE];
  if (value === undefined || value === '') return 1;
  const factor = Number(value);
  if (!(factor >= 1 && factor <= 100))
    throw new UsageError(`${CLOCK_VARIABLE} is ${value}; it takes a number from 1 to 100`);
  return factor;
}

/** The suite's clock, in milliseconds; only differences are meaningful. */
export function now(): number {
  return performance.now() * clockFactor();
}

/** Sleeps for some milliseconds of the suite's clock. */
export async function sleep(milliseconds: number): Promise<void> {
  await delay(milliseconds / clockFactor());
}
