import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { OracleUnavailable } from './report.ts';

const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const run = promisify(execFile);

/** A Java program of one source file, and the libraries that it needs. */
export interface JavaProgram {
  /** Its folder in the cache. */
  readonly name: string;
  readonly pom: string;
  readonly source: string;
  /** Jars to use where Maven cannot fetch the libraries; all of them have to exist. */
  readonly fallback?: readonly string[];
  /** The end of the message where the program is not available: what to install. */
  readonly remedy: string;
}

/**
 * Fetches the libraries with Maven and compiles the source; a cache folder, keyed by the two files, keeps both.
 * @returns the class path. @throws OracleUnavailable where Java or the libraries is not available.
 */
export async function installJava(program: JavaProgram): Promise<string> {
  const { name, pom, source, remedy } = program;
  const folder = cacheFolder(name, [pom, source]);
  const classPathFile = path.join(folder, 'class-path');
  if (existsSync(classPathFile)) return readFileSync(classPathFile, 'utf8');
  const libraries = await findLibraries(program, path.join(folder, 'lib'));
  const classes = path.join(folder, 'classes');
  try {
    await run('javac', ['-nowarn', '-cp', libraries, '-d', classes, source]);
  } catch (error) {
    throw unavailable(`javac cannot compile ${path.basename(source)}`, error, remedy);
  }
  const classPath = `${classes}${path.delimiter}${libraries}`;
  writeFileSync(classPathFile, classPath);
  return classPath;
}

/** The cache folder for exactly these files; creating it deletes those of other versions. */
export function cacheFolder(name: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const cache = path.join(CACHE, name);
  const folder = path.join(cache, hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) rmSync(cache, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** An OracleUnavailable with a cause, the most useful line of the failed command's output, and a remedy. */
export function unavailable(cause: string, error: unknown, remedy: string): OracleUnavailable {
  const { message, stdout } = error as { message?: string; stdout?: string };
  const lines = `${stdout ?? ''}\n${message ?? error}`.split('\n').filter((line) => /\S/.test(line));
  const telling = lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'no cause given';
  return new OracleUnavailable(`${cause} (${telling.trim()}); ${remedy}`);
}

async function findLibraries({ pom, fallback, remedy }: JavaProgram, folder: string): Promise<string> {
  try {
    await run('mvn', ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}`], { timeout: 300_000 });
  } catch (error) {
    if (fallback?.every((jar) => existsSync(jar))) return fallback.join(path.delimiter);
    throw unavailable('mvn cannot fetch the libraries', error, remedy);
  }
  return readdirSync(folder)
    .map((jar) => path.join(folder, jar))
    .join(path.delimiter);
}
