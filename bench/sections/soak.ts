import { callKinesis } from '../load/kinesis.ts';
import { SAMPLES, SHARED_STREAM, Soak } from '../load/soak.ts';
import { treeMemory } from '../measure/memory.ts';
import { find, type Recorder, type SectionResult, type Series } from '../measure/result.ts';
import { quantile } from '../measure/statistics.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import { startEmbedded } from '../targets/served.ts';
import type { BenchOptions, Section } from './section.ts';

/** A single sample may be just before or just after a garbage collection. */
const AROUND = 5;
/** Concurrent callers, each with its own connection and stream. */
const CONNECTIONS = 64;
/** The maximum ratio of the memory at the end to that after the first tenth. */
const MAX_GROWTH = 1.1;
/** With fewer calls, the first tenth ends while V8 still compiles and its heap still grows. */
const MIN_CALLS = 50_000;

export const section: Section = {
  name: 'soak',
  summary:
    'many calls (--calls, --minutes): whether each is answered correctly, and whether memory is constant',
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

async function measure({ calls, minutes, tell }: BenchOptions, recorder: Recorder): Promise<void> {
  const served = await startEmbedded();
  try {
    const looks: number[] = [];
    const soak = new Soak(served, { calls, minutes }, async (done) => {
      const bytes = await treeMemory(served.pid as number, 'Rss');
      if (bytes !== undefined) looks.push(bytes / 1e6);
      if (done % (SAMPLES / 10) === 0) tell(`soak: ${done} % done, ${soak.made} calls`);
    });
    const seconds = await soak.run(CONNECTIONS);
    const labels = { calls: soak.made, connections: CONNECTIONS };
    recorder.add('rate', 'calls/s', labels, soak.made / seconds);
    for (const megabytes of looks) recorder.add('memory', 'MB', labels, megabytes);
    for (const problem of soak.problems) recorder.fail(problem);
    if (soak.wrong > soak.problems.length) recorder.fail(`${soak.wrong} wrong or missing answers in total`);
    const { StreamNames } = await callKinesis<{ StreamNames: string[] }>(served.access, 'ListStreams', {});
    if (soak.wrong === 0 && StreamNames.join() !== SHARED_STREAM)
      recorder.fail(`streams are left: ${StreamNames.join(', ')}`);
    judgeMemory(recorder, soak.made);
  } finally {
    await served.stop();
  }
}

/** Fails if the memory at the end exceeds its bound; reports it if that cannot be determined. */
export function judgeMemory(recorder: Recorder, calls: number): void {
  const memory = find(recorder, 'memory', {});
  if (memory === undefined) recorder.absent('memory: this system does not report it');
  else if (memory.values.length < SAMPLES)
    recorder.absent('growth of memory: the soak ended before there were enough samples');
  else if (calls < MIN_CALLS)
    recorder.absent(`growth of memory: it needs at least ${MIN_CALLS} calls, and there were ${calls}`);
  else if (ratioOfEnd(memory, 0.1) > MAX_GROWTH)
    recorder.fail(
      `memory at the end is ${ratioOfEnd(memory, 0.1).toFixed(3)} of that after the first tenth; the maximum is ${MAX_GROWTH}`,
    );
}

function rows(result: SectionResult): Row[] {
  const rate = find(result, 'rate', {});
  const memory = find(result, 'memory', {});
  return [
    ...(rate
      ? [
          rowOf(
            `rate, ${rate.labels.calls} calls of the eight methods, gateway, ${rate.labels.connections} connections`,
            rate,
          ),
        ]
      : []),
    ...(memory
      ? [
          rowOf('memory of the embedded AWS meanwhile', memory),
          rowOfEnd(memory, 0.1, 'the first tenth'),
          rowOfEnd(memory, 0.5, 'half'),
        ]
      : []),
  ];
}

/**
 * The ratio of the memory at the end to that after a share of the soak, each the median of several samples, since one
 * is unreliable.
 */
function ratioOfEnd({ values }: Series, share: number): number {
  const around = (look: number) => quantile(values.slice(look - AROUND, look), 0.5);
  return around(values.length) / around(Math.round(values.length * share) + Math.floor(AROUND / 2));
}

function rowOfEnd(memory: Series, share: number, name: string): Row {
  const what = `memory at the end to that after ${name} of the calls`;
  return rowOf(what, { ...memory, unit: 'ratio', values: [ratioOfEnd(memory, share)] });
}
