import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../../../../infra/errors.ts';
import { OracleUnavailable } from '../../report.ts';
import { ACCOUNT, type Implementation, REGION } from './implementation.ts';
import { overHttp } from './over-http.ts';

const START_MILLIS = 20_000;
/** Names for kinesis-local's two listeners, as it does not support port 0; the launcher gives them free ports. */
const PLAIN_PORT = 4568;
const TLS_PORT = 4567;

/**
 * kinesis-local picks no free port and listens on every interface (docs/facts/emulators.md#running-kinesis-local), so
 * the launcher binds its listeners to free ports of the loopback and reports the plain one. It ends when the IPC
 * channel closes, so no process is left however the parent dies, even by SIGKILL.
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

/** kinesis-local in a child process. @throws OracleUnavailable where it is not installed or does not start. */
export async function startKinesisLocal(): Promise<Implementation> {
  let main: string;
  try {
    main = createRequire(import.meta.url).resolve('kinesis-local');
  } catch (error) {
    throw new OracleUnavailable(`kinesis-local is not installed (${messageOf(error)}); npm ci installs it`);
  }
  // Measured: a larger young generation saves a tenth of the CPU time.
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--eval', LAUNCHER, main], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    cwd: tmpdir(),
    env: environment(dirname(main)),
  });
  const ended = endOf(child);
  const stopChild = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    const { call, stop } = overHttp('kinesis-local', await portOf(child, ended));
    return { call, stop: () => Promise.all([stop(), stopChild()]) };
  } catch (error) {
    await stopChild();
    throw new OracleUnavailable(`kinesis-local does not start (${messageOf(error)})`);
  }
}

/** Resolves when the child ends, with the cause and the last line that it wrote. */
function endOf(child: ChildProcess): Promise<string> {
  let lastLine = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1) || lastLine;
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      const cause = `it ended with ${signal ?? `exit code ${code}`}`;
      resolve(lastLine === '' ? cause : `${cause}: ${lastLine}`);
    });
  });
}

async function portOf(child: ChildProcess, ended: Promise<string>): Promise<number> {
  const listening = once(child, 'message', { signal: AbortSignal.timeout(START_MILLIS) }).then(
    ([port]) => port as number,
    () => Promise.reject(new Error(`it opened no port within ${START_MILLIS / 1000} s`)),
  );
  const failed = ended.then((cause) => Promise.reject(new Error(cause)));
  return Promise.race([listening, failed]);
}

/** The child gets none of the parent's environment, except what Windows needs to open a socket. */
function environment(folder: string): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return {
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    AWS_ACCOUNT_ID: ACCOUNT,
    AWS_REGION: REGION,
    KINESIS_MOCK_PLAIN_PORT: String(PLAIN_PORT),
    KINESIS_MOCK_TLS_PORT: String(TLS_PORT),
    // Relative to the working directory unless set (docs/facts/emulators.md#running-kinesis-local).
    KINESIS_MOCK_CERT_PATH: join(folder, 'server.json'),
    SHOULD_PERSIST_DATA: 'false',
    LOAD_DATA_IF_EXISTS: 'false',
    CREATE_STREAM_DURATION: '0ms',
    DELETE_STREAM_DURATION: '0ms',
    SPLIT_SHARD_DURATION: '0ms',
    MERGE_SHARDS_DURATION: '0ms',
    UPDATE_SHARD_COUNT_DURATION: '0ms',
    SHARD_LIMIT: '20000',
    ON_DEMAND_STREAM_COUNT_LIMIT: '1000',
    // Its stack traces are not read.
    CATS_EFFECT_TRACING_MODE: 'none',
  };
}
