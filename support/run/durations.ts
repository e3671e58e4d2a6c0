import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileAt, MAX_RESULTS_BYTES, readFileBounded } from '../../infra/bounds/file.ts';
import { parseJsonBounded } from '../../infra/bounds/json.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import type { TargetKind } from '../../infra/targets/target.ts';
import type { ScenarioResult } from './results.ts';

/** Milliseconds by scenario id. */
export type Durations = Readonly<Record<string, number>>;
/** What `npm run durations` writes; a kind of target without runs is absent. */
export type RecordedDurations = Readonly<Partial<Record<TargetKind, Durations>>>;

/** From the project's root. */
export const DURATIONS_FILE = 'features/durations.json';

type Timed = Pick<ScenarioResult, 'id' | 'result' | 'durationMs'>;

/**
 * How long scenarios took: the median, where several runs executed one. A scenario that was skipped, or in which the
 * target broke, is ignored. A failed one counts, since it usually fails again.
 */
export function durationsOf(scenarios: readonly Timed[]): Durations {
  const taken = new Map<string, number[]>();
  for (const { id, result, durationMs } of scenarios)
    if (result !== 'skipped' && result !== 'error') taken.set(id, [...(taken.get(id) ?? []), durationMs]);
  return Object.fromEntries(
    [...taken].map(([id, all]) => [id, median(all)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** @returns an empty object if no durations were recorded for that kind of target. */
export function recordedDurations(root: string, kind: TargetKind): Durations {
  return readRecorded(path.join(root, DURATIONS_FILE))[kind] ?? {};
}

/** @throws UsageError if the file exists but was not written by `npm run durations`. */
export function readRecorded(file: string): RecordedDurations {
  if (!existsSync(file)) return {};
  const content = readJson(file);
  const isDurations = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((duration) => Number.isFinite(duration) && duration >= 0);
  if (typeof content !== 'object' || content === null || !Object.values(content).every(isDurations))
    throw new UsageError(`${file} does not hold durations by target and scenario; repeat npm run durations`);
  return content as RecordedDurations;
}

/**
 * The durations of an earlier run, or of merged shards.
 * @param given its report folder, or the conformance.json in it.
 * @throws UsageError if the file is unreadable or not the results of a run.
 */
export function durationsOfRun(given: string): Durations {
  const file = fileAt(given, 'conformance.json');
  const scenarios = (readJson(file) as { scenarios?: unknown } | null)?.scenarios;
  const isTimed = (row: Partial<Timed> | null) =>
    typeof row?.id === 'string' && Number.isFinite(row.durationMs) && (row.durationMs ?? -1) >= 0;
  if (!Array.isArray(scenarios) || !scenarios.every(isTimed))
    throw new UsageError(`${file} holds no scenarios with durations; give the conformance.json of a run`);
  return durationsOf(scenarios);
}

/**
 * The expected duration of every scenario. A scenario without one gets the median of the others, or 1 if no scenario
 * has one.
 */
export function estimate(durations: Durations): (scenario: { readonly id: string }) => number {
  const known = Object.values(durations);
  const unknown = known.length === 0 ? 1 : median(known);
  return ({ id }) => durations[id] ?? unknown;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function readJson(file: string): unknown {
  try {
    return parseJsonBounded(readFileBounded(file, MAX_RESULTS_BYTES).toString('utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as durations: ${messageOf(error)}`);
  }
}
