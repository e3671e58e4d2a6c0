import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { type ProcessIdentity, thisProcess, whereabouts } from '../../infra/provision/process-identity.ts';

const LOCK = '.kpc-lock';

/** The locks of this process. A run in the same process may take them again. */
const held = new Set<string>();

/**
 * Locks a folder for this process's reports until it ends. A lock of a dead process is taken over.
 * @returns a function that releases the lock.
 * @throws UsageError while another process holds it; errors of the file system.
 */
export function lockFolder(folder: string): () => void {
  const lock = path.join(folder, LOCK);
  const release = () => unlock(lock);
  if (held.has(lock)) return release;
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, JSON.stringify(thisProcess()), { flag: 'w' });
  try {
    // A link is created atomically with its content.
    while (!link(own, lock)) {
      const text = read(lock);
      if (text === undefined) continue;
      const owner = identityIn(text);
      if (owner !== undefined && whereabouts(owner) !== 'ended')
        throw new UsageError(
          `another run, process ${owner.pid} on ${owner.host}, writes its reports to ${folder}; wait for it, or name another folder with --report (without a run, delete ${LOCK} there)`,
        );
      takeAway(lock, text);
    }
  } finally {
    rmSync(own, { force: true });
  }
  held.add(lock);
  process.once('exit', release);
  return release;
}

function link(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Some file systems have no links; there, create the file directly.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    try {
      writeFileSync(lock, readFileSync(own), { flag: 'wx' });
      return true;
    } catch (inner) {
      if ((inner as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw inner;
    }
  }
}

/** The first process to rename a stale lock removes it; a lock that another run created meanwhile is restored. */
function takeAway(lock: string, stale: string): void {
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
    if (read(aside) !== stale) link(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function unlock(lock: string): void {
  if (!held.delete(lock)) return;
  try {
    if (identityIn(read(lock) ?? '')?.pid === process.pid) rmSync(lock, { force: true });
  } catch {
    // The folder is gone or no longer writable; the lock becomes stale when this process ends.
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function identityIn(text: string): ProcessIdentity | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof host !== 'string' || !Number.isInteger(pid) || (pid as number) < 1) return undefined;
    return { host, pid: pid as number, ...(typeof started === 'string' && { started }) };
  } catch {
    return undefined;
  }
}
