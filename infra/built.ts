import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import path from 'node:path';

/** The extension of module files: `.js` in the built package, `.ts` in a checkout. */
export const EXTENSION = path.extname(import.meta.filename);

/** Whether this is the built package rather than a checkout. */
export const IS_BUILT = EXTENSION === '.js';

/** The suite's own version. */
export function suiteVersion(): string {
  const file = findPackageJSON('.', import.meta.url) as string;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
