import { randomInt } from 'node:crypto';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { UsageError } from '../../infra/errors.ts';
import { type PropertyReport, tryProperties } from '../../selftest/generated/generated.ts';
import { PROPERTIES } from '../../selftest/generated/properties.ts';
import { NAMES as PROXIES, proxyRuns, tryProxies } from '../../selftest/generated/proxies/proxies.ts';
import { type ProxyReport, type ProxyRun, WELL_BEHAVED } from '../../selftest/generated/proxies/try.ts';
import { abridged } from '../client/answer.ts';
import { curlLine } from '../client/curl.ts';
import { count, parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const NAMES = PROPERTIES.map(({ name }) => name);
const RUNS = 100;
/** Proxies of each of the two kinds. */
const PROXY_RUNS = 200;
/** The number of calls to show for a counterexample, the newest ones. */
const MAX_CALLS = 12;

export const command: Command = {
  help: `
npm run generated -- [options]

Deploys a definition on the embedded AWS and calls it with generated requests, valid and invalid:

${PROPERTIES.map(({ name, statement }) => `  ${name.padEnd(14)} ${statement}`).join('\n')}

Nothing else may change meanwhile, and every answer has to be of a known kind. A failure is shrunk to a small
counterexample and shown as curl lines.

  --definition tutorial|PATH  the API (default: tutorial)
  --runs N                    runs of a property (default: ${RUNS}; half as many sequences)
  --seed S                    the seed of an earlier run; a new one is printed otherwise
  --only NAME                 one property; repeatable
  --proxies                   generates the API instead: proxies of any shape, each judged at level production. ${PROXY_RUNS} (or
                              --runs) well-behaved ones have to be conformant; as many with one defect have to fail
                              its clause, and only clauses that follow from it. --only takes ${WELL_BEHAVED}, or a defect

Exit codes: 0 all properties hold, 1 one does not, 2 the definition cannot be deployed or the target failed, 3 usage.
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
        proxies: { type: 'boolean' },
      },
      { least: 0, most: 0, what: 'no name' },
    );
    const seed = count('dev generated', 'seed', values.seed, 0) ?? randomInt(2 ** 31);
    if (values.proxies) {
      if (values.definition !== undefined)
        throw new UsageError('--proxies generates definitions, and takes no --definition');
      return judgeProxies(count('dev generated', 'runs', values.runs, 1) ?? PROXY_RUNS, seed, values.only);
    }
    const definition = values.definition ?? 'tutorial';
    const runs = count('dev generated', 'runs', values.runs, 1) ?? RUNS;
    for (const name of values.only ?? [])
      if (!NAMES.includes(name))
        throw new UsageError(`the property ${name} is unknown; it is one of ${NAMES.join(', ')}`);
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

async function judgeProxies(
  runs: number,
  seed: number,
  only: readonly string[] | undefined,
): Promise<number> {
  for (const name of only ?? [])
    if (!PROXIES.includes(name))
      throw new UsageError(`the proxy ${name} is unknown; it is one of ${PROXIES.join(', ')}`);
  process.stdout.write(`seed ${seed}\n`);
  const all =
    only === undefined
      ? proxyRuns(runs, seed, undefined)
      : only.flatMap((name) => proxyRuns(runs, seed, name));
  const started = performance.now();
  let [done, broken] = [0, 0];
  await tryProxies(all, (report) => {
    done += 1;
    const text = proxyText(report);
    if (text !== undefined) broken += 1;
    if (text !== undefined || done % PROGRESS === 0)
      process.stdout.write(`${done}/${all.length} ${text ?? ''}\n`);
  });
  const behaved = all.filter(({ name }) => name === WELL_BEHAVED).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${behaved} well-behaved proxies, ${all.length - behaved} with a defect: ${broken} misjudged, ${seconds} s\n`,
  );
  return broken === 0 ? 0 : 1;
}

/** The number of proxies after which a progress line is printed. */
const PROGRESS = 50;

/** @returns undefined if the proxy was judged correctly. */
function proxyText(report: ProxyReport | (ProxyRun & { readonly failure: string })): string | undefined {
  const repeat = `  repeat    npm run generated -- --proxies --only ${report.name} --seed ${report.seed} --runs 1`;
  if ('failure' in report) return [`FAILED ${report.name}: ${report.failure}`, repeat].join('\n');
  const { problem } = report;
  if (problem === undefined) return undefined;
  return [
    `FAILED ${report.name}: ${problem.reason}`,
    ...problem.calls.map((call) => `  offers    ${call}`),
    `  judge     npm run conformance -- --level production --definition ${problem.file}${problem.isBehind ? ' (the defect is in Kinesis, so this does not show it)' : ''}`,
    repeat,
  ].join('\n');
}

function textOf({ property, runs, durationMs, failure }: PropertyReport, options: string): string {
  const head = `${failure === undefined ? 'ok    ' : 'FAILED'} ${property.name}: ${property.statement}\n`;
  const measure = `       ${runs} runs, ${(durationMs / 1000).toFixed(1)} s\n`;
  if (failure === undefined) return head + measure;
  const calls = failure.exchanges
    .slice(-MAX_CALLS)
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
