import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/**
 * Counts the sleeps of this process from now on, so that a bound of them does not depend on how busy the machine is. Limits of
 * time, which another call usually ends, are other timers.
 */
export function countSleeps(): { readonly sleeps: number[]; stop(): void } {
  const sleeps: number[] = [];
  const { setTimeout: original } = timers;
  timers.setTimeout = (async (millis = 0, ...others: []) => {
    sleeps.push(millis);
    return original(millis, ...others);
  }) as typeof original;
  syncBuiltinESMExports();
  return {
    sleeps,
    stop() {
      timers.setTimeout = original;
      syncBuiltinESMExports();
    },
  };
}
