import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { prepareFolder, writeReports } from '../report/folder.ts';
import { readResults } from '../report/json.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { mergeResults } from '../run/merge.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { exitCodeOf, summarizeJob } from './conformance.ts';
import { printSummary } from './summary.ts';

export const command: Command = {
  help: `
${calledWith('results merge')} DIR... --report OUT

Combines the results of --shard 1/n … n/n (report folders, or their conformance.json), judges them as one run,
and writes conformance.json and junit.xml to OUT: the verdict, clauses and scenarios that one run of all would give.
Refuses overlaps, gaps, and shards of different runs.

--accept-partial   exit 0 when something selected could not be observed

Examples:
  ${calledWith('results merge')} reports/shard-* --report reports/merged

Exit codes: as ${called('run')}; 3 when something is unreadable, missing or does not belong together.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'results merge',
      argv,
      { report: { type: 'string' }, 'accept-partial': { type: 'boolean' } },
      { least: 1, most: 1000, what: 'the report folders of the shards' },
    );
    if (!values.report)
      throw new UsageError(`${called('results merge')} needs --report OUT, the folder for the merged report`);
    const shards = positionals.map((given) => readResults(given));
    const { clauses } = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
    const order = clauses.map(({ id }) => id);
    const results = mergeResults(shards, order, new Date().toISOString().slice(0, 10));
    const folder = path.resolve(values.report);
    const release = prepareFolder(folder);
    await writeReports(folder, { results, messages: [], left: [], targetLogs: undefined });
    release();
    printSummary(results);
    // The jobs of the shards have already annotated the failures.
    if (process.env.GITHUB_ACTIONS === 'true') summarizeJob(results);
    return exitCodeOf(results.verdict, values['accept-partial'] === true);
  },
};
