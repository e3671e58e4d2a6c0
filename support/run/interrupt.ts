import { messageOf } from '../../infra/errors.ts';
import { oneLine } from '../client/untrusted-text.ts';

/**
 * How long an interrupted run may take to clean up: milliseconds. AWS deletes an API in 30 s
 * (docs/facts/gateway.md#limits), and a run may have created three.
 */
const MAX_CLEANUP_MS = 180_000;
/**
 * A process that npm started gets each Ctrl-C twice, from the terminal and from npm. A signal within this time is the
 * same Ctrl-C: milliseconds.
 */
const ECHO = 1_500;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

const cleanups = new Set<() => Promise<unknown>>();
let watching = false;

/**
 * Runs a cleanup if the process is interrupted: by Ctrl-C, a termination, a closed terminal, or the death of the
 * process that started it. A second signal ends it at once.
 * @param cleanup resolves to lines to print about what it could not clean up.
 * @returns a function that removes the cleanup.
 */
export function onInterrupt(cleanup: () => Promise<unknown>): () => void {
  watch();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/**
 * Ends the process with exit code 2 after an error that nothing caught, after cleaning up. By default Node would end
 * with 1, the exit code for an API that is not conformant.
 */
export function failOnUncaught(): void {
  process.on('uncaughtException', (error: unknown) => {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`\nerror: the suite itself failed: ${cause}\n`);
    void leave('the suite itself failed', 2);
  });
}

function watch(): void {
  if (watching) return;
  watching = true;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => void leave(`interrupted (${signal})`, 128 + number));
  }
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    // npm may end while this process is still cleaning up.
    if (process.ppid !== parent && leavingSince === undefined)
      void leave('the process that started this run is gone', 2);
  }, 500);
  orphaned.unref();
}

let leavingSince: number | undefined;

async function leave(why: string, exitCode: number): Promise<void> {
  if (leavingSince !== undefined) {
    if (performance.now() - leavingSince > ECHO) process.exit(exitCode);
    return;
  }
  leavingSince = performance.now();
  if (cleanups.size > 0)
    process.stderr.write(`\n${why}: cleaning up; press Ctrl-C again to quit immediately\n`);
  setTimeout(() => process.exit(exitCode), MAX_CLEANUP_MS).unref();
  const undone = await Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
  for (const result of undone)
    if (result.status === 'rejected') process.stderr.write(`not cleaned up: ${messageOf(result.reason)}\n`);
    else if (Array.isArray(result.value))
      for (const line of result.value) process.stderr.write(`${oneLine(String(line))}\n`);
  process.exit(exitCode);
}
