import type { Recorder, SectionName, SectionResult } from '../measure/result.ts';
import type { Cells } from '../report/table.ts';
import type { OtherName } from '../targets/served.ts';

/** What the command line asked for. */
export interface BenchOptions {
  readonly rounds: number;
  /** The root of another checkout, measured in turn with this one. */
  readonly against: string | undefined;
  /** Other targets that have to be there; undefined: those that can be had. */
  readonly others: readonly OtherName[] | undefined;
  /** When the soak ends, by what comes first; without a bound of calls only the minutes end it. */
  readonly calls: number | undefined;
  readonly minutes: number | undefined;
  /** Whether the whole suite is run on LocalStack as well. */
  readonly localstackSuite: boolean;
  /** Takes a line of progress. */
  readonly tell: (line: string) => void;
}

/** A table, and what its cells are where its head does not say it. */
export interface Table {
  readonly title?: string;
  readonly cells: Cells;
}

/** A part of the bench: what it measures, and how its results are read. */
export interface Section {
  readonly name: SectionName;
  /** One line, for the help. */
  readonly summary: string;
  measure(options: BenchOptions, recorder: Recorder): Promise<void>;
  /** From the raw data alone. */
  tables(result: SectionResult): readonly Table[];
}
