import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { scenariosAt } from './lines.ts';
import { type PlannedScenario, toPosix } from './plan.ts';

/** Whether an argument names scenarios by their place: `features/x.feature`, with lines or without. */
export function isPlace(argument: string): boolean {
  return /\.feature(:\d+)*$/.test(argument);
}

/**
 * The scenarios that places name, as reports print them. A line within a scenario stands for it; that of an example
 * row for the row alone.
 * @param root of the suite: below it where the file is not below the working directory.
 * @throws UsageError for a file that is not one of the suite's features, or lines that hold no scenario.
 */
export function scenariosAtPlaces(
  places: readonly string[],
  scenarios: readonly PlannedScenario[],
  root: string,
): ReadonlySet<string> {
  return new Set(
    places.flatMap((place) => {
      const [, file = '', given = ''] = /^(.+?)((?::\d+)*)$/.exec(place) ?? [];
      const absolute = [path.resolve(file), path.resolve(root, file)].find(existsSync);
      const feature = absolute && toPosix(path.relative(root, absolute));
      const own = scenarios.filter((scenario) => scenario.feature === feature);
      if (absolute === undefined || own.length === 0)
        throw new UsageError(
          `${place} is not one of the suite's features; ${calledWith('clauses show')} CLAUSE prints the places of scenarios`,
        );
      if (given === '') return own.map(({ id }) => id);
      const lines = scenariosAt(`${absolute}${given}`, root)
        .slice(absolute.length + 1)
        .split(':')
        .map(Number);
      const found = own.filter(
        ({ line, outlineLine }) => lines.includes(line) || lines.includes(outlineLine),
      );
      if (found.length === 0) throw new UsageError(`${place} has no scenario at that line`);
      return found.map(({ id }) => id);
    }),
  );
}
