import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { type Feature, IdGenerator, type Scenario, type Step, StepKeywordType } from '@cucumber/messages';
import type { Catalogue } from '../run/catalogue.ts';
import { type PlannedScenario, toPosix } from '../run/plan.ts';

/** Checks in addition to gplint, which ignores Rules and does not know the catalogue. */
const MAX_STEPS = 8;
const MAX_JOURNEY_STEPS = 24;
const MAX_BACKGROUND_STEPS = 3;
const MAX_LINES = 100;

/** @returns a line `file:line: problem` for each error in the form of the features. */
export function lintFeatures(root: string): string[] {
  return globSync('features/**/*.feature', { cwd: root })
    .map(toPosix)
    .sort()
    .flatMap((file) => {
      const source = readFileSync(path.join(root, file), 'utf8');
      const newId = IdGenerator.incrementing();
      const { feature } = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(source);
      return feature
        ? lintFeature(feature, source).map((problem) => `${file}:${problem}`)
        : [`${file}:1: no feature`];
    });
}

function lintFeature(feature: Feature, source: string): string[] {
  const problems: string[] = [];
  const report = (line: number, problem: string) => problems.push(`${line}: ${problem}`);
  const lines = source.split('\n').length - 1;
  if (lines > MAX_LINES) report(1, `${lines} lines; split a feature above ${MAX_LINES}`);
  if (!feature.description.trim())
    report(
      feature.location.line,
      'the feature has no description; explain in a sentence or two why it matters',
    );
  const children = feature.children.flatMap((child) => [child, ...(child.rule?.children ?? [])]);
  for (const { background, scenario } of children) {
    if (background) {
      if (background.steps.length > MAX_BACKGROUND_STEPS)
        report(background.location.line, `a background of more than ${MAX_BACKGROUND_STEPS} steps`);
      for (const step of background.steps)
        if (kindOf(step, 'Given') !== 'Given') report(step.location.line, 'a background has only Givens');
    }
    if (scenario) lintScenario(scenario, feature, report);
  }
  return problems;
}

function lintScenario(
  scenario: Scenario,
  feature: Feature,
  report: (line: number, problem: string) => void,
): void {
  const tags = [...feature.tags, ...scenario.tags].map(({ name }) => name);
  const isJourney = tags.includes('@journey');
  const limit = isJourney ? MAX_JOURNEY_STEPS : MAX_STEPS;
  const { steps } = scenario;
  if (steps.length > limit)
    report(scenario.location.line, `${steps.length} steps; a scenario has at most ${limit}`);
  let kind = 'Given';
  let whens = 0;
  for (const step of steps) {
    const next = kindOf(step, kind);
    if (!isJourney && ORDER.indexOf(next) < ORDER.indexOf(kind))
      report(step.location.line, `${next} after ${kind}: the order is Given, When, Then`);
    if (next === 'When' && kind !== 'When') whens += 1;
    if (!isJourney && next === 'When' && kind === 'When')
      report(step.location.line, 'two Whens; a scenario shows one behaviour');
    kind = next;
  }
  if (kind !== 'Then') report(scenario.location.line, 'it asserts nothing: the last step is not a Then');
  if (!isJourney && whens > 1)
    report(scenario.location.line, `${whens} Whens; only a @journey has more than one`);
}

const ORDER = ['Given', 'When', 'Then'];

function kindOf(step: Step, before: string): string {
  switch (step.keywordType) {
    case StepKeywordType.CONTEXT:
      return 'Given';
    case StepKeywordType.ACTION:
      return 'When';
    case StepKeywordType.OUTCOME:
      return 'Then';
    default:
      return before;
  }
}

/** Compares features and catalogue. @returns a line for each error, and the clauses without scenarios. */
export function lintTraceability(
  catalogue: Catalogue,
  scenarios: readonly PlannedScenario[],
): { problems: string[]; undecided: string[] } {
  const problems = scenarios.flatMap(({ feature, line, clauses, name }) => [
    ...(clauses.length === 0 ? [`${feature}:${line}: "${name}" decides no clause; tag it with one`] : []),
    ...clauses
      .filter((id) => !catalogue.get(id))
      .map((id) => `${feature}:${line}: the clause ${id} is not in features/catalogue.yaml`),
  ]);
  const decided = new Set(scenarios.flatMap(({ clauses }) => clauses));
  const without = catalogue.clauses.filter(({ id }) => !decided.has(id));
  for (const { id } of without) problems.push(`features/catalogue.yaml: no scenario decides ${id}`);
  return { problems, undecided: without.map(({ id }) => id) };
}
