import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Distinguishes a process from a later one with the same id. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** The start time in kernel ticks; absent if the system does not report it. */
  readonly started?: string;
}

export function thisProcess(): ProcessIdentity {
  const started = stat(process.pid)?.started;
  return { host: hostname(), pid: process.pid, ...(started !== undefined && { started }) };
}

/** Whether the process is still running; `elsewhere` if it belongs to another machine, so that this is unknown. */
export function whereabouts({ host, pid, started }: ProcessIdentity): 'running' | 'ended' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'ended';
  }
  const now = stat(pid);
  if (now === undefined) return 'running';
  const isSame = started === undefined || started === now.started;
  return isSame && now.state !== 'Z' && now.state !== 'X' ? 'running' : 'ended';
}

/**
 * Reads /proc/PID/stat on Linux: after the name in parentheses, the 1st field is the state, the 20th the start time.
 */
function stat(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
