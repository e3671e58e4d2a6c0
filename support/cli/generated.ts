import { randomInt } from 'node:crypto';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { UsageError } from '../../infra/errors.ts';
import { type PropertyReport, tryProperties } from '../../selftest/generated/generated.ts';
import { PROPERTIES } from '../../selftest/generated/properties.ts';
import { abridged } from '../client/answer.ts';
import { curlLine } from '../client/curl.ts';
import { count, parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const NAMES = PROPERTIES.map(({ name }) => name);
const RUNS = 100;
/** Calls shown of a counter-example, the newest. */
const MOST_CALLS = 12;

export const command: Command = {
  help: `
npm run generated -- [options]

Deploys a definition on the embedded AWS and calls it with generated requests, good and bad:

${PROPERTIES.map(({ name, statement }) => `  ${name.padEnd(14)} ${statement}`).join('\n')}

Nothing else may change meanwhile, and every answer has to be of a known kind. What does not hold is shrunk to a small
counter-example and shown as curl lines.

  --definition tutorial|PATH  the API (default: tutorial)
  --runs N                    runs of a property (default: ${RUNS}; half as many sequences)
  --seed S                    the seed of an earlier run; a new one is printed otherwise
  --only NAME                 one property; repeatable

Exit codes: 0 all hold, 1 one does not, 2 the definition cannot be deployed or the target failed, 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev generated',
      argv,
      {
        definition: { type: 'string' },
        runs: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string', multiple: true },
      },
      { least: 0, most: 0, what: 'no name' },
    );
    const definition = values.definition ?? 'tutorial';
    const runs = count('dev generated', 'runs', values.runs, 1) ?? RUNS;
    const seed = count('dev generated', 'seed', values.seed, 0) ?? randomInt(2 ** 31);
    for (const name of values.only ?? [])
      if (!NAMES.includes(name))
        throw new UsageError(`there is no property ${name}; there are ${NAMES.join(', ')}`);
    process.stdout.write(`seed ${seed}\n`);
    const reports = await tryProperties(
      loadDefinition(definition),
      { runs, seed, ...(values.only && { only: values.only }) },
      (report) =>
        process.stdout.write(textOf(report, `--definition ${definition} --runs ${runs} --seed ${seed}`)),
    );
    return reports.some(({ failure }) => failure !== undefined) ? 1 : 0;
  },
};

function textOf({ property, runs, durationMs, failure }: PropertyReport, options: string): string {
  const head = `${failure === undefined ? 'ok    ' : 'FAILED'} ${property.name}: ${property.statement}\n`;
  const measure = `       ${runs} runs, ${(durationMs / 1000).toFixed(1)} s\n`;
  if (failure === undefined) return head + measure;
  const calls = failure.exchanges
    .slice(-MOST_CALLS)
    .flatMap((exchange) => [
      `  ${curlLine(exchange)}`,
      `    ${exchange.response.status} ${abridged(exchange.response.body)}`,
    ]);
  return `${[
    `${head}${measure}  smallest  ${failure.counterexample}`,
    `  because   ${failure.reason}`,
    ...calls,
    `  repeat    npm run generated -- --only ${property.name} ${options}`,
  ].join('\n')}\n`;
}
