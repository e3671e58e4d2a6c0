import path from 'node:path';
import { runBench } from '../../bench/bench.ts';
import type { CommandName } from '../../infra/invocation.ts';
import { ROOT } from '../run/suite.ts';
import { count, parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

/** The default bounds of a soak. */
export const SOAK_CALLS = 200_000;
/** The options of `npm run bench` for the soak. */
export const SOAK_OPTIONS = { calls: { type: 'string' }, minutes: { type: 'string' } } as const;

export const command: Command = {
  help: `
npm run soak -- [--calls N] [--minutes M] [--results DIR]

Calls all eight methods of the tutorial's API on the embedded AWS, on 64 connections at a time: creates streams, lists
and describes them, puts records one by one and in batches, reads them through the proxy and from Kinesis directly,
deletes. Each answer is checked, and each record that an answer reports as stored has to exist exactly once. Memory at
the end may be 10 % above that after the first tenth of the calls; it is not judged in fewer than 50,000 calls.

  --calls N      ends it after N calls, at least 1,000 (default: ${SOAK_CALLS}, about two minutes; none with --minutes)
  --minutes M    ends it after M minutes; with both, whichever comes first
  --results DIR  where the raw data goes, soak.json (default: reports/bench)

It is a short form of npm run bench -- soak, and calls only this machine.

Exit codes: 0 everything was right; 1 an answer was wrong or missing, a record is not where it was put, a stream is left, or
memory grew; 2 the embedded AWS did not start; 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev soak',
      argv,
      { ...SOAK_OPTIONS, results: { type: 'string' } },
      { least: 0, most: 0, what: 'options only' },
    );
    const isGood = await runBench(['soak'], {
      ...soakBounds('dev soak', values),
      rounds: 1,
      against: undefined,
      others: undefined,
      localstackSuite: false,
      results: path.resolve(values.results ?? path.join(ROOT, 'reports/bench')),
      tell: (line) => process.stderr.write(`${line}\n`),
      print: (text) => process.stdout.write(text),
    });
    return isGood ? 0 : 1;
  },
};

/** @throws UsageError if one of them is not a whole number. */
export function soakBounds(
  name: CommandName,
  values: { calls?: string | undefined; minutes?: string | undefined },
): { calls: number | undefined; minutes: number | undefined } {
  const minutes = count(name, 'minutes', values.minutes, 1);
  const calls = count(name, 'calls', values.calls, 1_000) ?? (minutes === undefined ? SOAK_CALLS : undefined);
  return { calls, minutes };
}
