import type { Variant } from '../changes/change.ts';
import { BASES } from '../changes/stack.ts';
import { twins } from '../changes/twins.ts';

const why = 'Two methods do what one does.';

/** Correct proxies with several methods of one action. */
export const twice: readonly Variant[] = [
  ...BASES.map((base) => ({
    name: `${base}-each-put-twice`,
    why,
    base,
    change: twins(['PutRecord', 'PutRecords']),
  })),
  {
    name: 'hardened-each-method-twice',
    why,
    base: 'hardened',
    change: twins('*'),
  },
];
