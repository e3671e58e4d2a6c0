import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type HttpRequest, LostConnection } from '../../infra/embedded/http.ts';
import { startSimulatedAws } from '../../infra/embedded/simulate/simulated-aws.ts';
import { BOUNDARY_VARIABLE } from '../../infra/provision/boundary.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { CLOCK_VARIABLE } from '../../infra/retry/clock.ts';
import { WAIT_NAMES, waitVariable } from '../../infra/retry/waits.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { type AccountContent, differences, readAccount } from '../../support/observe/account.ts';
import { ROOT } from '../../support/run/suite.ts';
import { ACCOUNT, BOUNDARY, type Policies, runnerSession } from '../privilege/rehearsal.ts';
import { plantLookAlikes } from './look-alikes.ts';

const MAIN = path.join(ROOT, 'support/cli/main.mjs');

/** The network fails, or every call is rejected as one with an expired session. */
export type Failure = 'network' | 'credentials';

/** An account with look-alikes, in which runs can be started, killed and swept. */
export interface Stage {
  readonly endpoint: string;
  readonly before: AccountContent;
  /** How many seconds of a run's clock pass in one. */
  readonly clockFactor: number;
  /** The variables that set a run's waits. */
  readonly waits: Readonly<Record<string, string>>;
  /** The run's credentials: exactly the rights of the runner in infra/aws, including those on keys. */
  readonly identity: Readonly<Record<string, string>>;
  look(): Promise<AccountContent>;
  /** Forgets the calls so far and the planned interruption. */
  reset(): void;
  /** How far the run got: calls, or milliseconds. */
  progress(): number;
  /** Calls back at that point: before or after the call takes effect, whose answer is never sent. */
  at(progress: number, moment: 'before' | 'after', callback: () => void): void;
  /** How every call fails from now on; undefined for not at all. Only where calls are counted. */
  fail(how: Failure | undefined): void;
  /** The calls since the last `reset` that changed something, where they are known. */
  changes(): readonly string[];
  stop(): Promise<void>;
}

/** An embedded AWS that counts its calls. */
export async function setStage(): Promise<Stage> {
  let calls = 0;
  let changes: string[] = [];
  let failing: Failure | undefined;
  let trap: { call: number; moment: 'before' | 'after'; callback: () => void } | undefined;
  const aws = await startEmbeddedAws({
    ...STRICT,
    createMillis: 30,
    deleteMillis: 30,
    middleware: {
      port: (serve) => async (request) => {
        calls += 1;
        const change = changeOf(request);
        if (change !== undefined) changes.push(change);
        if (failing === 'network') throw new LostConnection();
        if (failing === 'credentials' && !request.target.startsWith('/_')) return EXPIRED;
        const isTrapped = trap?.call === calls ? trap : undefined;
        const answer = isTrapped?.moment === 'before' ? undefined : await serve(request);
        if (isTrapped === undefined && answer !== undefined) return answer;
        isTrapped?.callback();
        throw new LostConnection();
      },
    },
  });
  return {
    ...(await planted(aws, (look) => look())),
    clockFactor: 100,
    // This waits for the machine, not for the account, so a faster clock does not shorten it.
    waits: Object.fromEntries(
      WAIT_NAMES.filter((name) => name !== 'nothing-stored').map((name) => [waitVariable(name), '180000']),
    ),
    fail: (how) => {
      failing = how;
    },
    reset: () => {
      calls = 0;
      changes = [];
      trap = undefined;
      failing = undefined;
    },
    progress: () => calls,
    at: (call, moment, callback) => {
      trap = { call, moment, callback };
    },
    changes: () => changes,
  };
}

/** The simulation of AWS at its worst. Its number of calls varies, so moments are times. */
export async function setSimulation(seed: number): Promise<Stage> {
  const clockFactor = 20;
  const aws = await startSimulatedAws({ ...STRICT, seed, clockFactor });
  let began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  return {
    ...(await planted(aws, (look) => aws.quietly(look))),
    clockFactor,
    waits: {},
    reset: () => {
      began = performance.now();
      clearTimeout(timer);
    },
    progress: () => performance.now() - began,
    at: (millis, _moment, callback) => {
      timer = setTimeout(callback, Math.max(0, millis - (performance.now() - began)));
    },
    fail: () => undefined,
    changes: () => [],
  };
}

/** It grants no caller the rights of the account's root. */
const STRICT = { accountId: ACCOUNT, verifyCallers: true } as const;

/** In the form of API Gateway and Kinesis, which IAM's clients read too (docs/facts/gateway.md#errors). */
const EXPIRED = {
  status: 403,
  headers: [
    ['Content-Type', 'application/x-amz-json-1.1'],
    ['x-amzn-ErrorType', 'ExpiredTokenException'],
  ] as const,
  body: '{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}',
};

async function planted(
  aws: EmbeddedAws,
  quietly: <T>(look: () => Promise<T>) => Promise<T>,
): Promise<Pick<Stage, 'endpoint' | 'before' | 'identity' | 'look' | 'stop'>> {
  const target = asTarget(aws);
  const clients = createClients(target.access);
  const look = () => quietly(() => readAccount(clients));
  const stop = async () => {
    clients.destroy();
    await aws.stop();
  };
  try {
    await quietly(() => plantLookAlikes(clients, aws.region));
    const runner = await quietly(() => runnerSession(target, policies()));
    const identity = {
      AWS_ACCESS_KEY_ID: runner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: runner.secretAccessKey,
      AWS_SESSION_TOKEN: runner.sessionToken ?? '',
      [BOUNDARY_VARIABLE]: BOUNDARY,
    };
    return { endpoint: aws.endpoint, identity, before: await settled(look), look, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function policies(): Policies {
  const text = (name: string) => readFileSync(path.join(ROOT, `infra/aws/${name}-policy.json`), 'utf8');
  const [runner, keys] = [text('runner'), text('keys')].map((policy) => JSON.parse(policy));
  // As for an API that requires keys.
  runner.Statement.unshift(...keys.Statement);
  return { runner: JSON.stringify(runner), boundary: text('boundary') };
}

/** What a request changes, as one word to compare by; undefined for one that only reads. */
function changeOf({ method, target, headers, body }: HttpRequest): string | undefined {
  const action = headers.find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1]?.split('.')[1];
  if (action !== undefined) return /^(Get|List|Describe)/.test(action) ? undefined : `${action} ${body}`;
  const query = /^Action=(\w+)/.exec(body.toString('utf8'))?.[1];
  if (query !== undefined) return /^(Get|List|Assume)/.test(query) ? undefined : body.toString('utf8');
  return method === 'GET' ? undefined : `${method} ${target}`;
}

/** One command of this suite, as a process of its own. */
export interface Command {
  readonly pid: number;
  readonly ended: Promise<{ code: number | null; signal: string | null; output: string }>;
  kill(signal: NodeJS.Signals): void;
}

export function start(stage: Stage, command: string, args: readonly string[]): Command {
  const child = spawn(
    process.execPath,
    [MAIN, command, '--target', 'aws', '--endpoint', stage.endpoint, ...args],
    {
      env: {
        ...cleanEnvironment(),
        ...stage.identity,
        AWS_REGION: 'us-east-1',
        [CLOCK_VARIABLE]: String(stage.clockFactor),
        ...stage.waits,
        KPC_WAIT_NOTHING_STORED_MS: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, output })),
  );
  return { pid: child.pid as number, ended, kill: (signal) => child.kill(signal) };
}

/** Keeps this process's variables, such as a token or a target, out of a trial. */
function cleanEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, TEMP, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, TEMP, SystemRoot };
}

export function temporaryFolder(): { path: string; journals(): string[]; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-cleanup-'));
  const journals = path.join(folder, 'journal');
  return {
    path: folder,
    journals: () => {
      try {
        return readdirSync(journals);
      } catch {
        return [];
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What has changed: one line for each thing. */
export async function changesSince({ before, look }: Pick<Stage, 'before' | 'look'>): Promise<string[]> {
  return differences(before, await settled(look));
}

/** What the account holds once streams had time to finish being created or deleted. */
async function settled(look: () => Promise<AccountContent>): Promise<AccountContent> {
  for (let looks = 1; ; looks++) {
    const content = await look();
    const isSettled = ![...content.values()].some((thing) => /"StreamStatus":"(?!ACTIVE)/.test(thing));
    if (isSettled || looks === 200) return content;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
