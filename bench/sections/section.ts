import type { Recorder, SectionName, SectionResult } from '../measure/result.ts';
import type { Cells } from '../report/table.ts';
import type { OtherName } from '../targets/served.ts';

/** The options from the command line. */
export interface BenchOptions {
  readonly rounds: number;
  /** The root of another checkout, measured alternately with this one. */
  readonly against: string | undefined;
  /** Other targets that are required; undefined: those that are available. */
  readonly others: readonly OtherName[] | undefined;
  /** When the soak ends, whichever comes first; without a number of calls, only the minutes count. */
  readonly calls: number | undefined;
  readonly minutes: number | undefined;
  /** Whether the whole suite is run on LocalStack as well. */
  readonly localstackSuite: boolean;
  /** Called with each line of progress. */
  readonly tell: (line: string) => void;
}

/** A table, with a title that explains its cells if its head does not. */
export interface Table {
  readonly title?: string;
  readonly cells: Cells;
}

/** A part of the bench: how to measure it, and how to present its results. */
export interface Section {
  readonly name: SectionName;
  /** One line, for the help. */
  readonly summary: string;
  measure(options: BenchOptions, recorder: Recorder): Promise<void>;
  /** Computed from the raw data alone. */
  tables(result: SectionResult): readonly Table[];
}
