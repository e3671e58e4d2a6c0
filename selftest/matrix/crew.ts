import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { TargetError } from '../../infra/errors.ts';
import type { Outcome, Trial } from './trial.ts';

/** Longer than a trial is to take, and what a hanging one may cost: milliseconds. */
const MOST_PATIENCE = 90_000;
/** The same for a run of every scenario, on a machine that has more to do. */
const PATIENCE_WITH_ALL = 300_000;
/** Beyond this processes wait for each other's disks more than they help. */
const MOST_PROCESSES = 8;

/** What a trial came to, or why it came to nothing. */
export type Report = { readonly trial: Trial } & (
  | { readonly outcome: Outcome }
  | { readonly failure: string }
);

/**
 * Tries all, in as many processes as there are cores, each with an embedded AWS of its own.
 * @param wide every scenario runs for every change, whatever it is to break.
 */
export async function tryAll(
  trials: readonly Trial[],
  wide: boolean,
  onReport: (report: Report) => void,
): Promise<Report[]> {
  const queue = [...trials];
  const reports: Report[] = [];
  const work = async () => {
    let worker: ChildProcess | undefined;
    for (let trial = queue.shift(); trial; trial = queue.shift()) {
      worker ??= await startWorker();
      const report = { trial, ...(await ask(worker, trial, wide)) } as Report;
      // Whatever it is stuck in, the next trial is not to inherit it.
      if ('failure' in report) {
        await end(worker);
        worker = undefined;
      }
      reports.push(report);
      onReport(report);
    }
    if (worker) await end(worker);
  };
  const size = Math.min(availableParallelism(), MOST_PROCESSES, trials.length);
  await Promise.all(Array.from({ length: size }, work));
  return reports;
}

async function startWorker(): Promise<ChildProcess> {
  const worker = fork(new URL('worker.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  if (message !== 'ready') throw new TargetError('a process of the self-test did not start');
  return worker;
}

async function ask(
  worker: ChildProcess,
  { name, tries }: Trial,
  wide: boolean,
): Promise<{ outcome: Outcome } | { failure: string }> {
  const patience = new AbortController();
  const most = wide || tries === 'everything' ? PATIENCE_WITH_ALL : MOST_PATIENCE;
  const signal = AbortSignal.any([patience.signal, AbortSignal.timeout(most)]);
  try {
    const answer = once(worker, 'message', { signal });
    const exit = once(worker, 'exit', { signal });
    exit.catch(() => undefined);
    answer.catch(() => undefined);
    worker.send({ name, wide });
    const [message] = await Promise.race([answer, exit]);
    if (typeof message === 'object' && message !== null) return message;
    return { failure: `its process ended with ${message}` };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { failure: `it hung: no result within ${most / 1000} s` };
  } finally {
    patience.abort();
  }
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.disconnect();
  const timer = setTimeout(() => worker.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
