import { SOURCES } from '../../infra/targets/source.ts';
import type { Body, ClauseEvidence, Json, NormalExchange, ScenarioEvidence } from './evidence.ts';

/** One difference of the newer evidence: its place in the answer, and both values as text. */
export interface Difference {
  readonly clause: string;
  readonly scenario: string;
  /** `PUT /streams/<stream:1>/record`. */
  readonly request: string;
  /** `status`, `header content-type`, `body.Records.0.ShardId`, `result`, `calls`. */
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** What evidence from AWS shows about an inferred clause. */
export interface Inference {
  readonly clause: string;
  readonly statement: string;
  readonly outcome: 'confirmed' | 'refuted' | 'undecided';
  /** What the other evidence shows about it. */
  readonly other: string;
}

export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly differences: readonly Difference[];
  /** Clauses of which one side could not try any scenario that the other tried. */
  readonly notCompared: readonly string[];
  /** Clauses that only one side has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** For every clause of grade I, if one side is evidence from AWS; otherwise undefined. */
  readonly inferences: readonly Inference[] | undefined;
}

type EvidenceByClause = ReadonlyMap<string, ClauseEvidence>;

/** How two sets of evidence differ, clause by clause, call by call. */
export function compareEvidence(before: EvidenceByClause, after: EvidenceByClause): Comparison {
  const both = [...before.keys()].filter((id) => after.has(id));
  const differences = both.flatMap((id) =>
    compareClause(before.get(id) as ClauseEvidence, after.get(id) as ClauseEvidence),
  );
  return {
    before: labelOf(before),
    after: labelOf(after),
    differences,
    notCompared: both.filter((id) => !isCompared(before.get(id), after.get(id))),
    onlyBefore: [...before.keys()].filter((id) => !after.has(id)),
    onlyAfter: [...after.keys()].filter((id) => !before.has(id)),
    inferences: inferencesOf(before, after),
  };
}

/** The observed target, and the day. */
export function labelOf(evidence: EvidenceByClause): string {
  const [first] = evidence.values();
  if (first === undefined) return 'nothing';
  const { source, recorded } = first;
  const { name, version } = recorded.target;
  return `${source}: ${name}${version === 'unknown' ? '' : ` ${version}`}, ${recorded.date}`;
}

function inferencesOf(before: EvidenceByClause, after: EvidenceByClause): Comparison['inferences'] {
  const [aws] = SOURCES;
  const reference = [before, after].find((side) => [...side.values()].some(({ source }) => source === aws));
  if (reference === undefined) return undefined;
  const other = reference === before ? after : before;
  return [...reference.values()]
    .filter(({ grade }) => grade === 'I')
    .map(({ clause, statement, result }) => ({
      clause,
      statement,
      outcome: result === 'passed' ? 'confirmed' : result === 'failed' ? 'refuted' : 'undecided',
      other: other.get(clause)?.result ?? 'not recorded',
    }));
}

function isCompared(before: ClauseEvidence | undefined, after: ClauseEvidence | undefined): boolean {
  const tried = (evidence: ClauseEvidence | undefined) =>
    (evidence?.scenarios ?? []).filter(({ result }) => result !== 'skipped').map(({ id }) => id);
  const others = tried(after);
  return tried(before).some((id) => others.includes(id));
}

function compareClause(before: ClauseEvidence, after: ClauseEvidence): Difference[] {
  return before.scenarios.flatMap((old) => {
    const young = after.scenarios.find(({ id }) => id === old.id);
    return young ? compareScenario(before.clause, old, young) : [];
  });
}

function compareScenario(clause: string, old: ScenarioEvidence, young: ScenarioEvidence): Difference[] {
  const differences: Difference[] = [];
  const add = (request: string, where: string, was: string, is: string) =>
    differences.push({ clause, scenario: old.id, request, where, before: was, after: is });
  // A scenario that one side could not try has nothing to compare.
  if (old.result === 'skipped' || young.result === 'skipped') return [];
  if (old.result !== young.result) add('', 'result', old.result, young.result);
  const alike = old.exchanges.length === young.exchanges.length;
  const settle = alike ? (value: unknown) => JSON.stringify(value) : unnumbered;
  const groups = groupsOf(old.exchanges, settle);
  const others = groupsOf(young.exchanges, settle);
  for (const key of new Set([...groups.keys(), ...others.keys()])) {
    const was = groups.get(key) ?? [];
    const is = others.get(key) ?? [];
    const request = requestLine(was[0] ?? (is[0] as NormalExchange));
    const polled = was.length !== is.length && was.length > 0 && is.length > 0 && request.startsWith('GET ');
    if (was.length !== is.length && !polled) add(request, 'calls', String(was.length), String(is.length));
    // A wait repeats its call as often as needed, so only the last call counts.
    const pairs = polled
      ? [[was.at(-1), is.at(-1)] as const]
      : was.slice(0, is.length).map((exchange, i) => [exchange, is[i]] as const);
    for (const [a, b] of pairs)
      if (a && b)
        for (const { where, before, after } of compareAnswers(a, b, settle))
          add(request, where, before, after);
  }
  return differences;
}

function groupsOf(exchanges: readonly NormalExchange[], settle: (value: unknown) => string) {
  const groups = new Map<string, NormalExchange[]>();
  for (const exchange of exchanges) {
    const key = settle(exchange.request);
    groups.set(key, [...(groups.get(key) ?? []), exchange]);
  }
  return groups;
}

/** Without the numbers of placeholders, which depend on the number of earlier looks. */
function unnumbered(value: unknown): string {
  return JSON.stringify(value)?.replace(/<([a-z-]+):\d+>/g, '<$1>') ?? '';
}

export function requestLine({ request }: NormalExchange): string {
  return `${request.method} ${request.path}`;
}

type Found = Pick<Difference, 'where' | 'before' | 'after'>;

function compareAnswers(
  { response: old }: NormalExchange,
  { response: young }: NormalExchange,
  settle: (value: unknown) => string,
): Found[] {
  const found: Found[] = [];
  if (old.status !== young.status)
    found.push({ where: 'status', before: String(old.status), after: String(young.status) });
  for (const name of new Set([...Object.keys(old.headers), ...Object.keys(young.headers)].sort())) {
    const [before = 'absent', after = 'absent'] = [old.headers[name], young.headers[name]];
    if (settle(before) !== settle(after)) found.push({ where: `header ${name}`, before, after });
  }
  return [...found, ...compareBodies(old.body, young.body, settle)];
}

function compareBodies(old: Body, young: Body, settle: (value: unknown) => string): Found[] {
  if (old && young && 'json' in old && 'json' in young)
    return compareJson(old.json, young.json, 'body', settle);
  const [before, after] = [textOf(old), textOf(young)];
  return settle(before) === settle(after) ? [] : [{ where: 'body', before, after }];
}

function compareJson(
  old: Json | undefined,
  young: Json | undefined,
  where: string,
  settle: (value: unknown) => string,
): Found[] {
  if (isContainer(old) && isContainer(young) && Array.isArray(old) === Array.isArray(young)) {
    const names = new Set([...Object.keys(old), ...Object.keys(young)]);
    return [...names].flatMap((name) =>
      compareJson(memberOf(old, name), memberOf(young, name), `${where}.${name}`, settle),
    );
  }
  if (settle(old) === settle(young)) return [];
  return [{ where, before: shown(old), after: shown(young) }];
}

type Container = readonly Json[] | { readonly [name: string]: Json };

function isContainer(value: Json | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function memberOf(value: Container, name: string): Json | undefined {
  return Object.getOwnPropertyDescriptor(value, name)?.value as Json | undefined;
}

export function textOf(body: Body): string {
  if (body === undefined) return 'no body';
  return 'json' in body ? JSON.stringify(body.json) : body.text;
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
