import { NOUNS, RESULTS } from '../report/page/view.ts';
import { GRADE_NAMES } from '../report/text.ts';
import type { Clause } from '../run/catalogue.ts';
import type { Divergence } from '../run/divergences.ts';
import type { PlannedScenario } from '../run/plan.ts';
import type { FeatureView, StepPart } from './features.ts';
import type { KeptRun } from './kept-results.ts';
import { linkedText } from './linked-text.ts';
import { clausePath, type Part } from './page.ts';

/** A defect that the self-test plants, and the clauses that must fail. */
export interface Defect {
  readonly kind: string;
  readonly name: string;
  readonly why: string;
  /** The base that it is planted in, at level production. */
  readonly base?: string | undefined;
  readonly mustFail: readonly string[];
}

/** A known divergence, and the target whose list has it. */
export interface KnownDivergence extends Divergence {
  readonly target: string;
}

export interface ClauseView {
  readonly id: string;
  readonly path: string;
  readonly noun: string;
  readonly level: string;
  readonly grade: string;
  readonly gradeName: string;
  readonly statement: string;
  readonly source: readonly Part[];
  readonly observed: string;
  readonly gating: boolean;
  readonly remedy: string | undefined;
  readonly scenarios: readonly {
    readonly name: readonly StepPart[];
    readonly place: string;
    readonly href: string;
    readonly rows: number;
  }[];
  readonly results: readonly ClauseOnTarget[];
  readonly defects: readonly Defect[];
  readonly divergences: readonly DivergenceView[];
}

export interface ClauseOnTarget {
  readonly target: string;
  readonly definition: string;
  readonly folder: string;
  readonly word: string;
  readonly tone: string;
  /** Why its scenarios failed or were skipped, without duplicates. */
  readonly reasons: readonly { readonly scenario: string; readonly text: string }[];
}

export interface DivergenceView {
  readonly target: string;
  readonly subject: string;
  readonly href: string | undefined;
  readonly clauses: readonly string[];
  readonly reason: string;
  readonly link: string;
  readonly expires: string;
}

const OBSERVED = {
  answer: 'the answer',
  kinesis: 'Kinesis',
  configuration: 'the configuration',
  log: 'the execution log',
} as const;
/** The maximum length of a reason in characters; the results have long ones in full. */
const MAX_REASON = 300;

export interface Known {
  readonly clauses: readonly Clause[];
  readonly scenarios: readonly PlannedScenario[];
  readonly features: readonly FeatureView[];
  readonly runs: readonly KeptRun[];
  readonly defects: readonly Defect[];
  readonly divergences: readonly KnownDivergence[];
}

export function toClauses({ clauses, scenarios, features, runs, defects, divergences }: Known): ClauseView[] {
  const ids = new Set(clauses.map(({ id }) => id));
  const places = placesOf(features);
  return clauses.map((clause): ClauseView => {
    const own = scenarios.filter((scenario) => scenario.clauses.includes(clause.id));
    const ownIds = new Set(own.map(({ id }) => id));
    return {
      id: clause.id,
      path: clausePath(clause.id),
      noun: nounOf(clause.id),
      level: clause.level,
      grade: clause.grade,
      gradeName: GRADE_NAMES[clause.grade],
      statement: clause.statement,
      source: linkedText(clause.source, ids),
      observed: clause.observed.map((place) => OBSERVED[place]).join(', '),
      gating: clause.gating,
      remedy: clause.remedy,
      scenarios: grouped(own, places),
      results: runs.flatMap((run) => onTarget(clause.id, run)),
      defects: defects.filter(({ mustFail }) => mustFail.includes(clause.id)),
      divergences: divergences
        .filter((entry) => entry.clause === clause.id || ownIds.has(entry.scenario ?? ''))
        .map((entry) => toDivergence(entry, scenarios, places)),
    };
  });
}

export function nounOf(id: string): string {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return NOUNS[prefix] ?? prefix;
}

/** In the order of the catalogue; `anchor` names a noun in links. */
export function byNoun(clauses: readonly ClauseView[]) {
  return [...Map.groupBy(clauses, ({ noun }) => noun)].map(([name, own]) => ({
    name,
    anchor: own[0]?.id.replace(/-\d+[a-z]?$/, '') ?? name,
    clauses: own,
  }));
}

/** The place of a scenario in the site, by its file and line. */
export interface Place {
  readonly href: string;
  readonly name: readonly StepPart[];
}

export function placesOf(features: readonly FeatureView[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { file, path, rules } of features)
    for (const { scenarios } of rules)
      for (const { anchor, name, lines } of scenarios)
        for (const line of lines) places.set(`${file}:${line}`, { href: `${path}#${anchor}`, name });
  return places;
}

/** The rows of one outline are shown as one scenario. */
function grouped(
  own: readonly PlannedScenario[],
  places: ReadonlyMap<string, Place>,
): ClauseView['scenarios'] {
  const groups = Map.groupBy(own, ({ feature, line }) => places.get(`${feature}:${line}`)?.href ?? '');
  return [...groups].map(([href, [first, ...more]]) => {
    const place = `${first?.feature}:${first?.line}`;
    return { name: places.get(place)?.name ?? [], place, href, rows: more.length + 1 };
  });
}

function onTarget(id: string, { folder, target, results }: KeptRun): ClauseOnTarget[] {
  const found = results.clauses.find((clause) => clause.id === id);
  if (found === undefined) return [];
  const { word, tone } = RESULTS[found.result];
  const bad = results.scenarios.filter(
    (scenario) => scenario.clauses.includes(id) && scenario.result !== 'passed',
  );
  const reasons = bad.flatMap(({ name, reason }) =>
    reason === undefined ? [] : [{ scenario: name, text: cut(reason) }],
  );
  return [
    {
      target,
      definition: results.definition.name,
      folder,
      word,
      tone,
      reasons: [...new Map(reasons.map((one) => [one.text, one])).values()],
    },
  ];
}

function cut(reason: string): string {
  const line = reason.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON)}…`;
}

/** @param scenarios all. */
export function toDivergence(
  { target, clause, scenario: id, reason, link, expires }: KnownDivergence,
  scenarios: readonly PlannedScenario[],
  places: ReadonlyMap<string, Place>,
): DivergenceView {
  const scenario = scenarios.find((one) => one.id === id);
  return {
    target,
    subject: clause ?? id?.replace(/^.*?\.feature: /, '') ?? '',
    href: clause ? clausePath(clause) : places.get(`${scenario?.feature}:${scenario?.line}`)?.href,
    clauses: clause ? [clause] : (scenario?.clauses ?? []),
    reason,
    link,
    expires,
  };
}
