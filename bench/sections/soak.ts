import { callKinesis } from '../load/kinesis.ts';
import { LOOKS, Soak } from '../load/soak.ts';
import { treeMemory } from '../measure/memory.ts';
import { find, type Recorder, type SectionResult } from '../measure/result.ts';
import { quantile } from '../measure/statistics.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import { startEmbedded } from '../targets/served.ts';
import type { BenchOptions, Section } from './section.ts';

/** Callers at a time, each with a connection and a stream of its own. */
const CALLERS = 8;
export const section: Section = {
  name: 'soak',
  summary: 'many calls (--calls), whether every answer is right, and whether memory stays what it was',
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

async function measure({ calls, tell }: BenchOptions, record: Recorder): Promise<void> {
  const served = await startEmbedded();
  try {
    const soak = new Soak(served, calls, async (done) => {
      const bytes = await treeMemory(served.pid as number);
      if (bytes !== undefined) record.add('memory', 'MB', { calls }, bytes / 1e6);
      if (done % (LOOKS / 10) === 0) tell(`soak: ${done} % of ${calls} calls`);
    });
    const began = performance.now();
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => soak.call(caller)));
    const seconds = (performance.now() - began) / 1000;
    record.add('rate', 'calls/s', { calls }, soak.made / seconds);
    for (const problem of soak.problems) record.fail(problem);
    if (soak.wrong > soak.problems.length) record.fail(`${soak.wrong} wrong or missing answers in all`);
    const { StreamNames } = await callKinesis<{ StreamNames: string[] }>(served.access, 'ListStreams', {});
    if (StreamNames.length > 0) record.fail(`streams are left: ${StreamNames.join(', ')}`);
    const growth = growthOf(record);
    if (growth === undefined) record.absent('memory: this system tells none of it');
    else record.add('memory at the end to that after the first tenth', 'ratio', { calls }, growth);
  } finally {
    await served.stop();
  }
}

function growthOf(result: Pick<SectionResult, 'series'>): number | undefined {
  const looks = find(result, 'memory', {})?.values ?? [];
  if (looks.length < LOOKS) return undefined;
  // A single look may be just before or just after a collection of garbage.
  const around = (from: number) => quantile(looks.slice(from, from + 5), 0.5);
  return around(looks.length - 5) / around(LOOKS / 10 - 1);
}

function rows(result: SectionResult): Row[] {
  const rate = find(result, 'rate', {});
  const growth = find(result, 'memory at the end to that after the first tenth', {});
  const memory = find(result, 'memory', {});
  return [
    ...(rate
      ? [
          rowOf(
            `rate, ${rate.labels.calls} calls of the eight methods, gateway, ${CALLERS} connections`,
            rate,
          ),
        ]
      : []),
    ...(memory ? [rowOf('memory of the embedded AWS meanwhile', memory)] : []),
    ...(growth ? [rowOf('memory at the end to that after the first tenth of the calls', growth)] : []),
  ];
}
