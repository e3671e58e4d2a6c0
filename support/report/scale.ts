import type { Results } from '../run/results.ts';
import { shardOf } from '../run/shard.ts';
import { targetInWords } from '../run/verdict.ts';
import { markdownTable } from './table.ts';

/** The parts of the results of `npm run bench -- run` from which costs are computed. */
export interface BenchRun {
  readonly series: readonly {
    readonly measure: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly values: readonly number[];
  }[];
}

/** The numbers of machines in the tables. */
const MACHINES = [1, 2, 4, 8] as const;

/**
 * The duration of a run on one machine and on several. Each shard also starts the target and deploys the API, which is
 * the part of a run outside its scenarios; the scenarios are split as by `--shard`, with the run's own durations.
 */
export function shardTable(runs: readonly Results[]): string {
  const rows = runs.map((run) => {
    const { target, scenarios } = run;
    const start = startOf(run);
    const longest = (count: number) =>
      Math.max(
        ...Array.from({ length: count }, (_, position) =>
          total(shardOf(scenarios, { index: position + 1, count }, (scenario) => scenario.durationMs)),
        ),
      );
    return [
      targetInWords(target),
      seconds(start),
      ...MACHINES.map((count) => seconds(start + longest(count))),
    ];
  });
  return markdownTable([['run on', 'start', ...MACHINES.map(machines)], ...rows]);
}

/**
 * The duration for many definitions or targets: the number of runs, times the median of one, divided by the number of
 * machines, each of which makes one run at a time.
 * @param localstack a whole run on LocalStack, used if the bench did not measure it.
 */
export function costTable(bench: BenchRun, localstack: Results): string {
  const core = medianOf(bench, 'verdict', { selection: 'core', checkout: 'this' });
  const whole = medianOf(bench, 'verdict', { selection: 'whole', checkout: 'this' });
  const onLocalstack = medianOf(bench, 'verdict on LocalStack', {}) ?? localstack.durationMs / 1000;
  const ready = medianOf(bench, 'ready', {}) ?? startOf(localstack) / 1000;
  const jobs: readonly [string, number, number | undefined][] = [
    ['1,000 definitions, core clauses, embedded', 1000, core],
    ['1,000 definitions, core and extended clauses, embedded', 1000, whole],
    ['40 LocalStacks that the run starts', 40, onLocalstack],
    ['40 LocalStacks that run already', 40, onLocalstack - ready],
  ];
  const rows = jobs.map(([what, count, one]) => [
    what,
    one === undefined ? 'not measured' : seconds(one * 1000),
    ...MACHINES.map((number) => (one === undefined ? '' : clock((count * one) / number))),
  ]);
  return markdownTable([['what', 'one run', ...MACHINES.map(machines)], ...rows]);
}

/** The milliseconds of a run outside its scenarios. */
function startOf({ durationMs, scenarios }: Results): number {
  return durationMs - total(scenarios);
}

function total(scenarios: Results['scenarios']): number {
  return scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0);
}

function medianOf(
  { series }: BenchRun,
  measure: string,
  labels: Readonly<Record<string, string>>,
): number | undefined {
  const found = series.find(
    (one) =>
      one.measure === measure && Object.entries(labels).every(([name, value]) => one.labels[name] === value),
  );
  const sorted = found?.values.toSorted((a, b) => a - b) ?? [];
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function machines(count: number): string {
  return `${count} machine${count === 1 ? '' : 's'}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Formats minutes, and hours if there are any: `12 min`, `1 h 07 min`. */
function clock(duration: number): string {
  const minutes = Math.max(1, Math.round(duration / 60));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}
