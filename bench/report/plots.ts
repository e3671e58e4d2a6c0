import { RECORD_COUNTS } from '../growth/records.ts';
import { MULTIPLES } from '../growth/scenarios.ts';
import { STREAM_COUNTS } from '../growth/streams.ts';
import { OPERATIONS, PATHS } from '../load/operations.ts';
import { find, labelValues, type SectionResult } from '../measure/result.ts';
import { pairRatios, summarize } from '../measure/statistics.ts';
import { EMBEDDED } from '../targets/served.ts';
import { barChart, type Curve, lineChart } from './charts.ts';

/** The plots of a section: file names below docs/bench/, and their SVG. */
export function plotsOf(result: SectionResult): Record<string, string> {
  if (result.section === 'calls') return { 'calls.svg': callsPlot(result) };
  if (result.section === 'growth')
    return {
      'streams.svg': streamsPlot(result),
      'records.svg': recordsPlot(result),
      'scenarios.svg': scenariosPlot(result),
    };
  return {};
}

function callsPlot(result: SectionResult): string {
  // An older checkout is only in the table: the plot shows what a reader can choose from.
  const targets = labelValues<string>(result, 'target').filter((name) => !name.startsWith(`${EMBEDDED},`));
  const kinds = targets.flatMap((target) => PATHS.map((path) => ({ target, path })));
  const groups = OPERATIONS.map((operation) => ({
    name: operation,
    bars: kinds.flatMap(({ target, path }) => {
      const series = find(result, 'rate', { target, path, operation, connections: 8 });
      return series ? [{ series: `${target}, ${path}`, value: summarize(series.values) }] : [];
    }),
  }));
  const series = [...new Set(groups.flatMap(({ bars }) => bars.map((bar) => bar.series)))];
  const frame = {
    title: 'Right answers a second, on 8 connections',
    x: 'calls a second (logarithmic)',
    y: 'call',
  };
  return barChart(frame, series, groups);
}

function streamsPlot(result: SectionResult): string {
  const curves = ['put', 'get', 'describe', 'list'].map((name) =>
    curve(result, name, name, 'streams', STREAM_COUNTS),
  );
  return lineChart(
    {
      title: 'A call through the gateway with more and more streams',
      x: 'streams in the account',
      y: 'milliseconds a call',
    },
    curves,
  );
}

function recordsPlot(result: SectionResult): string {
  const curves = PATHS.map((path) => curve(result, path, 'put of many', 'records', RECORD_COUNTS, { path }));
  return lineChart(
    { title: 'A put of more and more records', x: 'records in the put', y: 'milliseconds a call' },
    curves,
  );
}

/** Two units on one axis, each as a multiple of its value with the actual scenarios. */
function scenariosPlot(result: SectionResult): string {
  const multiples = (name: string, measure: string): Curve => {
    const once = find(result, measure, { times: 1 });
    return {
      name,
      points: MULTIPLES.flatMap((times) => {
        const series = find(result, measure, { times });
        if (once?.values.length !== series?.values.length || !once || !series) return [];
        return [{ x: times, y: summarize(pairRatios(series.values, once.values)) }];
      }),
    };
  };
  return lineChart(
    {
      title: 'A whole run with more and more scenarios',
      x: 'times the scenarios of the suite',
      y: 'times what a run of the suite takes',
    },
    [multiples('time', 'whole run'), multiples('peak memory', 'memory of a whole run')],
  );
}

function curve(
  result: SectionResult,
  name: string,
  measure: string,
  size: string,
  sizes: readonly number[],
  labels: Record<string, string> = {},
): Curve {
  return {
    name,
    points: sizes.flatMap((count) => {
      const series = find(result, measure, { ...labels, [size]: count });
      return series ? [{ x: count, y: summarize(series.values) }] : [];
    }),
  };
}
