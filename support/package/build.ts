import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { TargetError } from '../../infra/errors.ts';
import { ROOT } from '../run/suite.ts';

/** What `npm pack` takes beside `bin`: the same tree as in a checkout, so that each file finds the others. */
export const DIST = path.join(ROOT, 'dist');

/** Definitions, policies, features, schemas: whatever is read at run time and is not code. */
const DATA = '{contract,features,infra,steps,support}/**/*';
const CODE = /\.(ts|mjs|js)$/;
/** For developers of the suite, or for deployments around it; the package does not need it. */
const LEFT_OUT = [
  /^infra\/(action|aws|emulators|kubernetes)\//,
  /^support\/(lint|node|package|regexp-match-indices|site)\//,
  /(^|\/)testing\//,
];

/**
 * Compiles what the package runs, and copies the data beside it. What a test, the self-test or a developers' command
 * needs is not reached by tsconfig.build.json, and so is not there.
 * @returns the files, relative to `dist`.
 * @throws TargetError with the compiler's words where it does not compile.
 */
export async function buildPackage(): Promise<string[]> {
  rmSync(DIST, { recursive: true, force: true });
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT });
  } catch (error) {
    throw new TargetError(`the package does not compile:\n${(error as { stdout?: string }).stdout ?? error}`);
  }
  for (const file of dataFiles()) {
    const copy = path.join(DIST, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(ROOT, file), copy);
  }
  pruneTypes();
  return globSync('**/*', { cwd: DIST })
    .filter((file) => statSync(path.join(DIST, file)).isFile())
    .map(toPosix)
    .sort();
}

function dataFiles(): string[] {
  return globSync(DATA, { cwd: ROOT })
    .map(toPosix)
    .filter(
      (file) => !CODE.test(file) && !file.endsWith('.md') && !LEFT_OUT.some((place) => place.test(file)),
    )
    .filter((file) => statSync(path.join(ROOT, file)).isFile());
}

/** Only what the types of the programmatic interface mention is of use to others. */
function pruneTypes(): void {
  const mentioned = new Set<string>();
  const visit = (file: string) => {
    if (mentioned.has(file)) return;
    mentioned.add(file);
    for (const to of relativeImports(readFileSync(file, 'utf8')))
      visit(path.resolve(path.dirname(file), to).replace(/\.ts$|\.js$/, '.d.ts'));
  };
  visit(path.join(DIST, 'support/api.d.ts'));
  for (const file of globSync('**/*.d.{ts,mts}', { cwd: DIST }).map((each) => path.join(DIST, each)))
    if (!mentioned.has(file)) rmSync(file);
}

/** What a module imports by a relative path; JSON is data. */
export function relativeImports(source: string): string[] {
  return importsOf(source).filter((to) => /^\.{1,2}\//.test(to) && !to.endsWith('.json'));
}

/** What a compiled module imports. */
export function importsOf(source: string): string[] {
  const forms =
    /^(?:import|export)\b[^;'"`]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;
  return [...source.matchAll(forms)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');
}

function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}
