import type { Variant } from '../changes/change.ts';
import { accounts } from './accounts.ts';
import { answers } from './answers.ts';
import { definitions } from './definitions.ts';
import { production } from './production.ts';

/** Differences that AWS allows. */
export const VARIANTS: readonly Variant[] = [
  { name: 'nothing-changed', why: 'The tutorial’s API itself.', change: {} },
  ...definitions,
  ...answers,
  ...accounts,
  ...production,
];
