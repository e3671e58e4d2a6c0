import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { buildPackage } from '../../support/package/build.ts';
import { ROOT } from '../../support/run/suite.ts';

const run = promisify(execFile);

/** Runs npm, which on Windows is a batch file. @throws TargetError with npm's message. */
export async function npm(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  try {
    const { stdout } = await run('npm', args, {
      ...options,
      shell: process.platform === 'win32',
      maxBuffer: 64 * 2 ** 20,
    });
    return stdout;
  } catch (error) {
    throw new TargetError(`npm ${args.join(' ')} failed: ${messageOf(error)}`);
  }
}

/**
 * Builds the package and packs it with npm.
 * @returns its path, and its size in bytes.
 * @throws TargetError where it does not compile, or npm fails.
 */
export async function packTo(folder: string): Promise<{ tarball: string; size: number }> {
  await buildPackage();
  mkdirSync(folder, { recursive: true });
  // Already built; npm's script would build it again.
  const told = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [packed] = JSON.parse(told) as { filename: string; size: number }[];
  if (packed === undefined) throw new TargetError('npm pack did not create a tarball');
  return { tarball: path.join(folder, packed.filename), size: packed.size };
}
