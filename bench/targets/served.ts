import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../../infra/errors.ts';
import { ROOT } from '../../support/run/suite.ts';
import type { KinesisAccess } from '../load/kinesis.ts';
import { type CommandLine, serve } from '../measure/process.ts';
import { pythonWithMoto } from './tools.ts';

/** The targets with which the embedded AWS is compared. */
export const OTHERS = ['localstack', 'moto'] as const;
export type OtherName = (typeof OTHERS)[number];

/** A Kinesis with the tutorial's proxy in front of it, in a separate process or container. */
export interface Served {
  readonly name: string;
  readonly access: KinesisAccess;
  /** The URL of the proxy's stage; undefined if the target cannot serve it. */
  readonly baseUrl: string | undefined;
  /** The id of the process whose memory is measured; undefined for a container. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** The name of this checkout's embedded AWS in results. */
export const EMBEDDED = 'embedded AWS';

const START_MILLIS = 120_000;

/** @throws TargetError, in one line with the remedy, if it is not available on this machine. */
export function startOther(name: OtherName): Promise<Served> {
  return { localstack: startLocalstack, moto: startMoto }[name]();
}

/**
 * The embedded AWS of a checkout, as served by `npm run proxy`, with streams that are ACTIVE at once.
 * @param directory the root of the checkout; this one by default.
 */
export async function startEmbedded(directory = ROOT, name = EMBEDDED): Promise<Served> {
  const options = ['--json', '--port', '0', '--stream-delay', '0'];
  const { line, pid, stop } = await serve([nodeOf(directory), ...proxyScript(directory), ...options], {
    cwd: directory,
    timeout: START_MILLIS,
  });
  const { endpoint, region, accessKeyId, secretAccessKey, invokeUrl } = JSON.parse(line);
  return { name, access: { endpoint, region, accessKeyId, secretAccessKey }, baseUrl: invokeUrl, pid, stop };
}

/** The Node command of `npm run proxy`, including flags, without npm, whose memory is not the server's. */
function proxyScript(directory: string): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
  return (scripts.proxy as string).split(' ').slice(1);
}

/** The Node in a checkout's packages. */
function nodeOf(directory: string): string {
  const own = path.join(directory, 'node_modules/.bin/node');
  return process.platform !== 'win32' && existsSync(own) ? own : process.execPath;
}

/** LocalStack in a container, with the tutorial's definition deployed by the suite's own provisioner. */
async function startLocalstack(): Promise<Served> {
  const { startLocalstackTarget } = await import('../../infra/targets/localstack.ts');
  const { createClients } = await import('../../infra/provision/clients.ts');
  const { provision } = await import('../../infra/provision/provision.ts');
  const { UndoStack } = await import('../../infra/provision/undo.ts');
  const { loadDefinition } = await import('../../infra/definition/definition.ts');
  const target = await startLocalstackTarget({ region: 'us-east-1', executeApiUrl: undefined });
  try {
    const clients = createClients(target.access);
    // No undo is needed: everything ends with the container.
    const { proxy } = await provision({
      target,
      clients,
      definition: loadDefinition('tutorial'),
      runId: 'bench',
      roles: new Set(),
      undo: new UndoStack(),
    });
    clients.destroy();
    const { endpoint = '', region, credentials } = target.access;
    return {
      name: `LocalStack ${target.version}`,
      access: { endpoint, region, accessKeyId: 'test', secretAccessKey: 'test', ...credentials },
      baseUrl: proxy.baseUrl,
      pid: undefined,
      stop: () => target.stop(),
    };
  } catch (error) {
    await target.stop();
    throw error;
  }
}

/** moto's server as a process, from PyPI. Its API Gateway cannot call its Kinesis, so it serves no proxy. */
async function startMoto(): Promise<Served> {
  const python = await pythonWithMoto();
  const command: CommandLine = [
    python,
    '-c',
    'from moto.server import main; main()',
    '-H',
    '127.0.0.1',
    '-p',
    '0',
  ];
  const { line, pid, stop } = await serve(
    command,
    { timeout: START_MILLIS, env: { PYTHONUNBUFFERED: '1' } },
    (text) => text.includes('Running on http://'),
  );
  const endpoint = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
  if (endpoint === undefined) {
    await stop();
    throw new TargetError(`moto did not print its address: ${line}`);
  }
  const access = { endpoint, region: 'us-east-1', accessKeyId: 'test', secretAccessKey: 'test' };
  return { name: 'moto', access, baseUrl: undefined, pid, stop };
}
