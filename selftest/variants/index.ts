import type { Variant } from '../changes/change.ts';
export const VARIANTS: readonly Variant[] = [
  { name: 'nothing-changed', why: 'The tutorial’s API itself.', change: {} },
];
