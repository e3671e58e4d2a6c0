import { watch as watchFiles } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileOfDefinition } from '../../infra/definition/definition.ts';
import type { Declaration } from '../../infra/definition/types.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { definitionOf } from '../run/choices.ts';
import { SUPPORT_FILES } from '../run/cucumber-config.ts';
import type { RunOptions } from '../run/options.ts';
import { readScenarios, toPosix } from '../run/plan.ts';
import type { ScenarioRun } from '../run/results.ts';
import { executeRun, forgetSteps, planRun } from '../run/run.ts';
import { ROOT } from '../run/suite.ts';
import { callsAny, changedMethods, type Used, usedBy } from '../run/touched.ts';
import { printSummary } from './summary.ts';

/** Editors save in several steps. Events within this time are one change: milliseconds. */
const QUIET = 40;
/** Names under which two states of a definition are compared. */
const NAMES = { region: 'us-east-1', accountId: '123456789012', stackName: 'kpc' };

/**
 * Runs the selection, then reruns what a saved feature, step or definition affects, and what failed before, until the
 * process is interrupted. Writes no reports.
 */
export async function watch(options: RunOptions): Promise<never> {
  const steps = new Reloading();
  const changes = new Changes(filesOf(options));
  const used = new Map<string, Used>();
  let failing = new Set<string>();
  let declared: Declaration | undefined;
  let changed: ReadonlySet<string> = new Set();
  for (;;) {
    try {
      const before = declared;
      declared = definitionOf(options).declare(NAMES);
      if ([...changed].some(isStep)) steps.reload();
      const touched = before && touchedBy(changed, used, { before, after: declared });
      await run(touched && new Set([...touched, ...failing]));
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof TargetError || error instanceof SyntaxError))
        throw error;
      process.stderr.write(`error: ${messageOf(error)}\n`);
    }
    process.stderr.write('watching features, steps and the definition; press Ctrl-C to stop\n');
    changed = await changes.next();
    process.stderr.write(`\n${[...changed].join(', ')} changed\n`);
  }

  async function run(only: ReadonlySet<string> | undefined): Promise<void> {
    const planned = planRun(
      only ? { ...options, only: { ids: only, because: 'what the change affects' } } : options,
      ROOT,
    );
    if (only && planned.selection.scenarios.length === 0) {
      process.stderr.write('no selected scenario uses this file\n');
      return;
    }
    const runs: ScenarioRun[] = [];
    const { results, messages } = await executeRun(
      planned,
      { onScenario: (scenario) => runs.push(scenario) },
      { keepsExchanges: true },
    );
    for (const [id, what] of usedBy(messages, runs)) used.set(id, what);
    // If steps could not be loaded, their scenarios are unknown.
    const open = results.verdict === 'error' ? planned.selection.scenarios : [];
    failing = new Set(
      [...open, ...results.scenarios.filter(({ result }) => result === 'failed' || result === 'error')].map(
        ({ id }) => id,
      ),
    );
    printSummary(results);
  }
}

/** The scenarios that a change affects; undefined: all. */
function touchedBy(
  changed: ReadonlySet<string>,
  used: ReadonlyMap<string, Used>,
  { before, after }: { before: Declaration; after: Declaration },
): string[] | undefined {
  const touched: string[] = [];
  for (const file of changed) {
    if (file.endsWith('.feature')) {
      const prefix = `${path.posix.relative('features', file)}: `;
      touched.push(...readScenarios(ROOT).flatMap(({ id }) => (id.startsWith(prefix) ? [id] : [])));
    } else if (file.startsWith('steps/')) {
      for (const [id, { stepFiles }] of used) if (stepFiles.has(file)) touched.push(id);
    } else if (isStep(file) || file.startsWith('features/')) return undefined;
    else {
      const methods = changedMethods(before, after);
      if (methods === undefined) return undefined;
      for (const [id, what] of used) if (methods.length > 0 && callsAny(what, methods)) touched.push(id);
    }
  }
  return touched;
}

function isStep(file: string): boolean {
  return file.startsWith('steps/') || (SUPPORT_FILES as readonly string[]).includes(file);
}

/** Changed steps are loaded as new modules: Node keeps loaded ones until the process ends. */
class Reloading {
  #version = 0;

  constructor() {
    registerHooks({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context);
        return this.#version > 0 && resolved.url.startsWith('file:') && this.#isStepUrl(resolved.url)
          ? { ...resolved, url: `${resolved.url}?version=${this.#version}` }
          : resolved;
      },
    });
  }

  reload(): void {
    this.#version += 1;
    forgetSteps();
  }

  #isStepUrl(url: string): boolean {
    return isStep(toPosix(path.relative(ROOT, fileURLToPath(url))));
  }
}

/** The watched folders, of some of which only certain files are watched. */
function filesOf({
  definition,
  interface: offered,
  divergences,
}: RunOptions): Map<string, Set<string> | 'all'> {
  const watched = new Map<string, Set<string> | 'all'>([
    [path.join(ROOT, 'features'), 'all'],
    [path.join(ROOT, 'steps'), 'all'],
  ]);
  const glue = SUPPORT_FILES.filter((file) => !file.includes('*')).map((file) => path.join(ROOT, file));
  for (const file of [fileOfDefinition(definition), offered, divergences, ...glue]) {
    if (file === undefined) continue;
    const folder = path.dirname(path.resolve(file));
    const names = watched.get(folder) ?? new Set<string>();
    if (names !== 'all') watched.set(folder, names.add(path.basename(file)));
  }
  return watched;
}

/** Yields saved files, one burst at a time. */
class Changes {
  readonly #seen = new Set<string>();
  #notify: () => void = () => {};

  constructor(watched: ReadonlyMap<string, Set<string> | 'all'>) {
    for (const [folder, names] of watched)
      watchFiles(folder, { recursive: names === 'all' }, (_, name) => {
        // Editors write temporary files beside the saved ones.
        if (name === null || !(names === 'all' ? /\.(feature|yaml|ts)$/.test(name) : names.has(name))) return;
        this.#seen.add(toPosix(path.relative(ROOT, path.join(folder, name))));
        this.#notify();
      });
  }

  async next(): Promise<ReadonlySet<string>> {
    while (this.#seen.size === 0) await new Promise<void>((resolve) => (this.#notify = resolve));
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    const changed = new Set(this.#seen);
    this.#seen.clear();
    return changed;
  }
}
