import { UsageError } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { tryCleanup } from '../../selftest/cleanup/cleanup.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run cleanup-test -- [--kills 20] [--interrupts 6] [--failures 1] [--seed N] [--simulate]

Runs the suite with --target aws and the rights of infra/aws against an embedded AWS that is full of look-alikes, ends
the run at random calls, and checks that the account is restored exactly: after SIGKILL by ${called('sweep')}, after
SIGINT and SIGTERM by itself.

  --kills N       runs ended by SIGKILL (default: 20)
  --interrupts N  runs ended by SIGINT or SIGTERM (default: 6)
  --simulate      in the simulation of AWS at its worst, at random times instead of calls (slow)
  --failures N    runs that lose the network, and as many whose credentials expire (default: 1)
  --seed N        repeats the moments of an earlier test (default: random)

Exit codes: 0 the account was always restored, 1 it was not, 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev cleanup-test',
      argv,
      {
        kills: { type: 'string' },
        interrupts: { type: 'string' },
        failures: { type: 'string' },
        seed: { type: 'string' },
        simulate: { type: 'boolean' },
      },
      { least: 0, most: 0, what: 'no name' },
    );
    const seed = whole(values.seed, '--seed', Math.floor(Math.random() * 1e9));
    process.stdout.write(`seed ${seed}\n`);
    const trials = await tryCleanup({
      kills: whole(values.kills, '--kills', 20),
      interrupts: whole(values.interrupts, '--interrupts', 6),
      // The simulation also fails at random.
      failures: values.simulate ? 0 : whole(values.failures, '--failures', 1),
      seed,
      simulate: values.simulate === true,
      onTrial: ({ ending: { by, at, moment }, left, problems }) => {
        const clean = problems.length === 0 ? 'clean ' : 'FAILED';
        const swept = by !== 'SIGINT' && by !== 'SIGTERM' ? `, ${left} things for the sweep` : '';
        process.stdout.write(
          `${clean} ${by} ${values.simulate ? `after ${(at / 1000).toFixed(1)} s` : `${moment} call ${at}`}${swept}\n`,
        );
        for (const problem of problems) process.stdout.write(`       ${problem}\n`);
      },
    });
    const failed = trials.filter(({ problems }) => problems.length > 0).length;
    process.stdout.write(`${trials.length - failed} clean, ${failed} not\n`);
    return failed === 0 ? 0 : 1;
  },
};

function whole(value: string | undefined, flag: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${flag} takes a whole number, not ${value}`);
  return Number(value);
}
