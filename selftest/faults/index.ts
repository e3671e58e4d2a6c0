import type { Fault } from '../changes/change.ts';
import { answers } from './answers.ts';
import { records } from './records.ts';
import { streams } from './streams.ts';

/** A broken Kinesis behind a correct proxy. */
export const FAULTS: readonly Fault[] = [...answers, ...streams, ...records];
