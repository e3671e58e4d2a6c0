import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { IS_BUILT } from '../../infra/built.ts';

export { suiteVersion } from '../../infra/built.ts';

/** The folder of features, steps and definitions: the project's root, or its copy in the built package. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The default folder of reports and journals, which must not be written into an installed package. */
export const WORK = IS_BUILT ? process.cwd() : ROOT;

/** `0.1` of `0.1.3`: the releases that share one frozen contract. A patch release does not change the contract. */
export function releaseLine(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The commit of this checkout, with `-dirty` if there are uncommitted changes; `unknown` outside a checkout. */
export async function suiteCommit(): Promise<string> {
  if (!existsSync(path.join(ROOT, '.git'))) return 'unknown';
  // Always the hash, never a tag.
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  return new Promise((resolve) => {
    // Without optional locks, so that a killed run leaves no lock file of git in the checkout.
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
    execFile('git', args, { cwd: ROOT, env }, (error, stdout) => resolve(error ? 'unknown' : stdout.trim()));
  });
}
