import { messageOf } from '../../infra/errors.ts';
import { oneLine } from '../client/untrusted-text.ts';

/**
 * The longest that an interrupted run may take to undo what it made: milliseconds. AWS deletes an API in 30 s
 * (docs/facts/gateway.md#limits), and a run may have made three.
 */
const MAX_CLEANUP_MS = 180_000;
/** npm hands a terminal's Ctrl-C on to a process that got it already; only a later one is a second Ctrl-C. */
const ECHO = 1_500;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

const cleanups = new Set<() => Promise<unknown>>();
let watching = false;

/**
 * Has a cleanup run if the process is interrupted: by Ctrl-C, a termination, a closed terminal, or the death of
 * the process that started it. A second signal ends it at once.
 * @param cleanup the lines it gives tell what it could not undo.
 * @returns a function that withdraws it.
 */
export function onInterrupt(cleanup: () => Promise<unknown>): () => void {
  watch();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/**
 * Ends the process with exit code 2 after an error that nothing caught, once what a run made is undone. Without it Node
 * would end with 1, which says that an API is not conformant.
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
    // npm itself may end while this process still undoes what it made.
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
