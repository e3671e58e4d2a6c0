import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells a process from a later one that got the same id. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the kernel's own ticks; absent where the system does not tell. */
  readonly started?: string;
}

export function thisProcess(): ProcessIdentity {
  const started = stat(process.pid)?.started;
  return { host: hostname(), pid: process.pid, ...(started !== undefined && { started }) };
}

/** Whether the process still runs here; `elsewhere` for one of another machine, of which nothing is known. */
export function whereabouts({ host, pid, started }: ProcessIdentity): 'running' | 'ended' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user exists, although it cannot be signalled.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'ended';
  }
  const now = stat(pid);
  if (now === undefined) return 'running';
  const isSame = started === undefined || started === now.started;
  return isSame && now.state !== 'Z' && now.state !== 'X' ? 'running' : 'ended';
}

/** Linux's own record: after the name in parentheses, the state and, 20th, the start (proc_pid_stat(5)). */
function stat(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
