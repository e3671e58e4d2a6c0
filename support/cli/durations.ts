import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readResults } from '../report/json.ts';
import { DURATIONS_FILE, type Durations, durationsOf, readRecorded } from '../run/durations.ts';
import { readScenarios } from '../run/plan.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run durations -- RESULTS...

Records in ${DURATIONS_FILE} how long each scenario took, by kind of target, to balance --shard. RESULTS
are report folders or their conformance.json; where several runs on one kind of target executed a scenario, the median
counts. It keeps durations of other kinds of target, and removes those of scenarios that no longer exist.

Exit codes: 0 written, 3 unreadable.
`,
  run: async (argv) => {
    const { positionals } = parseCommand(
      'dev durations',
      argv,
      {},
      { least: 1, most: 1000, what: 'the report folders of one run or more' },
    );
    const results = positionals.map((given) => readResults(given));
    const known = new Set(readScenarios(ROOT).map(({ id }) => id));
    const file = path.join(ROOT, DURATIONS_FILE);
    const recorded = new Map<string, Durations>(Object.entries(readRecorded(file)));
    for (const kind of new Set(results.map(({ target }) => target.kind))) {
      const runs = results.filter(({ target }) => target.kind === kind);
      const durations = durationsOf(runs.flatMap(({ scenarios }) => scenarios));
      recorded.set(kind, durations);
      const count = Object.keys(durations).filter((id) => known.has(id)).length;
      process.stdout.write(`${kind}: ${count} of ${known.size} scenarios have a duration\n`);
    }
    const rows = [...recorded]
      .map(([kind, durations]) => [kind, ofKnown(durations, known)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
    return 0;
  },
};

function ofKnown(durations: Durations, known: ReadonlySet<string>): Durations {
  return Object.fromEntries(Object.entries(durations).filter(([id]) => known.has(id)));
}
