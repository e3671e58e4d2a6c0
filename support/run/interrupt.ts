import { messageOf } from '../../infra/errors.ts';

/** The longest that an interrupted run may take to undo what it made: milliseconds. */
const PATIENCE = 30_000;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

const cleanups = new Set<() => Promise<unknown>>();
let watching = false;

/**
 * Has a cleanup run if the process is interrupted: by Ctrl-C, a termination, a closed terminal, or the death of
 * the process that started it. A second signal ends it at once.
 * @returns a function that withdraws it.
 */
export function onInterrupt(cleanup: () => Promise<unknown>): () => void {
  watch();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

function watch(): void {
  if (watching) return;
  watching = true;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => void leave(`interrupted (${signal})`, 128 + number));
  }
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid !== parent) void leave('the process that started this run is gone', 2);
  }, 500);
  orphaned.unref();
}

let leaving = false;

async function leave(why: string, exitCode: number): Promise<void> {
  if (leaving) process.exit(exitCode);
  leaving = true;
  for (const signal of Object.keys(SIGNALS)) process.once(signal, () => process.exit(exitCode));
  if (cleanups.size > 0)
    process.stderr.write(`\n${why}: undoing what this run made; again to leave at once\n`);
  setTimeout(() => process.exit(exitCode), PATIENCE).unref();
  const undone = await Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
  for (const result of undone)
    if (result.status === 'rejected') process.stderr.write(`not undone: ${messageOf(result.reason)}\n`);
  process.exit(exitCode);
}
