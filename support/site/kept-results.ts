import { globSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { readResults } from '../report/json.ts';
import type { Level } from '../run/options.ts';
import { toPosix } from '../run/plan.ts';
import type { Results } from '../run/results.ts';

/** One run of the matrix in results/. */
export interface KeptRun {
  /** `results/0.2.0/moto-5.2.5`. */
  readonly folder: string;
  /** `LocalStack 4.14.0`; the version is that of the folder if the target does not report one. */
  readonly target: string;
  readonly isProduction: boolean;
  readonly results: Results;
}

export interface Kept {
  /** The version of the suite. */
  readonly version: string;
  /** The targets with the best results come first. */
  readonly runs: readonly KeptRun[];
}

/**
 * Reads the newest matrix.
 * @param folder such as `results`; below it `<version>/<run>/conformance.json`.
 * @throws UsageError where there is none, or one cannot be read.
 */
export function readKept(root: string, folder = 'results'): Kept {
  const files = globSync(`${folder}/*/*/conformance.json`, { cwd: root }).map(toPosix).sort();
  const versions = files.map((file) => file.split('/').at(-3) ?? '');
  const version = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (version === undefined)
    throw new UsageError(`${folder}/ has no results for the site to show; npm run matrix creates them`);
  const runs = files
    .filter((_, at) => versions[at] === version)
    .map((file): KeptRun => {
      const results = readResults(path.join(root, file));
      const own = path.posix.dirname(file);
      return {
        folder: own,
        target: targetName(results, path.posix.basename(own)),
        isProduction: isOf(results, 'production'),
        results,
      };
    });
  const passed = Map.groupBy(runs, ({ target }) => target);
  const score = (target: string) =>
    (passed.get(target) ?? []).reduce((sum, { results }) => sum + results.summary.clauses.passed, 0);
  return {
    version,
    runs: runs.toSorted(
      (a, b) =>
        score(b.target) - score(a.target) ||
        a.target.localeCompare(b.target, 'en') ||
        b.results.definition.name.localeCompare(a.results.definition.name, 'en'),
    ),
  };
}

function isOf({ selection }: Results, level: Level): boolean {
  return selection.levels.includes(level);
}

function targetName({ target: { name, version } }: Results, folder: string): string {
  if (version !== 'unknown') return `${name} ${version}`;
  const told = /-(\d[\w.+]*)(?:-production-\w+)?$/.exec(folder)?.[1];
  return told === undefined ? name : `${name} ${told}`;
}
