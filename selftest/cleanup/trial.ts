import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import type { HttpRequest } from '../../infra/embedded/http.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { ROOT } from '../../support/run/suite.ts';
import { type Contents, contentsOf } from './account.ts';
import { plantLookAlikes } from './look-alikes.ts';

const MAIN = path.join(ROOT, 'support/cli/main.mjs');
/** A run on AWS spends most of its time waiting; here the clock goes faster. */
const FASTER = '40';

/** An account with look-alikes in it, and the means to run in it, to kill and to sweep. */
export interface Stage {
  readonly endpoint: string;
  readonly clients: Clients;
  /** Calls that were served since the last `reset`. */
  readonly calls: () => number;
  /** Of those, the ones that changed something. */
  readonly changes: () => readonly string[];
  reset(): void;
  /** Calls back at the n-th call, before or after it takes effect; the answer is never sent then. */
  at(call: number, moment: 'before' | 'after', callback: () => void): void;
  readonly before: Contents;
  stop(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  let calls = 0;
  let changes: string[] = [];
  let trap: { call: number; moment: 'before' | 'after'; callback: () => void } | undefined;
  const aws = await startEmbeddedAws({
    createMillis: 30,
    deleteMillis: 30,
    interpose: {
      port: (serve) => async (request) => {
        calls += 1;
        const change = changeOf(request);
        if (change !== undefined) changes.push(change);
        const isTrapped = trap?.call === calls ? trap : undefined;
        if (isTrapped?.moment === 'before') {
          isTrapped.callback();
          throw new Error('the client is gone');
        }
        const answer = await serve(request);
        if (isTrapped?.moment === 'after') {
          isTrapped.callback();
          throw new Error('the client is gone');
        }
        return answer;
      },
    },
  });
  const clients = createClients({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  });
  const stop = async () => {
    clients.destroy();
    await aws.stop();
  };
  const before = await (async () => {
    await plantLookAlikes(clients, aws.region);
    await settled(clients);
    return contentsOf(clients);
  })().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    endpoint: aws.endpoint,
    clients,
    calls: () => calls,
    changes: () => changes,
    reset: () => {
      calls = 0;
      changes = [];
      trap = undefined;
    },
    at: (call, moment, callback) => {
      trap = { call, moment, callback };
    },
    before,
    stop,
  };
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
        AWS_ACCESS_KEY_ID: 'AKIACLEANUP000000001',
        AWS_SECRET_ACCESS_KEY: 'no-secret',
        AWS_REGION: 'us-east-1',
        KPC_CLOCK_FACTOR: FASTER,
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
export async function differences(stage: Stage): Promise<string[]> {
  await settled(stage.clients);
  const now = await contentsOf(stage.clients);
  const lines: string[] = [];
  for (const key of new Set([...Object.keys(stage.before), ...Object.keys(now)])) {
    if (!(key in now)) lines.push(`${key} is gone`);
    else if (!(key in stage.before)) lines.push(`${key} is left`);
    else if (!isDeepStrictEqual(now[key], stage.before[key])) lines.push(`${key} was changed`);
  }
  return lines;
}

/** Streams on their way, in or out, are given the time that they take here. */
async function settled(clients: Clients): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    const contents = await contentsOf(clients).catch(() => undefined);
    const moving =
      contents === undefined ||
      Object.values(contents).some((thing) => {
        const { StreamStatus } = thing as { StreamStatus?: string };
        return StreamStatus !== undefined && StreamStatus !== 'ACTIVE';
      });
    if (!moving) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
