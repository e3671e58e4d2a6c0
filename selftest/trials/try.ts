import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { PickleStepType, TestStepResultStatus } from '@cucumber/messages';
import { loadCatalogue } from '../../support/run/catalogue.ts';
import type { RunOptions } from '../../support/run/options.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';
import { tutorial } from '../changes/definition.ts';
import { stackOf } from '../changes/stack.ts';
import { Sandbox } from './sandbox.ts';
import type { Kill, Outcome, Trial } from './trial.ts';

/** The folder of the changed definitions, for `npm run conformance -- --definition`. */
export const DEFINITIONS = path.join(ROOT, 'reports/selftest/definitions');

/** The longest transition of the embedded AWS, unless a change sets another; milliseconds. */
const WAITS = {
  KPC_WAIT_STREAM_VISIBLE_MS: '300',
  KPC_WAIT_STREAM_ACTIVE_MS: '3000',
  KPC_WAIT_STREAM_GONE_MS: '3000',
};

/** Deploys a change on the process's sandbox or on a separate AWS, runs its clauses, and reverts the change. */
export async function attempt(trial: Trial, shared: Sandbox): Promise<Outcome> {
  const started = performance.now();
  const { change } = trial;
  const sandbox = change.aws ? await Sandbox.start(change.aws) : shared;
  const restore = setEnvironment({ ...WAITS, ...change.environment });
  try {
    const options = optionsOf(trial);
    const run = await executeRun(
      planRun(options, ROOT),
      {},
      {
        target: sandbox.target(change.middleware?.() ?? {}),
        ...(change.deployment && { alterations: change.deployment }),
      },
    );
    const { verdict, because, clauses, scenarios } = run.results;
    const steps = stepsOf(run.messages);
    return {
      kind: trial.kind,
      group: trial.group,
      name: trial.name,
      why: trial.why,
      mustFail: trial.mustFail,
      targetFailure: trial.targetFailure,
      refused: trial.refused,
      verdict,
      because,
      failedClauses: clauses.filter(({ result }) => result === 'failed').map(({ id }) => id),
      kills: scenarios.flatMap(({ id, clauses: decided, result, reason, feature, line }): Kill[] =>
        result !== 'failed' && result !== 'error'
          ? []
          : [
              {
                scenario: id,
                clauses: decided,
                isError: result === 'error',
                step: steps.failed.get(`${feature}:${line}`),
                reason: (reason ?? '').split('\n')[0] ?? '',
              },
            ],
      ),
      outcomeSteps: steps.outcomes,
      scenarios: scenarios.map(({ id }) => id),
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    restore();
    if (sandbox === shared) await sandbox.clear();
    else await sandbox.stop();
  }
}

function optionsOf(trial: Trial): RunOptions {
  const { tries, base } = trial;
  const { clauses } = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
  const all = clauses
    .filter(({ level }) => (level === 'production') === (base !== undefined))
    .map(({ id }) => id);
  return {
    target: 'embedded',
    endpoint: undefined,
    executeApiUrl: undefined,
    region: 'us-east-1',
    definition: definitionOf(trial),
    choices: {},
    interface: undefined,
    level: undefined,
    tags: undefined,
    name: [],
    clause: tries === 'everything' ? all : tries,
    exclude: [],
    shard: undefined,
    parallel: 0,
    order: { kind: 'defined' },
    retry: 0,
    report: undefined,
    divergences: undefined,
    contract: undefined,
    journal: undefined,
    keep: false,
    acceptPartial: false,
  };
}

function definitionOf({ name, change, base }: Trial): string {
  if (base !== undefined) return write(name, change.stack?.(stackOf(base)) ?? stackOf(base));
  return change.definition ? write(name, change.definition(tutorial())) : 'tutorial';
}

function write(name: string, definition: object): string {
  mkdirSync(DEFINITIONS, { recursive: true });
  const file = path.join(DEFINITIONS, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(definition, null, 2)}\n`);
  return file;
}

/** @returns a function that restores the old values. */
function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

/** From cucumber's messages: the pattern of each scenario's failed step, and all outcome steps. */
function stepsOf(messages: readonly Envelope[]): {
  failed: ReadonlyMap<string, string>;
  outcomes: string[];
} {
  const patterns = new Map<string, string>();
  const pickles = new Map<string, { key: string; outcomes: Set<string> }>();
  const testSteps = new Map<string, { scenario: string; pattern: string | undefined }>();
  const failed = new Map<string, string>();
  const outcomes = new Set<string>();
  for (const { stepDefinition, pickle, testCase, testStepFinished } of messages) {
    if (stepDefinition) patterns.set(stepDefinition.id, stepDefinition.pattern.source);
    if (pickle) {
      const states = pickle.steps.filter(({ type }) => type === PickleStepType.OUTCOME).map(({ id }) => id);
      pickles.set(pickle.id, {
        key: `${pickle.uri.replaceAll(path.sep, '/')}:${pickle.location?.line ?? 0}`,
        outcomes: new Set(states),
      });
    }
    if (testCase) {
      const own = pickles.get(testCase.pickleId);
      for (const { id, pickleStepId, stepDefinitionIds } of testCase.testSteps) {
        const pattern = patterns.get(stepDefinitionIds?.[0] ?? '');
        testSteps.set(id, { scenario: own?.key ?? '', pattern });
        if (pattern !== undefined && own?.outcomes.has(pickleStepId ?? '')) outcomes.add(pattern);
      }
    }
    if (testStepFinished?.testStepResult.status === TestStepResultStatus.FAILED) {
      const step = testSteps.get(testStepFinished.testStepId);
      if (step?.pattern !== undefined && !failed.has(step.scenario)) failed.set(step.scenario, step.pattern);
    }
  }
  return { failed, outcomes: [...outcomes] };
}
