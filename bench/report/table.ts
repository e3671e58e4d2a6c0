import type { Series, Unit } from '../measure/result.ts';
import { pairRatios, type Summary, summarize } from '../measure/statistics.ts';

/** A median with its spread and the number of measurements. */
export interface Figure {
  readonly summary: Summary;
  readonly unit: Unit;
}

/** One line of a section's table. */
export interface Row {
  readonly what: string;
  readonly figure: Figure;
  /** The figure to compare with, and the ratio to it. */
  readonly compared?: { readonly what: string; readonly figure: Figure; readonly ratio: Summary };
}

export function figureOf({ values, unit }: Series): Figure {
  return { summary: summarize(values), unit };
}

/** A series as a row; the ratio to another is computed round by round. */
export function rowOf(what: string, series: Series, compared?: { what: string; series: Series }): Row {
  const figure = figureOf(series);
  if (compared === undefined) return { what, figure };
  const ratio = summarize(pairRatios(series.values, compared.series.values));
  return { what, figure, compared: { what: compared.what, figure: figureOf(compared.series), ratio } };
}

const HEAD = ['', 'median (quartiles)', 'n', 'compared with', 'its median (quartiles)', 'ratio (quartiles)'];

/** Rows of text below a head, for drawing a table. */
export type Cells = readonly (readonly string[])[];

/** One line for each row, with a comparison if any row has one. */
export function tableOf(rows: readonly Row[]): Cells {
  const cells = [HEAD, ...rows.map(cellsOf)];
  return rows.some(({ compared }) => compared) ? cells : cells.map((row) => row.slice(0, 3));
}

function cellsOf({ what, figure, compared }: Row): string[] {
  const own = [what, figureText(figure), String(figure.summary.n)];
  if (compared === undefined) return [...own, '', '', ''];
  return [...own, compared.what, figureText(compared.figure), spread(compared.ratio)];
}

export function figureText({ summary, unit }: Figure): string {
  return `${spread(summary)}${unit === 'ratio' ? '' : ` ${unit}`}`;
}

/** A median, with its quartiles where there are several measurements. */
export function spread({ median, low, high, n }: Summary): string {
  return n === 1 ? short(median) : `${short(median)} (${short(low)} to ${short(high)})`;
}

/** Three significant digits, whole from a hundred on, and with commas from ten thousand. */
export function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  if (rounded >= 100) return Math.round(value).toLocaleString('en-US', { useGrouping: value >= 10_000 });
  const digits = rounded === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(digits);
}
