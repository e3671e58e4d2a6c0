import { callKinesis } from '../load/kinesis.ts';
import { LOOKS, Soak } from '../load/soak.ts';
import { treeMemory } from '../measure/memory.ts';
import { find, type Recorder, type SectionResult, type Series } from '../measure/result.ts';
import { quantile } from '../measure/statistics.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import { startEmbedded } from '../targets/served.ts';
import type { BenchOptions, Section } from './section.ts';

/** A single look may be just before or just after a collection of garbage. */
const AROUND = 5;
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
    if (find(record, 'memory', {}) === undefined) record.absent('memory: this system tells none of it');
  } finally {
    await served.stop();
  }
}

function rows(result: SectionResult): Row[] {
  const rate = find(result, 'rate', {});
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
    ...(memory
      ? [
          rowOf('memory of the embedded AWS meanwhile', memory),
          ratioOfEnd(memory, 0.1, 'the first tenth'),
          ratioOfEnd(memory, 0.5, 'half'),
        ]
      : []),
  ];
}

/** Memory at the end to that after a share of the calls, each the median of a few looks around: one says little. */
function ratioOfEnd(memory: Series, share: number, name: string): Row {
  const around = (look: number) => quantile(memory.values.slice(look - AROUND, look), 0.5);
  const after = around(Math.round(memory.values.length * share) + Math.floor(AROUND / 2));
  const ratio = around(memory.values.length) / after;
  const what = `memory at the end to that after ${name} of the calls`;
  return rowOf(what, { ...memory, unit: 'ratio', values: [ratio] });
}
