import { existsSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { WAIT_NAMES } from '../../infra/retry/waits.ts';
import { oneLine } from '../client/untrusted-text.ts';
import { toAnnotations, writeJobSummary } from '../report/github.ts';
import { LAST_JUDGED_FILE, RESULTS_FILE, readResults, toJson } from '../report/json.ts';
import { redactAll } from '../report/redact-all.ts';
import { executeReported } from '../reported-run.ts';
import { optionsHelp } from '../run/option-table.ts';
import { parseOptions, type RunOptions } from '../run/options.ts';
import { repeatingOptions } from '../run/repeat.ts';
import type { Results, Verdict } from '../run/results.ts';
import { planRun } from '../run/run.ts';
import { ROOT, WORK } from '../run/suite.ts';
import type { Command } from './command.ts';
import { exportLine, printOwn } from './output.ts';
import { progressOn } from './progress.ts';
import { printSummary } from './summary.ts';

/** As the environment spells them, in lines. */
function waitNames(): string {
  const names = WAIT_NAMES.map((name) => name.toUpperCase().replaceAll('-', '_'));
  return [names.slice(0, 4), names.slice(4)].map((line) => line.join(', ')).join(',\n');
}

export const command: Command = {
  help: `
${calledWith('run')} [options] [FEATURE[:LINE]...]

Starts the target, deploys the definition, calls the API, checks Kinesis directly, gives one verdict and cleans up.
FEATURE:LINE, as failures print it, runs that scenario only.

${optionsHelp()}

Each option is also an environment variable, KPC_ and its name in capitals (KPC_REPORT, KPC_EXECUTE_API_URL; TARGET and
ENDPOINT work bare too), and a key of conformance.config.yaml; flags win, then the environment.

How long a run waits is set by KPC_WAIT_<NAME>_MS, in milliseconds, for
${waitNames()}.

Exit codes: 0 conformant; 1 not conformant, or partial without --accept-partial; 2 the target or the suite failed,
or the selection matched nothing; 3 usage. A shard's code is for its own part; ${called('results merge')} gives the code of the whole run.

Examples:
  ${called('run')}                                             the tutorial's API on the embedded AWS
  ${calledWith('run')} --definition api.yaml                    your own definition
  ${calledWith('run')} --clause CREATE-1                        one clause
  ${calledWith('run')} features/streams/list.feature:7          one scenario
  ${calledWith('run')} --target endpoint --endpoint http://localhost:4566
`,
  run: async (argv) => {
    const options = parseOptions(argv, process.env, process.cwd());
    if (options.watch) return (await import('./watch.ts')).watch(options);
    return (await conformance(options)).exitCode;
  },
};

/** One run, its reports and its summary. */
export async function conformance(options: RunOptions): Promise<{ exitCode: number; results: Results }> {
  const folder = path.resolve(options.report ?? path.join(WORK, 'reports', options.target));
  const planned = planRun(
    options.lastFailed
      ? { ...options, only: { ids: failedLast(folder, options), because: 'what failed in the last run' } }
      : options,
    ROOT,
  );
  let progress: ReturnType<typeof progressOn> | undefined;
  const run = await executeReported(planned, {
    folder,
    listen: () => {
      progress = progressOn(process.stderr, options.target);
      return progress;
    },
    onEnd: () => progress?.end(),
  });
  const { results } = run;
  // With --json, everything but the results goes to standard error, like the progress.
  const info = options.json ? process.stderr : process.stdout;
  if (options.json) process.stdout.write(toJson(redactAll(results)));
  else printSummary(results, { isKept: run.kept !== undefined });
  info.write(
    `report     ${path.join(path.relative(process.cwd(), folder) || '.', 'report.html')} (data: ${RESULTS_FILE})\n`,
  );
  if (run.recording) info.write(`evidence   ${options.evidence} (${run.recording.source})\n`);
  if (options.order.kind === 'random') info.write(`order      random:${options.order.seed}\n`);
  if (run.kept !== undefined) info.write(`kept       ${oneLine(run.kept)}\n`);
  for (const line of run.left) process.stderr.write(`${oneLine(line)}\n`);
  if (options.open) await open(path.join(folder, 'report.html'));
  if (process.env.GITHUB_ACTIONS === 'true' && !options.json) {
    printOwn(toAnnotations(redactAll(results)));
    summarizeJob(results);
  }
  if (run.kept !== undefined && options.target === 'embedded') await serveOn(results.target);
  return { exitCode: exitCodeOf(results.verdict, options.acceptPartial), results };
}

/**
 * The scenarios that failed when a run last wrote to a folder, and where that run ended as an error, when one was last
 * judged there.
 * @throws UsageError where no run did, or it was of another API; TargetError where nothing failed, so that there is
 * nothing to select.
 */
function failedLast(folder: string, options: RunOptions): ReadonlySet<string> {
  const named = path.relative(process.cwd(), folder) || '.';
  if (!existsSync(path.join(folder, RESULTS_FILE)))
    throw new UsageError(`--last-failed finds no results in ${named}; run once without it`);
  const last = readResults(folder);
  const judged = path.join(folder, LAST_JUDGED_FILE);
  const isError = last.verdict === 'error';
  const runs = isError && existsSync(judged) ? [last, readResults(judged)] : [last];
  for (const run of runs) refuseOther(run, options, named);
  const failed = runs.flatMap(({ scenarios }) =>
    scenarios.filter(({ result }) => ['failed', 'error', 'flaky'].includes(result)),
  );
  if (failed.length === 0)
    throw new TargetError(
      isError
        ? `the last run, whose results are in ${named}, ended as an error before anything failed; run once without --last-failed`
        : `nothing failed in the last run, whose results are in ${named}; leave out --last-failed`,
    );
  const [, before] = runs;
  if (before)
    process.stderr.write(
      `--last-failed: the last run ended as an error; taking the failures of the run of ${before.startedAt} too\n`,
    );
  return new Set(failed.map(({ id }) => id));
}

/** The options that say which API is judged. */
const OF_API = ['--definition', '--api', '--url'];

/** @throws UsageError where results are of another API than the options name, since runs share a report folder. */
function refuseOther({ options: repeating }: Results, options: RunOptions, named: string): void {
  if (repeating === undefined) return;
  const [then, now] = [repeating, repeatingOptions(options)].map((flags) =>
    OF_API.map((flag) => [flag, flags[flags.indexOf(flag) + 1]] as const)
      .filter(([flag]) => flags.includes(flag))
      .map(([flag, value]) => `${flag} ${flag === '--definition' ? path.relative('', value ?? '') : value}`)
      .join(' '),
  );
  if (then !== now)
    throw new UsageError(
      `--last-failed: the last run that wrote to ${named} judged another API (${then || "the tutorial's"}); run once without --last-failed, or name the folder of the right one with --report`,
    );
}

/** A browser that cannot be started does not change the verdict. */
async function open(page: string): Promise<void> {
  const { default: openInBrowser } = await import('open');
  await openInBrowser(page).catch((error: unknown) => {
    process.stderr.write(`the report could not be opened: ${messageOf(error)}\n`);
  });
}

/** The embedded AWS runs in this process, so kept resources last as long as the process. */
function serveOn({ endpoint, region }: Results['target']): Promise<never> {
  const line = exportLine({ endpoint, region, accessKeyId: 'test', secretAccessKey: 'test' });
  printOwn(`serving    until Ctrl-C; ${line}\n`);
  return new Promise<never>(() => {});
}

/** A summary that cannot be written does not change the verdict. */
export function summarizeJob(results: Results): void {
  try {
    writeJobSummary(redactAll(results), process.env);
  } catch (error) {
    process.stderr.write(`the job summary cannot be written: ${messageOf(error)}\n`);
  }
}

/** Design.md's exit codes; the one place where a verdict becomes a number. */
export function exitCodeOf(verdict: Verdict, acceptPartial: boolean): number {
  switch (verdict) {
    case 'conformant':
      return 0;
    case 'partial':
      return acceptPartial ? 0 : 1;
    case 'not-conformant':
      return 1;
    case 'error':
      return 2;
  }
}
