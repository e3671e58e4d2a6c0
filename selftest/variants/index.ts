import type { Variant } from '../changes/change.ts';
import { accounts } from './accounts.ts';
import { answers } from './answers.ts';
import { definitions } from './definitions.ts';
import { production } from './production.ts';

/** Every variant: a difference that the contract allows. */
export const VARIANTS: readonly Variant[] = [
  { name: 'nothing-changed', why: 'The API is exactly the tutorial’s.', change: {} },
  ...definitions,
  ...answers,
  ...accounts,
  ...production,
];
