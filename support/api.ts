import path from 'node:path';
import { UsageError } from '../infra/errors.ts';
import { DEPLOYMENT_VARIABLE } from '../infra/provision/deployment.ts';
import type { TargetKind } from '../infra/targets/target.ts';
import { redactAll } from './report/redact-all.ts';
import { executeReported } from './reported-run.ts';
import { closest } from './run/closest.ts';
import { camelCase, OPTIONS, type OptionName } from './run/option-table.ts';
import { interpret, type LevelOption, type Raw } from './run/options.ts';
import type { Results, ScenarioRun } from './run/results.ts';
import { planRun } from './run/run.ts';
import { ROOT } from './run/suite.ts';

export { TargetError, UsageError } from '../infra/errors.ts';
export type {
  ClauseOutcome,
  ClauseResult,
  DivergenceResult,
  Results,
  ScenarioOutcome,
  ScenarioResult,
  ScenarioRun,
  Verdict,
} from './run/results.ts';

/**
 * The options of one run: those of the command `run`, with their names in camel case. `run --help` explains each.
 * Options in the environment and in conformance.config.yaml are ignored; AWS's own variables and profiles do.
 */
export interface RunOptions {
  readonly target?: TargetKind;
  /** URL. */
  readonly endpoint?: string;
  /** A template, such as `http://host:4566/_aws/execute-api/{restApiId}/{stage}`. */
  readonly executeApiUrl?: string;
  /** The stage URL of an already deployed API. */
  readonly url?: string;
  readonly restApiId?: string;
  /** Each `none`, `iam`, `api-key` or `header:NAME=VALUE`. */
  readonly auth?: readonly string[];
  readonly apiKey?: string;
  readonly readOnly?: boolean;
  readonly stream?: string;
  readonly region?: string;
  /** `tutorial`, `hardened` or the path of a file. */
  readonly definition?: string;
  /** Each `KEY=VALUE`. */
  readonly parameter?: readonly string[];
  readonly api?: string;
  /** The path of a file. */
  readonly interface?: string;
  /** Each `CLAUSE=REASON`. */
  readonly exclude?: readonly string[];
  readonly level?: LevelOption;
  /** A tag expression, such as `@PUT-3 or @PUT-4`. */
  readonly tags?: string;
  /** Each a regular expression. */
  readonly name?: readonly string[];
  /** Ids, such as `CREATE-1`. */
  readonly clause?: readonly string[];
  /** Such as `1/4`. */
  readonly shard?: string;
  /** The path of an earlier run's results. */
  readonly durations?: string;
  /** Worker threads; 0 (the default) runs everything in this one. */
  readonly parallel?: number;
  readonly sockets?: boolean;
  /** `defined`, `random` or `random:SEED`. */
  readonly order?: string;
  readonly retry?: number;
  /** The folder for reports; without it none are written. */
  readonly report?: string;
  /** The folder for evidence; without it none is stored. */
  readonly evidence?: string;
  /** The path of a file. */
  readonly divergences?: string;
  /** The version of a release. */
  readonly contract?: string;
  /** The folder for journals. */
  readonly journal?: string;
  /** `aws` or `aws:SEED`. */
  readonly simulate?: string;
  readonly keep?: boolean;
  /** Has no effect here: the verdict shows whether it is partial. */
  readonly acceptPartial?: boolean;
}

export interface RunHooks {
  /** Called for each scenario that was run. */
  readonly onScenario?: (run: ScenarioRun, done: number, total: number) => void;
  /** Ends the run: it cleans up, then rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of the command that do not concern the run. */
export const OF_TERMINALS: readonly OptionName[] = ['json', 'open', 'watch', 'last-failed'];

let isRunning = false;

/**
 * One run, one verdict. An API that is not conformant is a result, and so is a failed target (`verdict: 'error'`):
 * check `results.verdict`. It prints nothing, handles no signals and never ends the process. A process can do one run
 * at a time; use several processes, or `parallel`, for more.
 * @returns the content of conformance.json, with secrets redacted.
 * @throws UsageError for options that are unknown, meaningless or name an unreadable file, or while another run is in
 * progress.
 * @throws TargetError if reports cannot be written.
 */
export async function run(options: RunOptions = {}, { onScenario, signal }: RunHooks = {}): Promise<Results> {
  if (isRunning)
    throw new UsageError('a run is in progress in this process; wait for it, or use another process');
  signal?.throwIfAborted();
  isRunning = true;
  try {
    const asked = interpret(rawOf(options), process.env);
    if (asked.keep && asked.target === 'embedded')
      throw new UsageError('the option keep is for targets that outlive the run, unlike the embedded AWS');
    const planned = planRun(asked, ROOT);
    const finished = await executeReported(planned, {
      folder: asked.report === undefined ? undefined : path.resolve(asked.report),
      listen: () => ({ ...(onScenario && { onScenario }) }),
      onEnd: () => signal?.throwIfAborted(),
      watch: onAbort(signal),
    });
    return redactAll(finished.results);
  } finally {
    // Removed, since it holds credentials.
    delete process.env[DEPLOYMENT_VARIABLE];
    isRunning = false;
  }
}

/** Used instead of signals, which the caller's process handles. */
function onAbort(signal: AbortSignal | undefined): (cleanup: () => Promise<unknown>) => () => void {
  return (cleanup) => {
    const abort = () => void cleanup();
    signal?.addEventListener('abort', abort, { once: true });
    return () => signal?.removeEventListener('abort', abort);
  };
}

/** Converts the options to flags. @throws UsageError for an option that is unknown, or has another type. */
function rawOf(options: RunOptions): Raw {
  const names = new Map(
    (Object.keys(OPTIONS) as OptionName[])
      .filter((name) => !OF_TERMINALS.includes(name))
      .map((name) => [camelCase(name), name]),
  );
  const raw: Raw = {};
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const name = names.get(key);
    if (name === undefined) {
      const meant = closest(key, [...names.keys()]);
      throw new UsageError(
        `there is no option ${key}${meant === undefined ? `; there are ${[...names.keys()].join(', ')}` : `; did you mean ${meant}?`}`,
      );
    }
    raw[name] = rawValue(key, value, OPTIONS[name]);
  }
  return raw;
}

function rawValue(
  key: string,
  value: unknown,
  spec: { readonly type: 'string' | 'boolean'; readonly multiple?: boolean },
): string | boolean | string[] {
  if (spec.type === 'boolean') {
    if (typeof value === 'boolean') return value;
    throw new UsageError(`the option ${key} must be true or false, not a ${typeof value}`);
  }
  if (spec.multiple) {
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw new UsageError(`the option ${key} must be a list of strings`);
  }
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UsageError(`the option ${key} must be a string or a number, not a ${typeof value}`);
}
