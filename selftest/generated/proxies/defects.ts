import type { Defect } from './defect.ts';
import { ACCESS } from './defects-of-access.ts';
import { INJECTION } from './defects-of-injection.ts';
import { REFUSALS } from './defects-of-refusals.ts';
import { STREAMS } from './defects-of-streams.ts';
import { VALUES } from './defects-of-values.ts';

/** All defects; each clause of level production has at least one. */
export const DEFECTS: readonly Defect[] = [...REFUSALS, ...VALUES, ...INJECTION, ...ACCESS, ...STREAMS];
