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

/** The network is gone, or every call is refused as one of a session that is over. */
export type Failure = 'network' | 'credentials';

/** An account with look-alikes in it, and the means to run in it, to kill and to sweep. */
export interface Stage {
  readonly endpoint: string;
  readonly before: AccountContent;
  /** How many seconds of a run's clock pass in one. */
  readonly clockFactor: number;
  /** What a run's environment says of its waits. */
  readonly waits: Readonly<Record<string, string>>;
  /** What it says of who it is: the runner, with the rights of infra/aws, those on keys among them, and no more. */
  readonly identity: Readonly<Record<string, string>>;
  look(): Promise<AccountContent>;
  /** Forgets the calls so far and what was to happen at one. */
  reset(): void;
  /** How far the run came: calls, or milliseconds. */
  progress(): number;
  /** Calls back when the run comes so far; of a call before or after it takes effect, and its answer is never sent. */
  at(progress: number, moment: 'before' | 'after', callback: () => void): void;
  /** What becomes of every call from now on; undefined for nothing bad. Where calls are counted only. */
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
    // What is waited for here takes no time of the account's, only the machine's, which no clock makes faster.
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

/** The simulation of AWS at its worst, whose calls are not to be counted on: it goes by time. */
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

/** It takes nobody for the account itself. */
const STRICT = { accountId: ACCOUNT, verifyCallers: true } as const;

/** As API Gateway and Kinesis say it, and near enough to IAM (docs/facts/gateway.md#errors). */
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
  // As for an API that demands keys.
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

/** Nothing of the surroundings, such as a token or a target of their own, gets into a trial. */
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

/** What is not as it was before: a line for each thing. */
export async function changesSince({ before, look }: Pick<Stage, 'before' | 'look'>): Promise<string[]> {
  return differences(before, await settled(look));
}

/** What is there once streams on their way, in or out, had the time that they take here. */
async function settled(look: () => Promise<AccountContent>): Promise<AccountContent> {
  for (let looks = 1; ; looks++) {
    const content = await look();
    const isSettled = ![...content.values()].some((thing) => /"StreamStatus":"(?!ACTIVE)/.test(thing));
    if (isSettled || looks === 200) return content;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
