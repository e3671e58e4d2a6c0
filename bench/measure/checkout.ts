import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { ROOT } from '../../support/run/suite.ts';

/** A checkout of this project: the running one, or an older one to compare with. */
export interface Checkout {
  /** Its name in results: `this`, or its version and commit. */
  readonly name: string;
  readonly directory: string;
}

export const THIS: Checkout = { name: 'this', directory: ROOT };

/** @throws UsageError if there is no checkout with installed packages. */
export function readCheckout(directory: string): Checkout {
  const root = path.resolve(directory);
  const file = path.join(root, 'package.json');
  if (!existsSync(path.join(root, 'support/cli/main.mjs')) || !existsSync(file))
    throw new UsageError(
      `--against ${directory} is not a checkout of this project; create one with git worktree add`,
    );
  if (!existsSync(path.join(root, 'node_modules')))
    throw new UsageError(`--against ${directory} has no packages; run npm ci there`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return { name: [version, commitOf(root)].filter(Boolean).join(' at '), directory: root };
}

function commitOf(root: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
