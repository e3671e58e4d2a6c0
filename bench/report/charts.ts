import type { Summary } from '../measure/statistics.ts';
import { DASHES, document, type Frame, line, logScale, PLOT, round, text, ticks } from './svg.ts';
import { short } from './table.ts';

/** A line of a chart: sizes, and the measurements at each size. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: Summary }[];
}

/** Lines through medians, with the quartiles as upright strokes; both axes are logarithmic. */
export function lineChart(frame: Frame, curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const yTicks = ticks(points.flatMap(({ y }) => [y.low, y.high, y.median]));
  const toX = logScale(xs, PLOT.left + 16, PLOT.right - 16);
  const toY = logScale(yTicks, PLOT.bottom, PLOT.top);
  const grid = [
    ...yTicks.flatMap((tick) => [
      line(PLOT.left, toY(tick), PLOT.right, toY(tick), 'grid'),
      text(PLOT.left - 8, toY(tick) + 4, label(tick), 'end'),
    ]),
    ...xs.flatMap((x) => [
      line(toX(x), PLOT.bottom, toX(x), PLOT.bottom + 5, 'axis'),
      text(toX(x), PLOT.bottom + 20, label(x), 'middle'),
    ]),
    line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, 'axis'),
  ];
  const shapes = curves.flatMap((curve, index) => {
    const path = curve.points.map(({ x, y }) => `${round(toX(x))},${round(toY(y.median))}`).join(' ');
    return [
      `<polyline class="line${index}" stroke-dasharray="${DASHES[index]}" points="${path}"/>`,
      ...curve.points.flatMap(({ x, y }) => [
        line(toX(x), toY(y.low), toX(x), toY(y.high), `line${index}`),
        `<circle class="area${index}" cx="${round(toX(x))}" cy="${round(toY(y.median))}" r="3.5"/>`,
      ]),
    ];
  });
  return document(
    frame,
    curves.map(({ name }) => name),
    [...grid, ...shapes],
    { marker: 'line' },
  );
}

/** A group of bars, one for each series that was measured. */
export interface Group {
  readonly name: string;
  readonly bars: readonly { readonly series: string; readonly value: Summary }[];
}

const BAR = 15;
const GAP = 16;

/** Bars from the left, with their medians at their ends; the axis is logarithmic. */
export function barChart(frame: Frame, series: readonly string[], groups: readonly Group[]): string {
  const bars = groups.flatMap((group) => group.bars);
  const marks = ticks(
    bars.map(({ value }) => value.median / 1.5).concat(bars.map(({ value }) => value.median)),
  );
  const toX = logScale(marks, PLOT.left + 20, PLOT.right - 70);
  const top = PLOT.top + 12;
  const bottom = top + bars.length * BAR + groups.length * GAP;
  const shapes = marks.flatMap((mark) => [
    line(toX(mark), top - 6, toX(mark), bottom, 'grid'),
    text(toX(mark), bottom + 18, label(mark), 'middle'),
  ]);
  let y = top;
  for (const group of groups) {
    shapes.push(text(PLOT.left + 12, y + (group.bars.length * BAR) / 2 + 4, group.name, 'end'));
    for (const { series: name, value } of group.bars) {
      const [from, to] = [toX(marks[0] as number), toX(value.median)];
      shapes.push(
        `<rect class="area${series.indexOf(name)}" x="${round(from)}" y="${y}" width="${round(to - from)}" height="${BAR - 3}"/>`,
        text(to + 6, y + 11, short(value.median)),
      );
      y += BAR;
    }
    y += GAP;
  }
  return document(frame, series, shapes, { height: bottom + 56 });
}

function label(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
