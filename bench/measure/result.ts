import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { suiteCommit, suiteVersion } from '../../support/run/suite.ts';

export const SECTIONS = ['run', 'calls', 'checks', 'growth', 'mutants', 'soak'] as const;
export type SectionName = (typeof SECTIONS)[number];

export type Unit = 's' | 'ms' | 'calls/s' | 'MB' | 'trials/s' | 'ratio';

/** One quantity, measured once per round: the raw data of the bench. */
export interface Series {
  /** The name of the quantity, such as `verdict` or `latency p50`. */
  readonly measure: string;
  readonly unit: Unit;
  /** Labels such as target, operation and connections. */
  readonly labels: Readonly<Record<string, string | number>>;
  /** In order of rounds; series of one section are paired by their index. */
  readonly values: number[];
}

/** All measurements of one section, as stored in `<section>.json`. */
export interface SectionResult {
  readonly section: SectionName;
  readonly measuredAt: string;
  readonly suite: { readonly version: string; readonly commit: string };
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly system: string;
    readonly node: string;
    /** The load average of the minute before; undefined if the system reports none. */
    readonly load?: number;
  };
  /** One line for each measurement that was not possible here, with the remedy. */
  readonly absent: readonly string[];
  /** One line for each wrong or missing answer and each failed run. */
  readonly failures: readonly string[];
  readonly series: readonly Series[];
}

/** Collects the series of a section. */
export class Recorder {
  readonly #series = new Map<string, Series>();
  readonly #absent: string[] = [];
  readonly #failures: string[] = [];
  readonly #section: SectionName;
  readonly #measuredAt = new Date().toISOString();
  /** Read at the start, since files may change while the bench runs. */
  readonly #commit = suiteCommit();
  readonly #load = loadavg()[0] as number;

  constructor(section: SectionName) {
    this.#section = section;
  }

  add(measure: string, unit: Unit, labels: Series['labels'], value: number): void {
    const key = JSON.stringify([measure, unit, labels]);
    const series = this.#series.get(key) ?? { measure, unit, labels, values: [] };
    this.#series.set(key, series);
    series.values.push(Number(value.toPrecision(6)));
  }

  absent(line: string): void {
    this.#absent.push(line);
  }

  fail(line: string): void {
    this.#failures.push(line);
  }

  /** The measurements so far. */
  get series(): readonly Series[] {
    return [...this.#series.values()];
  }

  async result(): Promise<SectionResult> {
    return {
      section: this.#section,
      measuredAt: this.#measuredAt,
      suite: { version: suiteVersion(), commit: await this.#commit },
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memoryGB: Math.round(totalmem() / 1e9),
        system: `${process.platform} ${process.arch}`,
        node: process.versions.node,
        ...(process.platform !== 'win32' && { load: Number(this.#load.toFixed(1)) }),
      },
      absent: this.#absent,
      failures: this.#failures,
      series: this.series,
    };
  }
}

/** The series of a measure whose labels include those given. @returns undefined if it was not measured. */
export function find(
  { series }: Pick<SectionResult, 'series'>,
  measure: string,
  labels: Series['labels'],
): Series | undefined {
  return series.find(
    (one) =>
      one.measure === measure && Object.entries(labels).every(([name, value]) => one.labels[name] === value),
  );
}

/** The values of a label in a section, in the order in which they were measured. */
export function labelValues<T extends string | number>({ series }: SectionResult, name: string): T[] {
  return [
    ...new Set(series.flatMap(({ labels }) => (labels[name] === undefined ? [] : [labels[name] as T]))),
  ];
}

export function writeResult(folder: string, result: SectionResult): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${result.section}.json`);
  const text = JSON.stringify(result, null, 1)
    // A series is written on one line.
    .replace(/\[[\s\d.,e+-]+\]/g, (list) => list.replace(/\s+/g, ''));
  writeFileSync(file, `${text}\n`);
  return file;
}

/** @throws UsageError if there is no such file, or it is not a result of the bench. */
export function readResult(folder: string, section: SectionName): SectionResult {
  const file = path.join(folder, `${section}.json`);
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as SectionResult;
    if (result.section !== section || !Array.isArray(result.series))
      throw new Error(`it has no results of the section ${section}`);
    return result;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}; npm run bench -- ${section} makes it`);
  }
}
