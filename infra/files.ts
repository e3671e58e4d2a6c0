import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Creates a folder and its parents one by one: Node's recursive option loops forever if the kernel denies that a
 * parent exists, as in /proc.
 * @param mode of the created folders.
 * @throws the file system's errors.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  const missing: string[] = [];
  let place = path.resolve(folder);
  for (; !existsSync(place) && path.dirname(place) !== place; place = path.dirname(place))
    missing.push(place);
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode });
    } catch (error) {
      // Another process may have created it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(one)) throw error;
    }
  }
  if (!lstatSync(`${folder}${path.sep}`).isDirectory()) throw new Error('it is not a folder');
}

/**
 * Checks that a folder is writable by creating it and a file in it: permissions alone do not show that a file system
 * is read-only, full, or virtual.
 * @throws the file system's errors.
 */
export function makeWritableFolder(folder: string): void {
  makeFolder(folder);
  const probe = draftOf(folder, 'probe');
  try {
    writeFileSync(probe, 'x', { flag: 'wx' });
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * Replaces files: all of them or, if one cannot be written, none. A reader never sees half a file.
 * @param contents by name, in the order in which they appear.
 * @throws the file system's errors.
 */
export function writeTogether(
  folder: string,
  contents: Iterable<readonly [name: string, content: string]>,
): void {
  const drafts = new Map<string, string>();
  /** The files in order, each with what it replaces. */
  const replaced = new Map<string, string | undefined>();
  try {
    for (const [name, content] of contents) {
      const draft = draftOf(folder, name);
      drafts.set(path.join(folder, name), draft);
      writeFileSync(draft, content, { flag: 'wx', flush: true });
    }
    for (const [file, draft] of drafts) {
      const before = secondName(file);
      replaced.set(file, before);
      renameSync(draft, file);
    }
  } catch (error) {
    for (const [file, before] of replaced)
      if (before === undefined) removeQuietly(file);
      else renameQuietly(before, file);
    for (const draft of drafts.values()) removeQuietly(draft);
    throw error;
  }
  for (const before of replaced.values()) if (before !== undefined) removeQuietly(before);
}

/** @returns a second name of a file that is about to be replaced; undefined if there is none. */
function secondName(file: string): string | undefined {
  if (!existsSync(file) || !lstatSync(file).isFile()) return undefined;
  const second = draftOf(path.dirname(file), path.basename(file));
  try {
    linkSync(file, second);
  } catch {
    // Some file systems have no links.
    copyFileSync(file, second);
  }
  return second;
}

/** Whether a file is the temporary copy of a process that died before it could rename it. */
export function isDraftOf(name: string, file: string): boolean {
  return name.startsWith(`.${file}.`) && name.endsWith('.tmp');
}

function draftOf(folder: string, name: string): string {
  return path.join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
}

function renameQuietly(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // The cause is told already.
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The cause is already reported.
  }
}
