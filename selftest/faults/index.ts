import type { Fault } from '../changes/change.ts';
export const FAULTS: readonly Fault[] = [];
