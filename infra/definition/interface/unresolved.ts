import { UsageError } from '../../errors.ts';
import { nameOfCall } from './describe.ts';
import { UNRESOLVED } from './methods.ts';
import type { Interface } from './types.ts';

/** @throws UsageError if the URI of an integration has a reference that nothing substitutes: no target imports it. */
export function assertResolved(file: string, { calls }: Pick<Interface, 'calls'>): void {
  for (const call of calls)
    for (const { why } of call.undetermined)
      if (why.startsWith(UNRESOLVED)) throw new UsageError(`${file}: ${nameOfCall(call)}: ${why}`);
}
