import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import {
  type DataTable,
  type Feature,
  IdGenerator,
  type Rule,
  type Scenario,
  type Step,
} from '@cucumber/messages';
import GithubSlugger from 'github-slugger';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { CLAUSE_ID } from '../run/catalogue.ts';
import { toPosix } from '../run/plan.ts';

/** A part of a step: quoted text and columns of examples are marked. */
export interface StepPart {
  readonly text: string;
  readonly kind: 'words' | 'value' | 'column';
}

export interface StepView {
  readonly keyword: string;
  readonly parts: readonly StepPart[];
  readonly rows: readonly (readonly string[])[];
  /** A text of several lines below the step. */
  readonly text: string | undefined;
}

export interface ScenarioView {
  readonly anchor: string;
  /** `Scenario`, or `Scenario Outline`. */
  readonly keyword: string;
  readonly name: readonly StepPart[];
  readonly clauses: readonly string[];
  readonly marks: readonly string[];
  readonly steps: readonly StepView[];
  readonly examples: readonly {
    readonly name: string;
    readonly marks: readonly string[];
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  }[];
  /** The lines of the scenario and of each row of its examples. */
  readonly lines: readonly number[];
}

export interface RuleView {
  readonly anchor: string;
  readonly name: string;
  readonly clauses: readonly string[];
  readonly marks: readonly string[];
  readonly background: readonly StepView[];
  readonly scenarios: readonly ScenarioView[];
}

export interface FeatureView {
  /** `features/records/put-one.feature`. */
  readonly file: string;
  /** Below `features/`. */
  readonly folder: string;
  /** From the site's root. */
  readonly path: string;
  readonly name: string;
  readonly description: readonly string[];
  readonly marks: readonly string[];
  readonly background: readonly StepView[];
  /** Scenarios outside of rules belong to a rule without a name. */
  readonly rules: readonly RuleView[];
}

/**
 * Reads every feature for its page, in the order of the paths.
 * @throws UsageError on one that does not parse.
 */
export function readFeatures(root: string): FeatureView[] {
  const files = globSync('features/**/*.feature', { cwd: root }).map(toPosix).sort();
  return files.map((file) => toFeature(file, readFileSync(path.join(root, file), 'utf8')));
}

/** Like {@link readFeatures}, for one file with this path and text. */
export function toFeature(file: string, text: string): FeatureView {
  const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
  let feature: Feature | undefined;
  try {
    feature = parser.parse(text).feature;
  } catch (error) {
    throw new UsageError(`${file} does not parse: ${messageOf(error)}`);
  }
  if (feature === undefined) throw new UsageError(`${file} does not contain a feature`);
  const slugger = new GithubSlugger();
  const loose = feature.children.flatMap(({ scenario }) => scenario ?? []);
  const rules = feature.children.flatMap(({ rule }) => (rule ? [toRule(rule, slugger)] : []));
  return {
    file,
    folder: path.posix.basename(path.posix.dirname(file)),
    path: file.replace(/\.feature$/, '.html'),
    name: feature.name,
    description: paragraphs(feature.description),
    marks: marksOf(feature.tags),
    background: feature.children.flatMap(
      ({ background }) => background?.steps.map((step) => toStep(step)) ?? [],
    ),
    rules:
      loose.length === 0
        ? rules
        : [
            {
              anchor: 'scenarios',
              name: '',
              clauses: [],
              marks: [],
              background: [],
              scenarios: loose.map((scenario) => toScenario(scenario, slugger)),
            },
            ...rules,
          ],
  };
}

function toRule({ name, tags, children }: Rule, slugger: GithubSlugger): RuleView {
  const clauses = clausesOf(tags);
  return {
    // Two rules of a feature may decide the same clause; the first has its id.
    anchor: slugger.slug(clauses[0] ?? name, clauses.length > 0),
    name,
    clauses,
    marks: marksOf(tags),
    background: children.flatMap(({ background }) => background?.steps.map((step) => toStep(step)) ?? []),
    scenarios: children.flatMap(({ scenario }) => (scenario ? [toScenario(scenario, slugger)] : [])),
  };
}

function toScenario(
  { keyword, name, tags, steps, examples, location }: Scenario,
  slugger: GithubSlugger,
): ScenarioView {
  const columns = examples.flatMap(({ tableHeader }) => tableHeader?.cells.map(({ value }) => value) ?? []);
  return {
    anchor: slugger.slug(name),
    keyword,
    name: toParts(name, columns),
    clauses: clausesOf(tags),
    marks: marksOf(tags),
    steps: steps.map((step) => toStep(step, columns)),
    examples: examples.map((one) => ({
      name: one.name,
      marks: [...marksOf(one.tags), ...clausesOf(one.tags)],
      head: one.tableHeader?.cells.map(({ value }) => value) ?? [],
      rows: one.tableBody.map(({ cells }) => cells.map(({ value }) => value)),
    })),
    lines: [location.line, ...examples.flatMap(({ tableBody }) => tableBody.map((row) => row.location.line))],
  };
}

function toStep({ keyword, text, dataTable, docString }: Step, columns: readonly string[] = []): StepView {
  return {
    keyword: keyword.trim(),
    parts: toParts(text, columns),
    rows: rowsOf(dataTable),
    text: docString?.content,
  };
}

function rowsOf(table: DataTable | undefined): string[][] {
  return table?.rows.map(({ cells }) => cells.map(({ value }) => value)) ?? [];
}

/** @param columns only their names are placeholders: `<b>` may be data. */
export function toParts(text: string, columns: readonly string[]): StepPart[] {
  return text.split(/("[^"]*"|<[^<>]+>)/).flatMap((part): StepPart[] => {
    if (part === '') return [];
    if (part.startsWith('<') && columns.includes(part.slice(1, -1)))
      return [{ text: part.slice(1, -1), kind: 'column' }];
    if (!part.startsWith('"') || part === '"') return [{ text: part, kind: 'words' }];
    const column = /^"<([^<>]+)>"$/.exec(part)?.[1];
    return column !== undefined && columns.includes(column)
      ? [{ text: column, kind: 'column' }]
      : [{ text: part.slice(1, -1), kind: 'value' }];
  });
}

/** As plain text for the search, with columns of examples as written in the feature. */
export function textOf(parts: readonly StepPart[]): string {
  return parts.map(({ text, kind }) => (kind === 'column' ? `<${text}>` : text)).join('');
}

type Tags = readonly { readonly name: string }[];

function clausesOf(tags: Tags): string[] {
  return tags.map(({ name }) => name.slice(1)).filter((name) => CLAUSE_ID.test(name));
}

function marksOf(tags: Tags): string[] {
  return tags.map(({ name }) => name.slice(1)).filter((name) => !CLAUSE_ID.test(name));
}

function paragraphs(description: string): string[] {
  return description
    .split(/\n\s*\n/)
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '');
}
