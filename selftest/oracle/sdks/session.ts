import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Counterexample, type OracleReport, OracleUnavailable } from '../report.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../support/cli/main.mjs');
/** Long enough that a client sees a stream CREATING, and short enough to create many. */
const STREAM_DELAY = '200';
const MAX_SESSION_MILLIS = 300_000;

/** The result of each step of one client, by the step's name. */
export type Steps = ReadonlyMap<string, string>;
/** The expected value: a text, or one derived from the results of all steps. */
export type Expectation = string | ((steps: Steps) => string);
export type Expectations = Readonly<Record<string, Expectation>>;

/** The output of `npm run proxy -- --json`. */
export interface Proxy {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A session's results by client, and how its program ended. */
export interface Session {
  readonly clients: ReadonlyMap<string, Steps>;
  /** `exit code 0`, or the code and the end of the program's errors. */
  readonly end: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly ended: number;
}

/** Serves an empty account with the real command, and runs one program against it. */
export async function runSession(programFor: (proxy: Proxy) => Program): Promise<Session> {
  const server = spawn(
    process.execPath,
    [MAIN, 'proxy', '--no-deploy', '--json', '--port', '0', '--stream-delay', STREAM_DELAY],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const served = ending(server);
  try {
    const started = Date.now();
    return { ...(await run(programFor(await ready(server, served)))), started, ended: Date.now() };
  } finally {
    server.kill();
    await served;
  }
}

async function ready({ stdout }: ChildProcess, served: Promise<string>): Promise<Proxy> {
  for await (const line of createInterface({ input: stdout as NodeJS.ReadableStream }))
    return JSON.parse(line) as Proxy;
  throw new Error(`npm run proxy ended before it was ready, ${await served}`);
}

async function run({ command, args, env }: Program): Promise<Pick<Session, 'clients' | 'end'>> {
  const program = spawn(command, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: MAX_SESSION_MILLIS,
  });
  try {
    const [clients, end] = await Promise.all([readSteps(program), ending(program)]);
    return { clients, end };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw error;
    throw new OracleUnavailable(`${message}; install ${command}`);
  }
}

async function readSteps({ stdout }: ChildProcess): Promise<ReadonlyMap<string, Steps>> {
  const clients = new Map<string, Map<string, string>>();
  for await (const line of createInterface({ input: stdout as NodeJS.ReadableStream })) {
    const [client = '', step = '', ...value] = line.split('\t');
    const steps = clients.get(client) ?? new Map<string, string>();
    clients.set(client, steps.set(step, value.join(' ')));
  }
  return clients;
}

async function ending(program: ChildProcess): Promise<string> {
  let complaints = '';
  program.stderr?.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000);
  });
  const [code, signal] = (await once(program, 'close')) as [number | null, string | null];
  return code === 0 ? 'exit code 0' : `exit code ${code ?? signal}: ${complaints.trim()}`;
}

/** Compares every client's results with the expected ones; a step that is missing or unexpected differs. */
export function judge(
  { clients, end }: Pick<Session, 'clients' | 'end'>,
  expected: Readonly<Record<string, Expectations>>,
): OracleReport {
  const differences: Counterexample[] = [];
  let cases = 0;
  const compare = (input: string, right: string, actual: string) => {
    cases += 1;
    if (actual !== right) differences.push({ input, expected: right, actual });
  };
  for (const client of new Set([...Object.keys(expected), ...clients.keys()])) {
    const steps: Steps = clients.get(client) ?? new Map();
    const expectations = expected[client] ?? {};
    for (const step of new Set([...Object.keys(expectations), ...steps.keys()])) {
      const expectation = expectations[step] ?? 'no such step';
      const right = typeof expectation === 'string' ? expectation : expectation(steps);
      compare(`${client}: ${step}`, right, steps.get(step) ?? 'not reached');
    }
  }
  compare('the program', 'exit code 0', end);
  return { cases, differences, explained: [] };
}

/** The step's own value, where it matches the pattern. */
export function matching(step: string, form: RegExp): Expectation {
  return (steps) => {
    const value = steps.get(step) ?? '';
    return form.test(value) ? value : `${form}`;
  };
}

/**
 * The step's own value, where it lists times within the session in ascending order, in milliseconds since the epoch.
 */
export function momentsOf(step: string, { started, ended }: Pick<Session, 'started' | 'ended'>): Expectation {
  return (steps) => {
    const value = steps.get(step) ?? '';
    const moments = value.split(', ').map(Number);
    const isOrdered = moments.every((moment, index) => moment >= (moments[index - 1] ?? started));
    return isOrdered && moments.every((moment) => moment <= ended)
      ? value
      : `moments from ${started} to ${ended}`;
  };
}

/** The sequence numbers in a step's result. */
export function sequenceNumbers(steps: Steps, step: string): readonly string[] {
  return steps.get(step)?.match(/\b\d{56}\b/g) ?? [];
}

/** Bytes 0 to 255, as hexadecimal digits. */
export const EVERY_BYTE = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString('hex');
