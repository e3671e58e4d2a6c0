import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';

/** How many seconds of the suite's clock pass in one; a simulation is passed through faster than life. */
export const CLOCK_VARIABLE = 'KPC_CLOCK_FACTOR';

/**
 * The factor of this process, 1 unless the environment says otherwise.
 * @throws UsageError for one that is not a number from 1 to 100.
 */
export function clockFactor(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const value = environment[CLOCK_VARIABLE];
  if (value === undefined || value === '') return 1;
  const factor = Number(value);
  if (!(factor >= 1 && factor <= 100))
    throw new UsageError(`${CLOCK_VARIABLE} is ${value}; it takes a number from 1 to 100`);
  return factor;
}

/** Milliseconds of the suite's clock since some moment; only differences mean anything. */
export function now(): number {
  return performance.now() * clockFactor();
}

/** Sleeps so many milliseconds of the suite's clock. */
export async function sleep(milliseconds: number): Promise<void> {
  await delay(milliseconds / clockFactor());
}
