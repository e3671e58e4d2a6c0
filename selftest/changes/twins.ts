import type { Change } from './change.ts';
import type { Operation } from './definition.ts';
import { callsOf, type Picked, type Stack, stack } from './stack.ts';

/** Adds methods beside the picked ones that do the same, at paths of their own. */
export function twins(picked: Picked, count = 1): Change {
  return stack((copy) => addTwins(copy, copy, picked, count));
}

/**
 * Applies a change, and adds unchanged methods beside the picked ones: what a good method does must not hide what a
 * defective one does, whichever is called first.
 */
export function besideGood(picked: Picked, change: Change, count = 1): Change {
  return {
    ...change,
    stack(base) {
      const changed = structuredClone((change.stack?.(base) ?? base) as Stack);
      addTwins(changed, base, picked, count);
      return changed;
    },
  };
}

function addTwins(copy: Stack, base: Stack, picked: Picked, count: number): void {
  const { paths } = copy.Resources.Api.Properties.Body;
  const good = base.Resources.Api.Properties.Body.paths;
  for (const { path, verb } of callsOf(base, picked))
    for (let index = 1; index <= count; index += 1) {
      const at = `/twin${index}${path}`;
      const { [verb]: operation, options } = structuredClone(good[path] ?? {});
      paths[at] = {
        ...paths[at],
        ...(operation && { [verb]: operation }),
        ...(options && { options }),
      } as Record<string, Operation>;
    }
}
