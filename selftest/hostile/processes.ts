import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';

const MAIN = path.join(ROOT, 'support/cli/main.mjs');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** The highest memory use observed, in MB; 0 where the system does not report it. */
  readonly peakMb: number;
}

/** Runs one command of the suite in a separate process, which is killed after so many seconds. */
export function suite(
  args: readonly string[],
  options: { env?: Record<string, string>; seconds?: number; before?: string; cwd?: string } = {},
): Promise<Ended> {
  const { env = {}, seconds = 60, before, cwd = ROOT } = options;
  const { PATH = '', HOME = '' } = process.env;
  const command = [process.execPath, MAIN, ...args];
  const [file, ...rest] =
    before === undefined ? command : ['bash', '-c', `${before}; exec "$@"`, 'bash', ...command];
  const started = performance.now();
  const child = spawn(file as string, rest, { cwd, env: { PATH, HOME, ...env } });
  let [stdout, stderr, peakMb] = ['', '', 0];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, memoryOf(child.pid as number));
  }, 50);
  const limit = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearInterval(watch);
      clearTimeout(limit);
      resolve({ exitCode, stdout, stderr, peakMb, seconds: (performance.now() - started) / 1000 });
    });
  });
}

function memoryOf(pid: number): number {
  try {
    const [, kb = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb) / 1024;
  } catch {
    return 0;
  }
}

/** An HTTP server on loopback that ends with the test. @returns its URL. */
export function httpServer(t: Pick<TestContext, 'after'>, answer: RequestListener): Promise<string> {
  return listening(t, createServer(answer));
}

/** A server of bytes on loopback that ends with the test. @returns its URL. */
export function tcpServer(
  t: Pick<TestContext, 'after'>,
  onConnection: (socket: Socket) => void,
): Promise<string> {
  return listening(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    }) as unknown as Server,
  );
}

async function listening(t: Pick<TestContext, 'after'>, server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
