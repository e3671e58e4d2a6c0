import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator, type Pickle } from '@cucumber/messages';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { isRoleName, type RoleName } from '../../infra/proxy/roles.ts';
import { type Capability, isCapability, OBSERVATION_CAPABILITIES } from '../../infra/targets/capabilities.ts';
import { CLAUSE_ID } from './catalogue.ts';

/** One scenario, or one row of an outline's examples, as the features state it. */
export interface PlannedScenario {
  /** Feature path below features/, name, and the row's number for an outline: stable across line changes. */
  readonly id: string;
  readonly name: string;
  /** Path from the project's root. */
  readonly feature: string;
  readonly line: number;
  readonly tags: readonly string[];
  /** The clauses that it decides. */
  readonly clauses: readonly string[];
  /** What a target must let the suite do for this scenario to be tried. */
  readonly requires: readonly Capability[];
  /** The execution role whose deployment it calls, where it is not `full-access`. */
  readonly role: RoleName | undefined;
}

/** The tags that are no clause's id. `@none` is carried by no scenario and so selects nothing. */
export const PLAIN_TAGS = ['@journey', '@exclusive', '@slow', '@none'] as const;

/**
 * Reads every scenario of the features, in file order.
 * @throws UsageError on a feature that does not parse, an unknown tag, or two scenarios of one id.
 */
export function readScenarios(root: string): PlannedScenario[] {
  const files = globSync('features/**/*.feature', { cwd: root }).map(toPosix).sort();
  const scenarios = files.flatMap((feature) => {
    const rows = new Map<string, number>();
    return parseFeature(root, feature).map((pickle) => planned(feature, pickle, rows));
  });
  const seen = new Set<string>();
  for (const { id, feature, line } of scenarios) {
    if (seen.has(id))
      throw new UsageError(`${feature}:${line} has the name of another scenario of its file; rename one`);
    seen.add(id);
  }
  return scenarios;
}

/** Where a pickle stands in its file: the row's line for an outline. */
export function pickleLine(pickle: Pickle): number {
  return pickle.location?.line ?? 0;
}

export function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}

function parseFeature(root: string, feature: string): readonly Pickle[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  try {
    return compile(parser.parse(readFileSync(path.join(root, feature), 'utf8')), feature, newId);
  } catch (error) {
    throw new UsageError(`${feature} does not parse: ${messageOf(error)}`);
  }
}

function planned(feature: string, pickle: Pickle, rows: Map<string, number>): PlannedScenario {
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
  return {
    id: `${feature.replace(/^features\//, '')}: ${pickle.name}${isRow ? ` #${row}` : ''}`,
    name: pickle.name,
    feature,
    line,
    tags,
    clauses: tags.map((tag) => tag.slice(1)).filter((tag) => CLAUSE_ID.test(tag)),
    requires: [
      ...tags.map((tag) => tag.replace(/^@requires:/, '')).filter(isCapability),
      ...(role === undefined ? [] : (['own-roles'] as const)),
    ],
    role,
  };
}

/** A clause tag counts as known by its form; whether the catalogue has it is the lint's and the selection's to say. */
export function isKnownTag(tag: string): boolean {
  if ((PLAIN_TAGS as readonly string[]).includes(tag) || CLAUSE_ID.test(tag.slice(1))) return true;
  if (tag.startsWith('@role:')) return isRoleName(tag.slice('@role:'.length));
  if (tag.startsWith('@requires:'))
    return (OBSERVATION_CAPABILITIES as readonly string[]).includes(tag.slice('@requires:'.length));
  return false;
}
