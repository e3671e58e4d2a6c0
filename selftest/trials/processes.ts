import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { TargetError } from '../../infra/errors.ts';

/** More processes than this mostly wait for the disk. */
const MAX_PROCESSES = 8;

/** The result of a job, or why there is none. */
export type JobAnswer<T> = { readonly outcome: T } | { readonly failure: string };

/** Processes that do jobs, each with its own embedded AWS. */
export interface Processes<Job> {
  /** Sends `ready`, then an answer for each message. */
  readonly worker: URL;
  messageOf(job: Job): object;
  /** The timeout of a job: milliseconds. */
  millisOf(job: Job): number;
  readonly processes: number;
}

/** Distributes all jobs over processes by a queue. @throws TargetError where a process does not start. */
export async function askAll<Job, T>(
  jobs: readonly Job[],
  { worker: url, messageOf, millisOf, processes }: Processes<Job>,
  onAnswer: (job: Job, answer: JobAnswer<T>) => void,
): Promise<void> {
  const queue = [...jobs];
  const work = async () => {
    let worker: ChildProcess | undefined;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      worker ??= await start(url);
      const answer = await ask<T>(worker, messageOf(job), millisOf(job));
      // Replace the process, so that the next job is not stuck too.
      if ('failure' in answer) {
        await end(worker);
        worker = undefined;
      }
      onAnswer(job, answer);
    }
    if (worker) await end(worker);
  };
  const size = Math.min(processes, MAX_PROCESSES, jobs.length);
  await Promise.all(Array.from({ length: size }, work));
}

async function start(url: URL): Promise<ChildProcess> {
  const worker = fork(url, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  if (message !== 'ready') throw new TargetError('a process of the self-test did not start');
  return worker;
}

async function ask<T>(worker: ChildProcess, message: object, millis: number): Promise<JobAnswer<T>> {
  const answered = new AbortController();
  const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(millis)]);
  try {
    const answer = once(worker, 'message', { signal });
    const exit = once(worker, 'exit', { signal });
    exit.catch(() => undefined);
    answer.catch(() => undefined);
    worker.send(message);
    const [given] = await Promise.race([answer, exit]);
    if (typeof given === 'object' && given !== null) return given;
    return { failure: `its process ended with ${given}` };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { failure: `it hung: no result within ${millis / 1000} s` };
  } finally {
    answered.abort();
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
