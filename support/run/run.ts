import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import {
  type ISupportCodeLibrary,
  loadConfiguration,
  loadSupport,
  runCucumber,
} from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import type { Definition } from '../../infra/definition/definition.ts';
import type { Feature } from '../../infra/definition/interface/offers.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { assertResolved } from '../../infra/definition/interface/unresolved.ts';
import type { LeftOut } from '../../infra/definition/types.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { DEPLOYMENT_VARIABLE, type Deployment } from '../../infra/provision/deployment.ts';
import type { RoleName } from '../../infra/proxy/roles.ts';
import type { RetryCounts } from '../../infra/retry/rate-limit.ts';
import { ON_DEMAND_CAPABILITIES } from '../../infra/targets/capabilities.ts';
import { sourceOf } from '../../infra/targets/source.ts';
import type { Target } from '../../infra/targets/target.ts';
import type { Recording } from '../evidence/evidence.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { definitionOf } from './choices.ts';
import { Collector } from './collect.ts';
import { SUPPORT_FILES } from './cucumber-config.ts';
import { concerning, type Divergence, listNote, listOf, loadDivergences } from './divergences.ts';
import { onInterrupt } from './interrupt.ts';
import { fromTheirPlaces, type RunOptions } from './options.ts';
import { scenariosAtPlaces } from './places.ts';
import { type PlannedScenario, readScenarios } from './plan.ts';
import { repeatingOptions } from './repeat.ts';
import { type ClauseResult, type Results, type ScenarioRun, summarize } from './results.ts';
import { type Selection, select } from './selection.ts';
import { Session, type SessionParts } from './session.ts';
import { releaseLine, suiteCommit, suiteVersion } from './suite.ts';
import { judge } from './verdict.ts';

/** A run whose options were validated as far as possible without a target. */
export interface PlannedRun {
  readonly options: RunOptions;
  readonly root: string;
  readonly definition: Definition;
  readonly catalogue: Catalogue;
  readonly selection: Selection;
  readonly divergences: readonly Divergence[];
  /** The divergences of the target that was reached, for targets that are identified only by what they report. */
  divergencesOf(target: Pick<Target, 'kind' | 'name' | 'version'>): readonly Divergence[];
  /** What the API offers, as far as known before the target is reached. */
  readonly offered: Interface | undefined;
  /** Selects again when it is known what a deployed API offers. */
  reselect(offered: Interface): Selection;
}

export interface RunListener {
  /** The target runs and the API answers. */
  onReady?(target: Target, notes: readonly string[]): void;
  onScenario?(run: ScenarioRun, done: number, total: number): void;
}

export interface FinishedRun {
  readonly results: Results;
  /** Cucumber's messages, for the reports that are made from them. They are not redacted. */
  readonly messages: readonly Envelope[];
  /** A line to print for each thing that the run created and that still exists. */
  readonly left: readonly string[];
  /** The target's logs, if the run failed and the target has logs. */
  readonly targetLogs: string | undefined;
  /** The stage URL of the API that was kept; undefined if the run cleaned up. */
  readonly kept?: string | undefined;
  /** The recorded evidence, if the run stores evidence and reached its target. */
  readonly recording?: Recording | undefined;
}

/** @throws UsageError when an option is unknown, unreadable or contradicts another. */
export function planRun(options: RunOptions, root: string): PlannedRun {
  return fromTheirPlaces(options.origins, () => plan(options, root));
}

function plan(asked: RunOptions, root: string): PlannedRun {
  const current = loadCatalogue(path.join(root, 'features/catalogue.yaml'));
  const catalogue = asked.contract === undefined ? current : loadCatalogue(frozen(asked.contract, root));
  const all = readScenarios(root);
  const options = atPlaces(asked, all, root);
  const definition = definitionOf(options);
  const offered = options.isUndescribed ? undefined : describedBy(options, definition);
  const [unnamed] = offered?.calls.some(({ action }) => action !== '') ? [] : (offered?.calls ?? []);
  if (unnamed !== undefined && options.level === undefined && options.clause.length === 0)
    throw new UsageError(
      `no method of ${options.definition} names an action of Kinesis, such as ${unnamed.method} ${unnamed.path}; end the URI in :kinesis:action/PutRecord, or map X-Amz-Target`,
    );
  if (offered?.calls.length === 0 && options.level === undefined && options.clause.length === 0)
    throw new UsageError(
      `no method of ${options.definition} integrates with Kinesis, so there is nothing to judge; an integration's URI contains :kinesis:action/`,
    );
  if (offered !== undefined && options.target !== 'url') assertResolved(options.definition, offered);
  const reselect = (known: Interface | undefined) =>
    select(options, catalogue, all, known, options.target === 'url' ? [] : lackingIn(definition));
  const selection = reselect(offered);
  const ids = new Set(all.map(({ id }) => id));
  const load = (file: string | undefined) =>
    file === undefined ? [] : concerning(loadDivergences(file, current, ids), all, offered);
  const divergences = load(options.divergences ?? listFor(options.target, root));
  const divergencesOf: PlannedRun['divergencesOf'] = (target) =>
    options.divergences === undefined ? load(listFor(listOf(target), root)) : divergences;
  return { options, root, definition, catalogue, selection, divergences, divergencesOf, offered, reselect };
}

/** Places narrow what else selects scenarios by their ids, such as `--last-failed`. */
function atPlaces(options: RunOptions, all: readonly PlannedScenario[], root: string): RunOptions {
  const { places, only } = options;
  if (places === undefined) return options;
  const ids = scenariosAtPlaces(places, all, root);
  const because = [only?.because, places.join(', ')].filter(Boolean).join(', ');
  return {
    ...options,
    only: { ids: only ? new Set([...ids].filter((id) => only.ids.has(id))) : ids, because },
  };
}

function lackingIn({ hasOwnRole, reachesAnyStream }: Definition): Feature[] {
  return [...(hasOwnRole ? [] : ['own-role' as const]), ...(reachesAnyStream ? [] : ['any-stream' as const])];
}

/** The user's file describes what a deployed API offers. */
function describedBy({ target, interface: file }: RunOptions, definition: Definition): Interface {
  const offered = definition.interface();
  return target === 'url' ? { ...offered, source: file ?? definition.path } : offered;
}

/**
 * Starts the target, deploys the API, executes the selection, judges it and cleans up. Failures of the target do not
 * throw.
 * @param parts.keepsExchanges passes the exchanges of passed scenarios to the listener as well.
 * @param watch registers a cleanup for an early end of the run, and returns a function that removes it.
 */
export async function executeRun(
  asked: PlannedRun,
  listener: RunListener = {},
  { keepsExchanges = false, ...parts }: SessionParts & { readonly keepsExchanges?: boolean } = {},
  watch: (cleanup: () => Promise<unknown>) => () => void = onInterrupt,
): Promise<FinishedRun> {
  const { options } = asked;
  let planned = asked;
  const startedAt = new Date();
  // Runs git while the target starts, since both take time.
  const commit = suiteCommit();
  const messages: Envelope[] = [];
  const collect = () => {
    const { scenarios } = planned.selection;
    return new Collector(scenarios, (run) =>
      listener.onScenario?.(run, collector.runs.length, scenarios.length),
    );
  };
  let collector = collect();
  const session = new Session(withInterface(options, asked.offered), parts);
  let failure: string | undefined;
  let left: readonly string[] = [];
  let targetLogs: string | undefined;
  let recording: Recording | undefined;
  let kept: string | undefined;
  let deployed: Deployment | undefined;
  const withdraw = watch(() => session.abandon());
  try {
    if (asked.selection.scenarios.length > 0) {
      const { target, deployment } = await session.open(asked.definition, rolesOf(asked.selection.scenarios));
      if (asked.offered === undefined && deployment.interface) {
        planned = { ...asked, selection: asked.reselect(deployment.interface) };
        collector = collect();
      }
      planned = { ...planned, divergences: planned.divergencesOf(target) };
      deployed = deployment;
      target.failed?.then((cause) => {
        failure ??= `the target failed during the run: ${messageOf(cause)}`;
      });
      const list = options.divergences === undefined ? listNote(target) : undefined;
      listener.onReady?.(
        target,
        [deployment.note, list].filter((note) => note !== undefined),
      );
      if (options.keep) kept = deployment.proxy.baseUrl;
      if (options.evidence !== undefined)
        recording = { source: sourceOf(target), baseUrls: baseUrlsOf(deployment), runs: collector.runs };
      if (planned.selection.scenarios.length > 0)
        await execute(
          planned,
          { ...deployment, keepsExchanges: keepsExchanges || recording !== undefined },
          (message) => {
            messages.push(message);
            collector.accept(message);
          },
        );
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    failure = messageOf(error);
    if (!(error instanceof TargetError)) failure = `the run itself failed: ${failure}`;
  } finally {
    if (
      failure !== undefined ||
      collector.runs.some(({ outcome }) => outcome === 'failed' || outcome === 'error')
    )
      targetLogs = await session.target?.logs?.().catch(() => undefined);
    left = await session.close();
    withdraw();
  }
  const { target } = session;
  const results = toResults(planned, {
    startedAt,
    commit: await commit,
    target,
    failure,
    runs: await explained(
      collector.runs.map((run) => withoutUnneeded(marked(run, planned.selection.scenarios, target))),
      asked.definition,
      deployed,
    ),
    retryCounts: session.retryCounts,
    leftOut: deployed?.leftOut,
  });
  return { results, messages, left, targetLogs, recording, kept };
}

/** The options about a deployed API go to the target that reaches it. */
function withInterface(options: RunOptions, offered: Interface | undefined): RunOptions {
  const { deployed } = options;
  return deployed && offered ? { ...options, deployed: { ...deployed, offered } } : options;
}

/** Only AWS itself can confirm or refute an inferred clause, not a rehearsal on another endpoint. */
function unproved({ inference: _, ...clause }: ClauseResult): ClauseResult {
  return clause;
}

function baseUrlsOf({ proxy, underRole }: Deployment): string[] {
  return [proxy, ...Object.values(underRole)].map(({ baseUrl }) => baseUrl);
}

/** Marks a scenario whose condition this target cannot produce, unlike one that was not observable. */
function marked(
  run: ScenarioRun,
  scenarios: readonly PlannedScenario[],
  target: Target | undefined,
): ScenarioRun {
  if (run.outcome !== 'skipped' || !target) return run;
  const requires = scenarios.find(({ id }) => id === run.id)?.requires ?? [];
  const lacking = requires.filter((capability) => !target.capabilities.includes(capability));
  const isUntried = lacking.length > 0 && lacking.every((name) => ON_DEMAND_CAPABILITIES.includes(name));
  return isUntried ? { ...run, untried: true } : run;
}

/** Reports do not need the exchanges of passed scenarios; evidence does. */
function withoutUnneeded({ tested: _, ...run }: ScenarioRun): ScenarioRun {
  return ['passed', 'skipped'].includes(run.outcome) ? { ...run, exchanges: [] } : run;
}

/** Loaded only if something failed. */
async function explained(
  runs: readonly ScenarioRun[],
  definition: Definition,
  deployment: Deployment | undefined,
): Promise<readonly ScenarioRun[]> {
  if (deployment === undefined || runs.every(({ outcome }) => outcome !== 'failed')) return runs;
  const { withMapping } = await import('./mapped.ts');
  return withMapping(runs, definition, deployment);
}

function describeDefinition(
  { name, sha256, form, leftOut }: Definition,
  onTarget: readonly LeftOut[] = [],
): Results['definition'] {
  const all = [...leftOut, ...onTarget];
  return { name, sha256, form, ...(all.length > 0 && { leftOut: all }) };
}

/** Leaves out the models of bodies, which may be long and which reports do not show. */
function withoutModels({ calls, ...rest }: Interface): Interface {
  return { ...rest, calls: calls.map(({ model: _, ...call }) => call) };
}

function frozen(version: string, root: string): string {
  const line = releaseLine(version);
  const kept = globSync('*.yaml', { cwd: path.join(root, 'contract') }).map((name) =>
    path.basename(name, '.yaml'),
  );
  if (!kept.includes(line))
    throw new UsageError(
      `the frozen contract ${version} is unknown; ${kept.length === 0 ? 'none has been frozen yet' : `there are ${kept.join(', ')}`}`,
    );
  return path.join(root, 'contract', `${line}.yaml`);
}

function listFor(name: string, root: string): string | undefined {
  const file = path.join(root, `infra/targets/${name}.divergences.yaml`);
  return existsSync(file) ? file : undefined;
}

function rolesOf(scenarios: readonly PlannedScenario[]): Set<RoleName> {
  return new Set(scenarios.map(({ role }) => role).filter((role) => role !== undefined));
}

/** Node evaluates a module once, so the steps are registered once per process, even for several runs. */
let support: Promise<ISupportCodeLibrary> | undefined;

/** Makes the next run load the steps again. Node's loader decides whether it gets changed ones. */
export function forgetSteps(): void {
  support = undefined;
}

async function execute(
  { root, selection, options }: PlannedRun,
  deployment: Deployment,
  onMessage: (message: Envelope) => void,
): Promise<void> {
  // Serial steps and worker threads both read the process's own environment (cucumber-js runs both from one process).
  process.env[DEPLOYMENT_VARIABLE] = JSON.stringify(deployment);
  const environment = { cwd: root, env: process.env };
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: {
        paths: pathsOf(selection.scenarios),
        import: [...SUPPORT_FILES],
        format: ['./support/run/silent-formatter.mjs'],
        parallel: options.parallel,
        retry: options.retry,
        order: options.order.kind === 'random' ? `random:${options.order.seed}` : 'defined',
        publish: false,
      },
    },
    environment,
  );
  support ??= loadSupport(runConfiguration, environment);
  await runCucumber({ ...runConfiguration, support: await support }, environment, onMessage);
}

/** Cucumber's own way to name single scenarios: `features/x.feature:12:30`. */
function pathsOf(scenarios: readonly PlannedScenario[]): string[] {
  const lines = new Map<string, number[]>();
  for (const { feature, line } of scenarios) lines.set(feature, [...(lines.get(feature) ?? []), line]);
  return [...lines].map(([feature, own]) => `${feature}:${own.join(':')}`);
}

function toResults(
  { options, definition, selection, divergences, offered }: PlannedRun,
  run: {
    startedAt: Date;
    commit: string;
    target: Target | undefined;
    failure: string | undefined;
    runs: readonly ScenarioRun[];
    retryCounts: RetryCounts | undefined;
    leftOut: readonly LeftOut[] | undefined;
  },
): Results {
  const judgement = judge({
    clauses: selection.clauses,
    runs: run.runs,
    selected: selection.scenarios,
    nothing: selection.nothing,
    notApplicable: selection.notApplicable,
    exclusions: selection.exclusions,
    divergences,
    // The list is for the suite's own APIs, on a target that the suite starts.
    isForeign: options.divergences === undefined && (!definition.isOwn || run.target?.kind === 'endpoint'),
    today: run.startedAt.toISOString().slice(0, 10),
    // An emulator behind a URL confirms nothing about AWS.
    target: run.target?.behaves ?? options.target,
    isRehearsal: run.target?.kind === 'aws' && run.target.access.endpoint !== undefined,
    failure: run.failure,
  });
  const known = offered ?? run.target?.attached?.offered;
  return {
    schemaVersion: 1,
    suite: { version: suiteVersion(), commit: run.commit },
    startedAt: run.startedAt.toISOString(),
    durationMs: Date.now() - run.startedAt.getTime(),
    target: {
      kind: options.target,
      name: run.target?.name ?? options.target,
      version: run.target?.version ?? 'unknown',
      endpoint: run.target?.access.endpoint ?? options.endpoint ?? '',
      region: run.target?.access.region ?? options.region,
      capabilities: run.target?.capabilities ?? [],
      details: run.target?.details ?? {},
    },
    definition: run.target?.attached?.definition ?? describeDefinition(definition, run.leftOut),
    ...(known && { interface: withoutModels(known) }),
    contract: options.contract ?? 'current',
    options: repeatingOptions(options),
    selection: {
      description: selection.description,
      complete: selection.complete,
      levels: selection.levels,
      size: selection.size,
      ...(options.shard && { shard: `${options.shard.index}/${options.shard.count}` }),
    },
    ...(selection.exclusions.length > 0 && { exclusions: selection.exclusions }),
    ...(run.retryCounts && { throttling: run.retryCounts }),
    summary: summarize(judgement),
    ...judgement,
    clauses:
      run.target && sourceOf(run.target) === 'aws' ? judgement.clauses : judgement.clauses.map(unproved),
  };
}
