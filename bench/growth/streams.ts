import { TargetError } from '../../infra/errors.ts';
import { drive } from '../load/drive.ts';
import { callKinesis, createStreams } from '../load/kinesis.ts';
import { iteratorOf, type Operation, operation, PUT_STREAM, prepare } from '../load/operations.ts';
import { treeMemory } from '../measure/memory.ts';
import type { Recorder } from '../measure/result.ts';
import { quantile } from '../measure/statistics.ts';
import { type Served, startEmbedded } from '../targets/served.ts';

/** The numbers of streams in the account. */
export const STREAM_COUNTS = [10, 100, 1_000, 10_000] as const;
const CALLS = 200;
/** The maximum number of names in one ListStreams answer. */
const MAX_LISTED = 100;

/** Measures calls and memory in a new account that gets more and more streams. */
export async function growStreams(recorder: Recorder): Promise<void> {
  const served = await startEmbedded();
  try {
    const { access, baseUrl } = served;
    const { names } = await prepare(access);
    let made = names.length;
    for (const call of Object.values(calls(served, made, await iteratorOf(access))))
      await millisOf(served, call, CALLS);
    for (const streams of STREAM_COUNTS) {
      const missing = streams - made;
      const began = performance.now();
      await createStreams(access, missing, made + 1);
      if (missing > MAX_LISTED)
        recorder.add('create a stream', 'ms', { streams }, (performance.now() - began) / missing);
      made = streams;
      const iterator = await iteratorOf(access);
      for (const [name, call] of Object.entries(calls({ ...served, baseUrl }, made, iterator)))
        recorder.add(name, 'ms', { streams }, await millisOf(served, call, CALLS));
      const bytes = await treeMemory(served.pid as number);
      if (bytes !== undefined) recorder.add('memory beside streams', 'MB', { streams }, bytes / 1e6);
    }
    await assertStreams(served, made);
  } finally {
    await served.stop();
  }
}

function calls({ access, baseUrl }: Served, made: number, iterator: string): Record<string, Operation> {
  const given = { path: 'gateway', access, baseUrl, iterator, names: [] } as const;
  const { pathname } = new URL(baseUrl as string);
  return {
    put: operation('put', given),
    get: operation('get', given),
    describe: {
      requests: [{ method: 'GET', path: `${pathname}/streams/${PUT_STREAM}`, headers: {} }],
      check: (status, text) =>
        status === 200 && JSON.parse(text).StreamDescription?.StreamStatus === 'ACTIVE' ? undefined : text,
    },
    list: {
      requests: [{ method: 'GET', path: `${pathname}/streams`, headers: {} }],
      check: (status, text) => {
        const { StreamNames, HasMoreStreams } = JSON.parse(text);
        const isRight =
          StreamNames?.length === Math.min(made, MAX_LISTED) && HasMoreStreams === made > MAX_LISTED;
        return status === 200 && isRight ? undefined : text;
      },
    },
  };
}

/** The median of calls on one connection. @throws TargetError on a wrong or missing answer. */
export async function millisOf({ access }: Served, call: Operation, count: number): Promise<number> {
  const { latencies, problem } = await drive(new URL(access.endpoint).origin, call, 1, { calls: count });
  if (problem !== undefined) throw new TargetError(`a wrong or missing answer: ${problem.slice(0, 500)}`);
  return quantile(latencies, 0.5);
}

/** Pages through the whole list. @throws TargetError if it does not have `count` names. */
async function assertStreams({ access }: Served, count: number): Promise<void> {
  const names = new Set<string>();
  for (let start: string | undefined; ; start = [...names].at(-1)) {
    const page = await callKinesis<{ StreamNames: string[]; HasMoreStreams: boolean }>(
      access,
      'ListStreams',
      { Limit: 1_000, ...(start !== undefined && { ExclusiveStartStreamName: start }) },
    );
    for (const name of page.StreamNames) names.add(name);
    if (!page.HasMoreStreams) break;
  }
  if (names.size !== count) throw new TargetError(`the account lists ${names.size} streams, not ${count}`);
}
