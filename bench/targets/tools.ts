import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../../infra/errors.ts';
import { ROOT } from '../../support/run/suite.ts';
import { type CommandLine, runToEnd } from '../measure/process.ts';

/** The folder for the tools that the bench downloads to compare with; none of them is a dependency. */
const CACHE = path.join(ROOT, 'node_modules/.cache/bench');
const FETCH_MILLIS = 300_000;

const NEWMAN = '6.2.2';
const PYTEST = ['pytest==9.0.1', 'requests==2.32.5'];
/** moto's Kinesis needs only these extras; the version is that of infra/emulators. */
const MOTO = ['moto[server]==5.2.5'];

/** The command for newman, with the current Node. @throws TargetError if npm cannot fetch it. */
export async function newman(): Promise<CommandLine> {
  const folder = path.join(CACHE, `newman-${NEWMAN}`);
  const bin = path.join(folder, 'node_modules/newman/bin/newman.js');
  await once(folder, bin, async () => {
    const { npm_node_execpath: node, npm_execpath: npm } = process.env;
    const program: CommandLine = node && npm ? [node, npm] : ['npm'];
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    await fetched('newman', [...program, 'install', '--no-audit', '--no-fund', `newman@${NEWMAN}`], folder);
  });
  return [process.execPath, bin];
}

/** A Python with pytest and requests. @throws TargetError if Python or its packages are not available. */
export function pythonWithPytest(): Promise<string> {
  return venv('pytest', PYTEST);
}

/** A Python with moto's server. @throws TargetError if Python or its packages are not available. */
export function pythonWithMoto(): Promise<string> {
  return venv('moto', MOTO);
}

async function venv(name: string, requirements: readonly string[]): Promise<string> {
  const folder = path.join(CACHE, `python-${name}`);
  const isWindows = process.platform === 'win32';
  const python = path.join(folder, isWindows ? 'Scripts/python.exe' : 'bin/python');
  await once(folder, path.join(folder, 'complete'), async () => {
    await fetched('a Python environment', [isWindows ? 'python' : 'python3', '-m', 'venv', folder], CACHE);
    const pip: CommandLine = [python, '-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
    await fetched(name, [...pip, ...requirements], CACHE);
    writeFileSync(path.join(folder, 'complete'), '');
  });
  return python;
}

/** An incomplete download is repeated. */
async function once(folder: string, proof: string, fetch: () => Promise<void>): Promise<void> {
  if (existsSync(proof)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await fetch();
}

async function fetched(what: string, command: CommandLine, cwd: string): Promise<void> {
  const { exitCode, output } = await runToEnd(command, { cwd, timeout: FETCH_MILLIS });
  if (exitCode === 0) return;
  const why = output.trim().split('\n').at(-1) ?? '';
  throw new TargetError(`${what} cannot be fetched (${why})`);
}
