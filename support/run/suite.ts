import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { IS_BUILT } from '../../infra/built.ts';

export { suiteVersion } from '../../infra/built.ts';

/** Where features, steps and definitions are: the project's root folder, or what of it is in the built package. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where reports and journals go by themselves: an installed package is no place for them. */
export const WORK = IS_BUILT ? process.cwd() : ROOT;

/** `0.1` of `0.1.3`: the releases that share one frozen contract, since a patch changes none. */
export function releaseLine(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The commit of this checkout, with `-dirty` when it holds other than committed files; `unknown` outside one. */
export async function suiteCommit(): Promise<string> {
  if (!existsSync(path.join(ROOT, '.git'))) return 'unknown';
  // No tag is to stand in for the hash.
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  return new Promise((resolve) => {
    // A run that is killed must not leave git's lock behind in the checkout.
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
    execFile('git', args, { cwd: ROOT, env }, (error, stdout) => resolve(error ? 'unknown' : stdout.trim()));
  });
}
