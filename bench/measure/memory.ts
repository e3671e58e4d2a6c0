import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Short enough to catch a peak, long enough not to slow what is measured; milliseconds. */
const SAMPLE_MILLIS = 100;

/**
 * The memory of a process and all its descendants, in bytes: on Linux the proportional set size, which counts shared
 * pages once; elsewhere the resident set size, which counts them for each process.
 * @param kind on Linux, `Rss` gives the resident set size instead: it does not depend on other programs, whereas
 * programs with the same Node share its pages, and so change the proportional size when they start and end.
 * @returns undefined if the system reports neither, or the process has ended.
 */
export async function treeMemory(pid: number, kind: 'Pss' | 'Rss' = 'Pss'): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return rssByPs(pid);
  let bytes: number | undefined;
  for (const member of await linuxTree(pid)) {
    const size = await sizeOf(member, kind);
    if (size !== undefined) bytes = (bytes ?? 0) + size;
  }
  return bytes;
}

/** Watches a process tree. @returns a function that stops watching and returns the peak in bytes. */
export function watchPeak(pid: number): () => Promise<number | undefined> {
  let peak: number | undefined;
  let isWatching = true;
  const watching = (async () => {
    while (isWatching) {
      const bytes = await treeMemory(pid);
      if (bytes !== undefined && bytes > (peak ?? 0)) peak = bytes;
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MILLIS));
    }
  })();
  return async () => {
    isWatching = false;
    await watching;
    return peak;
  };
}

/** The sum of a process and its descendants. @param table pid, parent and kilobytes of each process, as ps prints it. */
export function sumOfTree(table: string, root: number): number | undefined {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const tree = new Set([root]);
  // A child may be listed before its parent, so repeat until nothing is added.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const [pid, parent] of rows) if (tree.has(parent)) tree.add(pid);
  }
  const members = rows.filter(([pid]) => tree.has(pid));
  return members.length === 0
    ? undefined
    : members.reduce((sum, [, , kilobytes]) => sum + kilobytes * 1024, 0);
}

async function rssByPs(pid: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  return sumOfTree(stdout, pid);
}

async function linuxTree(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(linuxTree))).flat()];
}

async function sizeOf(pid: number, kind: 'Pss' | 'Rss'): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
