import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimulatedAws } from '../../infra/embedded/simulate/simulated-aws.ts';
import type { SimulationReport } from '../../infra/embedded/simulate/simulation.ts';
import { TargetError, UsageError } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { BOUNDARY_VARIABLE } from '../../infra/provision/boundary.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { CLOCK_VARIABLE, clockFactor, sleep } from '../../infra/retry/clock.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { startSimulation } from '../../infra/targets/simulated.ts';
import { ACCOUNT, BOUNDARY, runnerSession } from '../../selftest/privilege/rehearsal.ts';
import { type AccountContent, differences, readAccount } from '../observe/account.ts';
import { RESULTS_FILE, readResults } from '../report/json.ts';
import { onInterrupt } from '../run/interrupt.ts';
import { simulation } from '../run/options.ts';
import type { Results } from '../run/results.ts';
import { ROOT } from '../run/suite.ts';
import { plural } from '../run/verdict.ts';
import type { Command } from './command.ts';

/** The nightly's options besides the target. Its session lasts an hour, and one worker would take most of it. */
export const NIGHTLY_OPTIONS = ['--parallel', '3'];
/** The longest time of a run: milliseconds. */
const MAX_RUN_MS = 225_000;
/** Beyond a deletion's 40 s, and a list that lags: milliseconds of the simulation. */
const UNTIL_GONE = 60_000;

export const command: Command = {
  help: `
npm run rehearse -- [--seed N] [options of ${called('run')}]

Rehearses the nightly: starts the simulation of AWS, in an account that others use too, runs sweep,
doctor, conformance and sweep against it as against AWS, and checks that the run would be right on AWS:
conformant, with no more permissions than infra/aws/runner-policy.json, through throttling, server errors and lost
connections, never faster than AWS's quotas, and with nothing left behind.

  --seed N                    repeat a rehearsal (default: a random seed, which is printed)

${CLOCK_VARIABLE} sets how fast the simulation's clock and all waits run (default: 20).
Exit codes: 0 all of it is right; 1 something is not; 2 the rehearsal itself failed; 3 usage.
`,
  run: async (argv) => {
    const { seed, rest } = split(argv);
    const aws = await startSimulation(seed, {
      region: 'us-east-1',
      accountId: ACCOUNT,
      verifyCallers: true,
    });
    const withdraw = onInterrupt(() => aws.stop());
    const folder = mkdtempSync(path.join(tmpdir(), 'kpc-rehearsal-'));
    try {
      return await rehearse(aws, folder, rest);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await aws.stop();
      withdraw();
    }
  },
};

function split(argv: readonly string[]) {
  const at = argv.indexOf('--seed');
  const value = at < 0 ? undefined : (argv[at + 1] ?? '');
  if (value !== undefined && !/^\d{1,9}$/.test(value))
    throw new UsageError(`--seed takes a whole number, not ${value}`);
  const rest = at < 0 ? argv : [...argv.slice(0, at), ...argv.slice(at + 2)];
  const own = rest.find((word) =>
    /^--(target|endpoint|simulate|report|journal|keep|execute-api-url)(=|$)/.test(word),
  );
  if (own !== undefined)
    throw new UsageError(`${own.split('=')[0]} is set by the rehearsal itself; leave it out`);
  return { seed: simulation(value === undefined ? 'aws' : `aws:${value}`) as { seed: number }, rest };
}

async function rehearse(aws: SimulatedAws, folder: string, options: readonly string[]): Promise<number> {
  const clients = createClients(asTarget(aws).access);
  const look = () => aws.quietly(() => readAccount(clients));
  try {
    say(
      `simulation aws:${aws.seed} at ${aws.endpoint}, with a clock ${aws.clockFactor} times as fast as real time`,
    );
    const runner = await aws.quietly(() => runnerSession(asTarget(aws), policies()));
    const before = await look();
    const journals = path.join(folder, 'journals');
    const where = [
      '--target',
      'aws',
      '--endpoint',
      aws.endpoint,
      '--region',
      aws.region,
      '--journal',
      journals,
    ];
    const run = (...command: string[]) => nightly(runner, command);
    const sweptBefore = await run('sweep', ...where, '--yes');
    const examined = await run('doctor', ...where);
    aws.rearm();
    const exitCode = await run('conformance', ...where, '--report', folder, ...NIGHTLY_OPTIONS, ...options);
    const sweptAfter = await run('sweep', ...where, '--yes');
    const after = await settled(look, before);
    if (exitCode === 3) return 3;
    const file = path.join(folder, RESULTS_FILE);
    if (!existsSync(file))
      throw new TargetError(`the run left no results; it ended with exit code ${exitCode}`);
    const results = readResults(file);
    const findings = [
      ended('the sweep before', sweptBefore),
      ended('the doctor', examined),
      ended('the run', exitCode),
      ended('the sweep after', sweptAfter),
      ...verdictOf(results),
      ...survivalOf(results, aws.report),
      ...ratesOf(aws.report),
      ...traceOf(differences(before, after), journals),
    ];
    for (const { holds, text } of findings) say(`${holds ? 'ok    ' : 'failed'} ${text}`);
    return findings.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    clients.destroy();
  }
}

function policies() {
  const text = (file: string) => readFileSync(path.join(ROOT, 'infra/aws', file), 'utf8');
  return { runner: text('runner-policy.json'), boundary: text('boundary-policy.json') };
}

/** Runs a command of the nightly in a separate process, as the runner does. @returns its exit code. */
async function nightly(
  runner: Awaited<ReturnType<typeof runnerSession>>,
  command: readonly string[],
): Promise<number | null> {
  const [name = ''] = command;
  const isLoud = name === 'conformance';
  const child = spawn(process.execPath, [path.join(ROOT, 'support/cli/main.mjs'), ...command], {
    stdio: ['ignore', isLoud ? 'inherit' : 'ignore', 'inherit'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: runner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: runner.secretAccessKey,
      AWS_SESSION_TOKEN: runner.sessionToken,
      [BOUNDARY_VARIABLE]: BOUNDARY,
      [CLOCK_VARIABLE]: String(clockFactor()),
    },
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), MAX_RUN_MS);
  const withdraw = onInterrupt(async () => child.kill('SIGTERM'));
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  withdraw();
  if (signal !== null || exitCode === 143)
    throw new TargetError(
      `${name} took longer than ${MAX_RUN_MS / 1000} s and was ended; ${CLOCK_VARIABLE} sets how fast the clock runs`,
    );
  return exitCode;
}

/** Reads the account when nothing more is being deleted, or when everything must be gone. */
async function settled(look: () => Promise<AccountContent>, before: AccountContent): Promise<AccountContent> {
  const least = UNTIL_GONE / 6;
  for (let waited = 0; ; waited += least) {
    const content = await look();
    if (differences(before, content).length === 0 || waited >= UNTIL_GONE) return content;
    await sleep(least);
  }
}

interface Finding {
  readonly holds: boolean;
  readonly text: string;
}

function ended(what: string, exitCode: number | null): Finding {
  return { holds: exitCode === 0, text: `${what} ended with exit code ${exitCode}` };
}

function verdictOf({ verdict, because }: Results): Finding[] {
  return [{ holds: verdict === 'conformant', text: `verdict ${verdict}: ${because}` }];
}

/** Compares both sides: the simulation's faults, and the run's retries. */
function survivalOf({ throttling }: Results, { faults }: SimulationReport): Finding[] {
  const lost = faults['lost-request'] + faults['lost-answer'];
  const rows: [string, number, number][] = [
    ['throttled', faults.throttle, throttling?.throttled ?? 0],
    ['server errors', faults['server-error'], throttling?.serverErrors ?? 0],
    ['lost connections', lost, throttling?.lostConnections ?? 0],
  ];
  return rows.map(([what, given, met]) => ({
    holds: given > 0 && met > 0,
    text: `${what}: ${given} injected, ${met} retried`,
  }));
}

function ratesOf({ calls }: SimulationReport): Finding[] {
  return Object.entries(calls).flatMap(([action, { calls: count, peak, refused, quota }]) =>
    quota === undefined
      ? []
      : [
          {
            holds: peak <= quota.calls && refused === 0,
            text: `${action}: ${plural(count, 'call')}, at most ${peak} of ${quota.calls} in ${quota.perMillis / 1000} s`,
          },
        ],
  );
}

function traceOf(changes: readonly string[], journals: string): Finding[] {
  const kept = list(journals);
  return [
    ...changes.map((text) => ({ holds: false, text })),
    ...kept.map((file) => ({ holds: false, text: `the journal ${file} was left behind` })),
    { holds: changes.length === 0 && kept.length === 0, text: 'the account is as it was before' },
  ];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
