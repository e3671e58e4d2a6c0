import type { Mutant } from '../../changes/change.ts';
import { access } from './access.ts';
import { browsers } from './browsers.ts';
import { errors } from './errors.ts';
import { failures } from './failures.ts';
import { injection } from './injection.ts';
import { journeys } from './journeys.ts';
import { signatures } from './signatures.ts';
import { streams } from './streams.ts';
import { twins } from './twins.ts';
import { writing } from './writing.ts';

/** Mutants of the bases of level production. */
export const production: readonly Mutant[] = [
  ...errors,
  ...failures,
  ...journeys,
  ...writing,
  ...injection,
  ...access,
  ...browsers,
  ...signatures,
  ...streams,
  ...twins,
];
