import { growRecords, RECORD_COUNTS } from '../growth/records.ts';
import { growScenarios, MULTIPLES } from '../growth/scenarios.ts';
import { growStreams, STREAM_COUNTS } from '../growth/streams.ts';
import { PATHS } from '../load/operations.ts';
import { find, type Recorder, type SectionResult } from '../measure/result.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import type { BenchOptions, Section } from './section.ts';

/** The operations that are measured with more streams, as named in the series. */
export const BESIDE_STREAMS = ['put', 'get', 'describe', 'list', 'create a stream'] as const;

const NOUNS = { streams: 'streams', records: 'records', times: 'times the scenarios' };

export const section: Section = {
  name: 'growth',
  summary: 'the cost of more streams, more records per put and more scenarios, in time and memory',
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

async function measure({ rounds, tell }: BenchOptions, recorder: Recorder): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    tell(`growth: streams, round ${round} of ${rounds}`);
    await growStreams(recorder);
  }
  tell('growth: records');
  await growRecords(rounds, recorder);
  await growScenarios(rounds, recorder, tell);
}

function rows(result: SectionResult): Row[] {
  const table: Row[] = [];
  /** The same measure at each size, compared with the smallest. */
  const grow = (
    what: string,
    measure: string,
    size: keyof typeof NOUNS,
    sizes: readonly number[],
    labels: Record<string, string> = {},
  ) => {
    const known = sizes.flatMap((count) => find(result, measure, { ...labels, [size]: count }) ?? []);
    const [least, ...larger] = known;
    if (least === undefined) return;
    const at = (count: string | number | undefined) =>
      `${Number(count).toLocaleString('en-US')} ${NOUNS[size]}`;
    for (const series of larger)
      table.push(
        rowOf(`${what}, ${at(series.labels[size])}`, series, { what: at(least.labels[size]), series: least }),
      );
  };
  for (const measure of BESIDE_STREAMS) grow(measure, measure, 'streams', STREAM_COUNTS);
  grow('memory of the embedded AWS', 'memory beside streams', 'streams', STREAM_COUNTS);
  for (const path of PATHS) grow(`put, ${path}`, 'put of many', 'records', RECORD_COUNTS, { path });
  grow('whole run', 'whole run', 'times', MULTIPLES);
  grow('memory of a whole run', 'memory of a whole run', 'times', MULTIPLES);
  return table;
}
