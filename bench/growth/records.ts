import { empty, operation, PATHS, prepare } from '../load/operations.ts';
import type { Recorder } from '../measure/result.ts';
import { startEmbedded } from '../targets/served.ts';
import { millisOf } from './streams.ts';

/** The number of records in one put. */
export const RECORD_COUNTS = [1, 10, 100, 500] as const;
const CALLS = 60;

/** Measures puts of more and more records, through the gateway and directly to Kinesis. */
export async function growRecords(rounds: number, recorder: Recorder): Promise<void> {
  const served = await startEmbedded();
  try {
    const { access, baseUrl } = served;
    const given = { access, baseUrl, ...(await prepare(access)) };
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1)
      for (const path of PATHS) {
        for (const records of RECORD_COUNTS) {
          const call = operation('put of 500', { ...given, path, size: records });
          const millis = await millisOf(served, call, CALLS);
          if (round > 0) recorder.add('put of many', 'ms', { path, records }, millis);
        }
        await empty(access);
      }
  } finally {
    await served.stop();
  }
}
