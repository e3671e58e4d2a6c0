import { hasTutorialShape } from '../../../infra/definition/interface/classify.ts';
import { HEAD, rowOf, summarise } from '../../../infra/definition/interface/describe.ts';
import { originOf } from '../../run/divergences.ts';
import { verdictInWords } from '../../run/exclusions.ts';
import type { ClauseOutcome, ClauseResult, Results } from '../../run/results.ts';
import { plural, targetInWords } from '../../run/verdict.ts';
import { causesOf, untold } from '../cause.ts';
import { type RankedScenario, rankedScenarios } from '../failures.ts';
import { repeatingCommand } from '../repeat.ts';
import { GRADE_NAMES } from '../text.ts';
import { type FailureView, failureView } from './failure-view.ts';

/** The colour of a result. The page always shows the word as well. */
export type Tone = 'good' | 'bad' | 'diverged' | 'open' | 'quiet';

export interface ClauseView {
  readonly id: string;
  readonly statement: string;
  readonly level: string;
  readonly grade: string;
  readonly source: string | undefined;
  /** Why its first call was refused, if the answer says so. */
  readonly causes: readonly string[];
  readonly remedy: string | undefined;
  /** Notes on how it counts. */
  readonly remarks: readonly string[];
  readonly result: string;
  readonly tone: Tone;
  /** Why it is inconclusive, if it is. */
  readonly why: string | undefined;
  readonly scenarios: readonly {
    readonly name: string;
    readonly place: string;
    readonly result: string;
    readonly reason: string | undefined;
  }[];
  readonly failures: readonly FailureView[];
  readonly repeat: string | undefined;
}

export interface NounView {
  readonly name: string;
  readonly clauses: readonly ClauseView[];
}

/** The contents of the page as plain data; the template only formats it. */
export interface PageView {
  readonly title: string;
  readonly verdict: string;
  readonly tone: Tone;
  readonly lead: string;
  readonly isError: boolean;
  readonly counts: readonly {
    readonly count: number;
    readonly label: string;
    readonly tone: Tone;
    readonly href: string;
    readonly start: number;
    readonly width: number;
  }[];
  readonly scenarios: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly calls: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly absent: readonly string[];
  readonly failed: readonly NounView[];
  /** Failed or broken scenarios that decide no selected clause. */
  readonly strays: readonly FailureView[];
  /** The target, and where they come from. */
  readonly divergencesOf: string;
  readonly divergences: readonly {
    readonly subject: string;
    /** Of a clause. */
    readonly statement: string | undefined;
    readonly reason: string;
    readonly link: string;
    readonly isLink: boolean;
    readonly status: string;
    readonly tone: Tone;
  }[];
  readonly unsettled: readonly ClauseView[];
  readonly exclusions: readonly { readonly clause: string; readonly reason: string }[];
  readonly weaknesses: readonly { readonly clauses: string; readonly what: string }[];
  readonly nouns: readonly NounView[];
  readonly files: readonly string[];
  readonly suite: string;
  readonly startedAt: string;
}

export const RESULTS: Record<
  ClauseOutcome,
  { readonly word: string; readonly tone: Tone; readonly href: string }
> = {
  failed: { word: 'failed', tone: 'bad', href: '#failed' },
  diverged: { word: 'diverged as listed', tone: 'diverged', href: '#divergences' },
  flaky: { word: 'flaky', tone: 'open', href: '#unsettled' },
  'not-observable': { word: 'not observable', tone: 'open', href: '#unsettled' },
  'not-run': { word: 'not run', tone: 'open', href: '#unsettled' },
  passed: { word: 'passed', tone: 'good', href: '#clauses' },
  'not-applicable': { word: 'not applicable', tone: 'quiet', href: '#clauses' },
};

export const NOUNS: Readonly<Record<string, string>> = {
  DEF: 'Definition',
  ROLE: 'Execution role',
  LIST: 'List streams',
  CREATE: 'Create a stream',
  DESC: 'Describe a stream',
  DEL: 'Delete a stream',
  PUT: 'Put a record',
  PUTS: 'Put records',
  ITER: 'Get a shard iterator',
  GET: 'Get records',
  GW: 'The gateway in front',
  INJ: 'Injection',
  JOURNEY: 'Journeys',
  SAFE: 'Any Kinesis proxy in production',
};

/** @param files the names of the run's other files in the same folder. */
export function pageView(results: Results, files: readonly string[]): PageView {
  const { target, definition, summary, clauses } = results;
  const ranking = rankedScenarios(results);
  const views = clauses.map((clause) => clauseView(clause, results, ranking));
  const known = new Set(clauses.map(({ id }) => id));
  const isError = results.verdict === 'error';
  const verdict = verdictInWords(results);
  return {
    title: `${sentence(verdict)}: ${definition.name} on ${targetInWords(target)}`,
    verdict: sentence(isError ? 'no verdict' : verdict),
    tone: { conformant: 'good', 'not-conformant': 'bad', partial: 'open', error: 'open' }[
      results.verdict
    ] as Tone,
    lead: leadOf(results),
    isError,
    counts: countsOf(results),
    scenarios: scenarioLine(summary.scenarios, results.durationMs),
    facts: factsOf(results),
    calls: { head: HEAD, rows: results.interface?.calls.map(rowOf) ?? [] },
    absent: results.interface?.absent ?? [],
    failed: byNoun(
      views
        .filter(({ tone, failures }) => tone === 'bad' || failures.length > 0)
        .toSorted((one, other) => rankOf(one, ranking) - rankOf(other, ranking)),
    ),
    strays: ranking
      .filter(({ scenario }) => !scenario.clauses.some((id) => known.has(id)))
      .map(({ scenario }) => failureView(scenario)),
    divergencesOf: originOf(results),
    divergences: results.divergences.map((row) => divergenceView(row, clauses)),
    unsettled: views.filter(({ tone }) => tone === 'open'),
    exclusions: results.exclusions ?? [],
    weaknesses: weaknessesOf(results),
    nouns: byNoun(views),
    files,
    suite: `kinesis-proxy-conformance ${results.suite.version}, commit ${results.suite.commit.slice(0, 12)}`,
    startedAt: results.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
  };
}

/** Sorts a clause by its most specific failure. */
function rankOf({ id }: ClauseView, ranking: readonly RankedScenario[]): number {
  const at = ranking.findIndex(({ scenario }) => scenario.clauses.includes(id));
  return at < 0 ? ranking.length : at;
}

function sentence(words: string): string {
  const text = words.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The verdict's reason; a mere list of clauses is replaced by their number, since the page lists them. */
function leadOf({ verdict, because, clauses }: Results): string {
  if (verdict !== 'not-conformant' || !/^failed: [A-Z]+-\d+[a-z]?(, [A-Z]+-\d+[a-z]?)*$/.test(because))
    return `${because.charAt(0).toUpperCase()}${because.slice(1)}.`.replace(/([.!?…])\.$/, '$1');
  const judged = clauses.filter(({ result }) => result !== 'not-applicable').length;
  const failed = clauses.filter(({ result, gating }) => result === 'failed' && gating).length;
  return `${failed} of ${plural(judged, 'clause')} failed.`;
}

function clauseView(clause: ClauseResult, results: Results, ranking: readonly RankedScenario[]): ClauseView {
  const own = results.scenarios.filter(({ id }) => clause.scenarios.includes(id));
  const bad = ranking.filter(({ scenario }) => clause.scenarios.includes(scenario.id));
  const { word, tone } = RESULTS[clause.result];
  const open = own.find(({ result }) => result === 'skipped' || result === 'flaky');
  return {
    id: clause.id,
    statement: clause.statement,
    level: clause.level,
    grade: GRADE_NAMES[clause.grade],
    source: clause.source,
    causes: bad[0] ? causesOf(bad[0].scenario, results.interface) : [],
    remedy: clause.remedy,
    remarks: [
      ...(clause.gating ? [] : ['reported only: it does not decide the verdict']),
      ...(bad.length > 0 && bad.every(({ follows }) => follows)
        ? ['follows from the failures above, most likely']
        : []),
      ...(clause.inference ? [`this run ${clause.inference} on AWS what was inferred`] : []),
    ],
    result: word,
    tone,
    why:
      tone !== 'open'
        ? undefined
        : (open?.reason ??
          (open?.result === 'flaky'
            ? 'it passed only on a retry'
            : own.length === 0
              ? 'no scenario ran for it'
              : undefined)),
    scenarios: own.map(({ name, feature, line, result, reason }) => ({
      name,
      place: `${feature}:${line}`,
      result: result === 'diverged' ? 'diverged as listed' : result,
      reason: result === 'diverged' || result === 'skipped' ? reason?.split('\n')[0] : undefined,
    })),
    failures: bad.map(({ scenario }) => failureView(scenario)),
    repeat: bad.length > 0 && results.options ? repeatingCommand(results.options, clause.id) : undefined,
  };
}

function byNoun(clauses: readonly ClauseView[]): NounView[] {
  const groups = Map.groupBy(clauses, ({ id }) => id.slice(0, id.lastIndexOf('-')));
  return [...groups].map(([prefix, own]) => ({ name: NOUNS[prefix] ?? prefix, clauses: own }));
}

function countsOf({ clauses, exclusions = [] }: Results): PageView['counts'] {
  let start = 0;
  const counts = (Object.keys(RESULTS) as ClauseOutcome[]).flatMap((result) => {
    const { word, tone, href } = RESULTS[result];
    const count = clauses.filter((clause) => clause.result === result).length;
    if (count === 0 && result !== 'passed' && result !== 'failed') return [];
    const width = (100 * count) / Math.max(clauses.length, 1);
    const row = { count, label: word, tone: count === 0 ? 'quiet' : tone, href, start, width } as const;
    start += width;
    return [{ ...row, href: count === 0 ? '' : href }];
  });
  if (exclusions.length === 0) return counts;
  const excluded = { label: 'excluded', tone: 'quiet', href: '#excluded', start, width: 0 } as const;
  return [...counts, { ...excluded, count: exclusions.length }];
}

function scenarioLine(counts: Results['summary']['scenarios'], durationMs: number): string {
  const { error, ...rest } = counts;
  const parts = Object.entries({ ...rest, 'broke off': error }).filter(([, count]) => count > 0);
  const all = parts.map(([word, count]) => `${count} ${word}`).join(', ') || 'none ran';
  return `${all}, in ${(durationMs / 1000).toFixed(1)} s`;
}

function factsOf(results: Results): PageView['facts'] {
  const { target, definition, selection, interface: offered, throttling } = results;
  const details = Object.entries(target.details).map(([name, value]) => `${name} ${value}`);
  const where = [target.endpoint, target.region, ...details].filter((part) => part !== '');
  const isTutorial = offered && hasTutorialShape(offered) && offered.calls.length === 8;
  const repeated = throttling
    ? throttling.throttled + throttling.serverErrors + throttling.lostConnections
    : 0;
  return [
    {
      label: 'Target',
      value: `${targetInWords(target)}${where.length ? ` (${where.join(', ')})` : ''}`,
    },
    {
      label: 'Definition',
      value: `${definition.name} (${definition.form ?? 'deployed already'}, sha256 ${definition.sha256.slice(0, 12)})`,
    },
    ...(definition.leftOut ?? []).map(({ what, why }) => ({ label: 'Left out', value: `${what}: ${why}` })),
    ...(offered
      ? [
          {
            label: 'Interface',
            value: `${isTutorial ? "8 of 8 calls, at the tutorial's paths" : summarise(offered)}${offered.source === 'derived' ? '' : ` (by ${offered.source})`}`,
          },
        ]
      : []),
    {
      label: 'Judged',
      value: `${selection.description}${selection.complete ? '' : ' (a part of the contract)'}${results.contract === 'current' ? '' : `, contract ${results.contract}`}`,
    },
    ...(repeated > 0
      ? [{ label: 'Repeated', value: `${repeated} calls that the target throttled or lost` }]
      : []),
  ];
}

function divergenceView(
  { clause, scenario, reason, link, expires, status }: Results['divergences'][number],
  clauses: readonly ClauseResult[],
): PageView['divergences'][number] {
  const STATUS = {
    expected: [`listed until ${expires}`, 'diverged'],
    stale: ['stale: it passes, so take it off the list', 'bad'],
    expired: [`expired on ${expires}`, 'bad'],
    unneeded: ['passes with this API', 'open'],
    undecided: ['passes in this shard; the merged result decides', 'open'],
  } as const;
  const [words, tone] = STATUS[status];
  const subject = clause ?? scenario ?? '';
  const statement = clauses.find(({ id }) => id === clause)?.statement;
  return { subject, statement, reason, link, isLink: /^https?:\/\/[^\s]+$/.test(link), status: words, tone };
}

function weaknessesOf(results: Results): PageView['weaknesses'] {
  const rows = [
    ...results.scenarios.flatMap(({ clauses, weaknesses = [] }) =>
      weaknesses.map((what) => ({ clauses: clauses.join(' '), what })),
    ),
    ...untold(results),
  ];
  return [...new Map(rows.map((row) => [`${row.clauses} ${row.what}`, row])).values()];
}
