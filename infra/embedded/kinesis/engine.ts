import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../account.ts';

/** kinesis-local's answer: its HTTP status and its parsed JSON body, `{}` for an empty one. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The real kinesis-local in a child process. */
export interface Engine {
  /** Rejects when the engine is gone. */
  call(action: string, input: object): Promise<EngineAnswer>;
  /** Settles with the cause when the engine ends on its own; pending for ever otherwise. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

const START_SECONDS = 20;
const POLL_MILLIS = 5;
/** Names for kinesis-local's two listeners, which knows no port 0; the launcher gives them free ports. */
const PLAIN_PORT = 4568;
const TLS_PORT = 4567;

/**
 * kinesis-local picks no free port and listens on every interface (facts emulators 3.1), so the launcher binds its
 * listeners to free ports of the loopback and reports the plain one. It ends when the IPC channel closes: however
 * the parent dies, SIGKILL included, nothing stays behind. A program text, since no file of ours needs to be found.
 */
const LAUNCHER = `
  const { Server } = require('node:net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (port, ...rest) {
    if (port === ${PLAIN_PORT}) this.once('listening', () => process.send(this.address().port));
    return listen.call(this, 0, '127.0.0.1', rest.at(-1));
  };
  process.once('disconnect', () => process.exit());
  require(process.argv[1]);
`;

/**
 * Starts the engine; settles when it answers. Throws `The Kinesis engine did not start within N s: <cause>`.
 * Streams, shards and records live in its memory only.
 */
export async function startEngine(account: Account): Promise<Engine> {
  const main = createRequire(import.meta.url).resolve('kinesis-local');
  const child = spawn(
    process.execPath,
    // Measured: compiling functions on first use only saves 40 MB of 185 and no time; a small young generation 5.
    ['--max-lazy', '--max-semi-space-size=4', '--eval', LAUNCHER, main],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], cwd: tmpdir(), env: environment(account, dirname(main)) },
  );

  let lastLine = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1) || lastLine;
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  let stopping = false;
  const failed = new Promise<Error>((resolve) => {
    ended.then((cause) => {
      if (!stopping) resolve(new Error(`The Kinesis engine failed: ${withLine(cause, lastLine)}`));
    });
  });

  const agent = new Agent({ keepAlive: true, timeout: 30_000 });
  const stop = async () => {
    stopping = true;
    child.kill('SIGKILL');
    agent.destroy();
    await ended;
  };

  const deadline = new AbortController();
  try {
    const port = await Promise.race([
      once(child, 'message', { signal: deadline.signal }).then(([message]) => message as number),
      ended.then((cause) => Promise.reject(new Error(cause))),
      delay(START_SECONDS * 1000, undefined, { signal: deadline.signal }).then(() =>
        Promise.reject(new Error('it opened no port')),
      ),
    ]);
    await untilHealthy(agent, port, ended);
    const headers = requestHeaders(account);
    return {
      call: (action, input) =>
        post(agent, port, { ...headers, 'x-amz-target': `Kinesis_20131202.${action}` }, input),
      failed,
      stop,
    };
  } catch (error) {
    await stop();
    const cause = withLine((error as Error).message, lastLine);
    throw new Error(`The Kinesis engine did not start within ${START_SECONDS} s: ${cause}`);
  } finally {
    deadline.abort();
  }
}

/** Nothing of the parent's environment reaches the engine, except what Windows needs to open a socket. */
function environment(account: Account, folder: string): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return {
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    AWS_ACCOUNT_ID: account.id,
    AWS_REGION: account.region,
    KINESIS_MOCK_PLAIN_PORT: String(PLAIN_PORT),
    KINESIS_MOCK_TLS_PORT: String(TLS_PORT),
    // Relative to the working directory unless set (facts emulators 3.1).
    KINESIS_MOCK_CERT_PATH: join(folder, 'server.json'),
    SHOULD_PERSIST_DATA: 'false',
    LOAD_DATA_IF_EXISTS: 'false',
    // Stream states and limits are the front's.
    CREATE_STREAM_DURATION: '0ms',
    DELETE_STREAM_DURATION: '0ms',
    SPLIT_SHARD_DURATION: '0ms',
    MERGE_SHARDS_DURATION: '0ms',
    UPDATE_SHARD_COUNT_DURATION: '0ms',
    SHARD_LIMIT: '1000000',
    ON_DEMAND_STREAM_COUNT_LIMIT: '1000000',
  };
}

/** The engine wants a signature and a date and verifies neither (facts emulators 3.2). */
function requestHeaders(account: Account): Record<string, string> {
  const scope = `${account.id}/20250101/${account.region}/kinesis/aws4_request`;
  return {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-date': '20250101T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
  };
}

async function untilHealthy(agent: Agent, port: number, ended: Promise<string>): Promise<void> {
  const until = performance.now() + START_SECONDS * 1000;
  let cause = '';
  let gone = false;
  ended.then(() => {
    gone = true;
  });
  while (performance.now() < until) {
    if (gone) throw new Error(await ended);
    try {
      const { status } = await send(agent, port, 'GET', '/healthcheck', {}, undefined);
      if (status === 200) return;
      cause = `its health check answers ${status}`;
    } catch (error) {
      cause = (error as Error).message;
    }
    await delay(POLL_MILLIS);
  }
  throw new Error(cause);
}

async function post(
  agent: Agent,
  port: number,
  headers: Record<string, string>,
  input: object,
): Promise<EngineAnswer> {
  const { status, text } = await send(agent, port, 'POST', '/', headers, JSON.stringify(input));
  try {
    return { status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  } catch {
    return { status: 500, body: {} };
  }
}

function send(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 500, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function withLine(cause: string, line: string): string {
  return line === '' ? cause : `${cause}: ${line}`;
}
