import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { withoutOptions } from '../../support/run/environment.ts';
import { onInterrupt } from '../../support/run/interrupt.ts';
import { watchPeak } from './memory.ts';

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

export interface Ended {
  readonly seconds: number;
  readonly exitCode: number | null;
  /** Its output on both streams. */
  readonly output: string;
  /** The peak memory of its process tree in bytes; only if requested and reported by the system. */
  readonly peak: number | undefined;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The time limit in milliseconds. */
  readonly timeout: number;
  /** Whether to watch its memory, which slows it down: not for a run whose time is measured. */
  readonly memory?: boolean;
}

/**
 * `npm run SCRIPT -- ARGUMENTS` as a command, in any checkout: with the npm that runs this process, else that of the
 * path.
 */
export function npmRun(script: string, ...words: string[]): CommandLine {
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  const command = ['run', '--silent', script, '--', ...words];
  return node && npm
    ? [node, npm, ...command]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', ...command];
}

/** Runs work with a temporary folder, which is deleted afterwards, even after an interrupt. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-bench-'));
  const remove = async () => rmSync(folder, { recursive: true, force: true });
  const withdraw = onInterrupt(remove);
  try {
    return await use(folder);
  } finally {
    withdraw();
    await remove();
  }
}

/**
 * Runs a program to its end.
 * @throws TargetError if it cannot be started or takes too long.
 */
export async function runToEnd([program, ...words]: CommandLine, options: ProcessOptions): Promise<Ended> {
  const started = performance.now();
  const child = start([program, ...words], options);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  const peak = options.memory && child.pid !== undefined ? watchPeak(child.pid) : undefined;
  const withdraw = onInterrupt(() => end(child));
  const timer = setTimeout(() => void end(child), options.timeout);
  try {
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, string | null];
    const seconds = (performance.now() - started) / 1000;
    if (signal !== null && seconds * 1000 >= options.timeout)
      throw new TargetError(
        `${path.basename(program)} ${words.join(' ')} took longer than ${options.timeout / 1000} s and was ended`,
      );
    return { seconds, exitCode, output, peak: await peak?.() };
  } catch (error) {
    if (error instanceof TargetError) throw error;
    throw new TargetError(`${program} cannot be run: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
    withdraw();
    await peak?.();
  }
}

/** A running program, and the first line of its standard output. */
export interface Serving {
  readonly pid: number;
  readonly line: string;
  stop(): Promise<void>;
}

/**
 * Starts a program that prints a line when it is ready.
 * @param isReady which line; the first by default.
 * @throws TargetError with its last output if it ends before, or takes too long.
 */
export async function serve(
  command: CommandLine,
  options: ProcessOptions,
  isReady: (line: string) => boolean = () => true,
): Promise<Serving> {
  const child = start(command, options);
  const withdraw = onInterrupt(() => end(child));
  const stop = async () => {
    withdraw();
    await end(child);
  };
  let output = '';
  try {
    const line = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) =>
        reject(new TargetError(`${command.join(' ')} ${why}: ${lastLine(output)}`));
      setTimeout(() => fail('was not ready in time'), options.timeout).unref();
      child.on('error', (error) => fail(messageOf(error)));
      child.on('exit', () => fail('ended before it was ready'));
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk) => {
          output += chunk;
          const ready = output.split('\n').slice(0, -1).find(isReady);
          if (ready !== undefined) resolve(ready);
        });
    });
    return { pid: child.pid as number, line, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start([program, ...words]: CommandLine, { cwd, env }: ProcessOptions): ChildProcess {
  return spawn(program, words, {
    ...(cwd !== undefined && { cwd }),
    // Variables such as TARGET must not influence what is measured.
    env: { ...withoutOptions(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: program.endsWith('.cmd'),
  });
}

/** Ends a process as Ctrl-C would, and kills it if it does not end. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
