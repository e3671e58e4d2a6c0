import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { type GherkinDocument, IdGenerator, type Pickle, type Scenario } from '@cucumber/messages';
import { type Feature, isFeature } from '../../infra/definition/interface/offers.ts';
import { EIGHT_ACTIONS } from '../../infra/definition/interface/types.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { isRoleName, type RoleName } from '../../infra/proxy/roles.ts';
import { type Capability, isCapability, OBSERVATION_CAPABILITIES } from '../../infra/targets/capabilities.ts';
import { CLAUSE_ID } from './catalogue.ts';

/** One scenario of the features, or one example row of an outline. */
export interface PlannedScenario {
  /** Feature path below features/, name, and the row's number for an outline: stable across line changes. */
  readonly id: string;
  readonly name: string;
  /** Path from the project's root. */
  readonly feature: string;
  /** Of its name, or of its example row: the place that names it alone. */
  readonly line: number;
  /** Of the outline's name, where it is an example row; else the same as `line`. */
  readonly outlineLine: number;
  readonly tags: readonly string[];
  /** The clauses that it decides. */
  readonly clauses: readonly string[];
  /** The capabilities that the target must have for this scenario. */
  readonly requires: readonly Capability[];
  /**
   * The Kinesis actions that an API must offer for the scenario to apply. Empty for a scenario about the API as a
   * whole.
   */
  readonly calls: readonly string[];
  /** The features that those calls must have. */
  readonly features: readonly Feature[];
  /** The execution role whose deployment it calls, if it is not `full-access`. */
  readonly role: RoleName | undefined;
}

/** The tags that are not clause ids. No scenario has `@none`, so it selects nothing. */
export const PLAIN_TAGS = ['@journey', '@exclusive', '@slow', '@none'] as const;

/**
 * Reads every scenario of the features, in file order.
 * @throws UsageError on a feature that does not parse, an unknown tag, or two scenarios of one id.
 */
export function readScenarios(root: string): PlannedScenario[] {
  const files = globSync('features/**/*.feature', { cwd: root }).map(toPosix).sort();
  const scenarios = files.flatMap((feature) => {
    const rows = new Map<string, number>();
    const { pickles, ...known } = parseFeature(root, feature);
    return pickles.map((pickle) => planned(feature, pickle, rows, known));
  });
  const seen = new Set<string>();
  for (const { id, feature, line } of scenarios) {
    if (seen.has(id))
      throw new UsageError(`${feature}:${line} has the name of another scenario of its file; rename one`);
    seen.add(id);
  }
  return scenarios;
}

/** The line of a pickle: for an outline, the line of the example row. */
export function pickleLine(pickle: Pickle): number {
  return pickle.location?.line ?? 0;
}

export function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}

interface Known {
  /** The value of the column `action`, by the ids of example rows. */
  readonly actions: ReadonlyMap<string, string>;
  /** The lines of scenarios and outlines, by their ids. */
  readonly lines: ReadonlyMap<string, number>;
}

function parseFeature(root: string, feature: string): Known & { readonly pickles: readonly Pickle[] } {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  try {
    const document = parser.parse(readFileSync(path.join(root, feature), 'utf8'));
    const scenarios = scenariosIn(document);
    const lines = new Map(scenarios.map(({ id, location }) => [id, location.line]));
    return { pickles: compile(document, feature, newId), actions: actionsIn(scenarios), lines };
  } catch (error) {
    throw new UsageError(`${feature} does not parse: ${messageOf(error)}`);
  }
}

/** The column that names the call of a row. */
const ACTION_COLUMN = 'action';

function scenariosIn({ feature }: GherkinDocument): Scenario[] {
  return (feature?.children ?? [])
    .flatMap(({ scenario, rule }) => [scenario, ...(rule?.children ?? []).map((child) => child.scenario)])
    .filter((scenario) => scenario !== undefined);
}

function actionsIn(scenarios: readonly Scenario[]): Map<string, string> {
  const actions = new Map<string, string>();
  for (const { tableHeader, tableBody } of scenarios.flatMap(({ examples }) => examples)) {
    const column = (tableHeader?.cells ?? []).findIndex(({ value }) => value === ACTION_COLUMN);
    for (const { id, cells } of tableBody) {
      const action = cells[column]?.value;
      if (action !== undefined) actions.set(id, action);
    }
  }
  return actions;
}

function planned(
  feature: string,
  pickle: Pickle,
  rows: Map<string, number>,
  { actions, lines }: Known,
): PlannedScenario {
  const line = pickleLine(pickle);
  const tags = [...new Set(pickle.tags.map(({ name }) => name))];
  for (const tag of tags)
    if (!isKnownTag(tag))
      throw new UsageError(
        `${feature}:${line} carries the unknown tag ${tag}; CONTRIBUTING.md lists the tags`,
      );
  const isRow = pickle.astNodeIds.length > 1;
  const outline = pickle.astNodeIds[0] ?? '';
  const row = (rows.get(outline) ?? 0) + 1;
  if (isRow) rows.set(outline, row);
  const role = tags.map((tag) => tag.replace(/^@role:/, '')).find(isRoleName);
  const action = actions.get(pickle.astNodeIds[1] ?? '');
  return {
    id: `${feature.replace(/^features\//, '')}: ${pickle.name}${isRow ? ` #${row}` : ''}`,
    name: pickle.name,
    feature,
    line,
    outlineLine: lines.get(outline) ?? line,
    tags,
    clauses: tags.map((tag) => tag.slice(1)).filter((tag) => CLAUSE_ID.test(tag)),
    requires: [
      ...tags.map((tag) => tag.replace(/^@requires:/, '')).filter(isCapability),
      ...(role === undefined ? [] : (['own-roles'] as const)),
    ],
    calls: [...valuesOf(tags, 'calls'), ...(action === undefined ? [] : [action])],
    features: featuresIn(tags),
    role,
  };
}

/** The features that the calls of a scenario with these tags must have. */
export function featuresIn(tags: readonly string[]): Feature[] {
  return valuesOf(tags, 'with').filter(isFeature);
}

function valuesOf(tags: readonly string[], kind: string): string[] {
  return tags.flatMap((tag) => (tag.startsWith(`@${kind}:`) ? [tag.slice(kind.length + 2)] : []));
}

/** A clause tag is known by its form. The lint and the selection check that the catalogue has it. */
export function isKnownTag(tag: string): boolean {
  if ((PLAIN_TAGS as readonly string[]).includes(tag) || CLAUSE_ID.test(tag.slice(1))) return true;
  if (tag.startsWith('@role:')) return isRoleName(tag.slice('@role:'.length));
  if (tag.startsWith('@calls:'))
    return (EIGHT_ACTIONS as readonly string[]).includes(tag.slice('@calls:'.length));
  if (tag.startsWith('@with:')) return isFeature(tag.slice('@with:'.length));
  if (tag.startsWith('@requires:'))
    return (OBSERVATION_CAPABILITIES as readonly string[]).includes(tag.slice('@requires:'.length));
  return false;
}
