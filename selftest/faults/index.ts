import type { Fault } from '../changes/change.ts';
import { answers } from './answers.ts';
import { records } from './records.ts';
import { streams } from './streams.ts';

/** A Kinesis that is broken behind a sound proxy. */
export const FAULTS: readonly Fault[] = [...answers, ...streams, ...records];
