import { isRefusal, tellingExchange } from '../run/failure.ts';
import type { ClauseResult, Results, ScenarioResult } from '../run/results.ts';
import { hasOwnCause } from './cause.ts';

/** One group of failures: the clauses that the same scenarios decide. */
export interface Failure {
  /** The clause, and others that its scenarios decide; empty if a scenario has none. */
  readonly clauses: readonly ClauseResult[];
  /** The failed scenarios, the most relevant first. */
  readonly scenarios: readonly [ScenarioResult, ...ScenarioResult[]];
  /** True if it most likely only follows from other failures. */
  readonly follows: boolean;
}

/**
 * What failed, each scenario once, the most specific clause first: a failed `Then` is more specific than a failed
 * call, and that more than a scenario that failed before its own subject. A journey, which uses all calls, comes last.
 * Of two equally specific scenarios, the one with shorter calls comes first, and of two such clauses the one that the
 * catalogue lists first.
 */
export function failuresOf({
  scenarios,
  clauses,
  interface: api,
}: Pick<Results, 'scenarios' | 'clauses' | 'interface'>): Failure[] {
  const groups = new Map<string, { clauses: ClauseResult[]; scenarios: ScenarioResult[] }>();
  for (const scenario of scenarios) {
    if (scenario.result !== 'failed' && scenario.result !== 'error') continue;
    const own = clauses.filter(({ id }) => scenario.clauses.includes(id));
    const key = own[0]?.id ?? scenario.id;
    const group = groups.get(key) ?? { clauses: [], scenarios: [] };
    group.scenarios.push(scenario);
    for (const clause of own) if (!group.clauses.includes(clause)) group.clauses.push(clause);
    groups.set(key, group);
  }
  const ranked = [...groups.values()].map(({ clauses: own, scenarios: failed }) => {
    const sorted = failed.toSorted(
      (one, other) => distance(one) - distance(other) || size(one) - size(other),
    );
    return { clauses: own, scenarios: sorted as [ScenarioResult, ...ScenarioResult[]] };
  });
  const failing = new Set(ranked.flatMap(({ clauses: own }) => own.map(({ id }) => id)));
  const breaksWithAnother = ({ follows = [] }: ClauseResult) => follows.some((id) => failing.has(id));
  const orderOf = ({ clauses: own }: Group) => clauses.findIndex(({ id }) => id === own[0]?.id);
  const isOwn = (scenario: ScenarioResult) => hasOwnCause(scenario, api, failing);
  const isRepeated = repeating(
    ranked.toSorted((one, other) => orderOf(one) - orderOf(other)),
    isOwn,
  );
  const nearest = Math.min(...ranked.map(({ scenarios: [first] }) => distance(first)));
  return ranked
    .map((group) => {
      const own = distance(group.scenarios[0]);
      const order = orderOf(group);
      // A weakness of its own has to be fixed by itself.
      const isOfAnother =
        group.clauses.length > 0 && group.clauses.every(breaksWithAnother) && !group.scenarios.some(isOwn);
      // What follows comes after all that may be its cause.
      return isOfAnother || isRepeated(group)
        ? { ...group, follows: true, own: own + OF_A_JOURNEY, order }
        : { ...group, follows: own >= FAR && nearest < FAR, own, order };
    })
    .toSorted(
      (one, other) =>
        one.own - other.own || one.clauses.length - other.clauses.length || one.order - other.order,
    )
    .map(({ own: _, order: _order, ...failure }) => failure);
}

type Group = Pick<Failure, 'clauses' | 'scenarios'>;

/**
 * Whether one wrong answer, which breaks other clauses as well, explains all failures of a group: a right call that is
 * refused, or a failure of the gateway itself, belongs to the first clause that it breaks; other answers to the clauses
 * that the catalogue calls alike.
 * @param groups in the catalogue's order.
 * @param isOwn whether the definition shows a weakness that explains a failure: what a right call is answered may be a wrong
 * answer to others as well.
 */
function repeating(
  groups: readonly Group[],
  isOwn: (scenario: ScenarioResult) => boolean,
): (group: Group) => boolean {
  const refusals = groups.filter(({ scenarios }) => scenarios.some(isRefusal));
  const owners = new Map<string, Group>();
  for (const group of refusals)
    for (const scenario of group.scenarios.filter(isRefusal))
      if (!owners.has(answerOf(scenario))) owners.set(answerOf(scenario), group);
  for (const group of groups)
    for (const answer of group.scenarios.map(answerOf))
      if (GATEWAY_FAILURE.test(answer) && !owners.has(answer)) owners.set(answer, group);
  return (group) => {
    const alike = groups.filter(({ clauses }) =>
      clauses.some(({ id }) => group.clauses.every((clause) => clause.alike?.includes(id))),
    );
    const told = new Set(alike.flatMap(({ scenarios }) => scenarios.map(answerOf)));
    return (
      group.clauses.length > 0 &&
      group.scenarios.every((scenario) => {
        const answer = answerOf(scenario);
        if (told.has(answer)) return true;
        const mayFollow = isRefusal(scenario) || GATEWAY_FAILURE.test(answer) || !isOwn(scenario);
        const owner = owners.get(answer);
        return mayFollow && owner !== undefined && owner !== group;
      })
    );
  };
}

/** Of the gateway's own, without a type of Kinesis's. */
const GATEWAY_FAILURE = /^500 .*(?:Internal server error|API_CONFIGURATION_ERROR)/;

/** The answer that a failure is about, without the ids in it. */
function answerOf(scenario: ScenarioResult): string {
  const { status, body } = tellingExchange(scenario)?.response ?? { status: 0, body: '' };
  return `${status} ${body.slice(0, MAX_COMPARED).replaceAll(/[\da-f]{8}[\da-f-]*|\d+/gi, '#')}`;
}

const MAX_COMPARED = 300;

export interface RankedScenario {
  readonly scenario: ScenarioResult;
  /** Whether its group follows from others. */
  readonly follows: boolean;
}

/** The scenarios of `failuresOf` in order. */
export function rankedScenarios(
  results: Pick<Results, 'scenarios' | 'clauses' | 'interface'>,
): RankedScenario[] {
  return failuresOf(results).flatMap(({ scenarios, follows }) =>
    scenarios.map((scenario) => ({ scenario, follows })),
  );
}

const STEPS = { outcome: 0, action: 1, context: 2 } as const;
/** From this distance on, a failure may follow from another. */
const FAR = STEPS.context;
const OF_A_JOURNEY = 3;

/**
 * The number of characters of its calls. A scenario without calls comes last. Finite, so that differences can be
 * computed.
 */
function size({ exchanges }: ScenarioResult): number {
  return exchanges.length === 0 ? Number.MAX_SAFE_INTEGER : JSON.stringify(exchanges).length;
}

/** How far the failed step is from the subject of the scenario. */
function distance({ feature, failedStep, result }: ScenarioResult): number {
  // An error of the suite or the target explains all other failures.
  if (result === 'error') return -1;
  const isJourney = /(^|\/)journeys?(\/|[-.])/.test(feature);
  return (isJourney ? OF_A_JOURNEY : 0) + STEPS[failedStep?.type ?? 'outcome'];
}
