import type { Weakness } from '../../infra/definition/interface/types.ts';
import { isRefusal, tellingExchange } from '../run/failure.ts';
import type { Results, ScenarioResult } from '../run/results.ts';

/** Why a correct call was refused, by patterns of its answer; the first match counts. */
const REFUSALS: readonly [RegExp, string][] = [
  [
    /AccessDenied/,
    'Kinesis refused the execution role: its policy does not allow this action on this stream, or the request after the template names another stream.',
  ],
  [/ResourceNotFound/, 'Kinesis has no such stream: see the stream name in the request after the template.'],
  [
    /SerializationException/,
    'Kinesis cannot read the request after the template: it is not JSON, a number is quoted or a text is not, or Data is not base64.',
  ],
  [/ValidationException|InvalidArgument/, 'Kinesis rejects a value in the request after the template.'],
  [
    /Internal server error|API_CONFIGURATION_ERROR/,
    'API Gateway failed by itself: it may not assume the role, cannot render the template, or has no method response for the status.',
  ],
];

/**
 * The likely causes of a failure, each in one sentence: for a right call that was refused what its answer says, and
 * the weaknesses of the called method that the definition shows and that break the scenario's clauses.
 */
export function causesOf(
  scenario: Pick<ScenarioResult, 'clauses' | 'exchanges' | 'reason'>,
  api: Results['interface'],
): string[] {
  const exchange = tellingExchange(scenario);
  if (exchange === undefined) return [];
  const isCalled = calls(exchange.request);
  const weak = (api?.weak ?? []).filter(
    ({ where, clauses = [] }) => clauses.some((id) => scenario.clauses.includes(id)) && isCalled(where),
  );
  const refusal = isRefusal(scenario)
    ? REFUSALS.find(([pattern]) => pattern.test(exchange.response.body))?.[1]
    : undefined;
  // Two inputs of one member may have the same weakness.
  const known = new Set(weak.map(({ where, why }) => `${where}: ${why}.`));
  return [...(refusal === undefined ? [] : [refusal]), ...known];
}

/** Whether the definition shows a weakness of the called method that breaks the scenario's clauses and no others of these. */
export function hasOwnCause(
  scenario: ScenarioResult,
  api: Results['interface'],
  failing: ReadonlySet<string>,
): boolean {
  const exchange = tellingExchange(scenario);
  if (exchange === undefined) return false;
  const isCalled = calls(exchange.request);
  return (api?.weak ?? []).some(
    ({ where, clauses = [] }) =>
      clauses.some((id) => scenario.clauses.includes(id)) &&
      clauses.every((id) => scenario.clauses.includes(id) || !failing.has(id)) &&
      isCalled(where),
  );
}

/** The weaknesses that no failure tells: they break no clause that failed, or are of a method that no failure is about. */
export function untold({
  interface: api,
  clauses,
  scenarios,
}: Pick<Results, 'interface' | 'clauses' | 'scenarios'>): {
  readonly clauses: string;
  readonly what: string;
}[] {
  const failed = new Set(clauses.flatMap(({ id, result }) => (result === 'failed' ? [id] : [])));
  const failures = scenarios.filter(({ result }) => result === 'failed');
  const isTold = ({ where, clauses: broken = [] }: Weakness) => {
    if (!broken.some((id) => failed.has(id))) return false;
    if (!IS_METHOD.test(where)) return true;
    const ofClause = failures.filter((one) => one.clauses.some((id) => broken.includes(id)));
    return ofClause.some(({ exchanges }) => exchanges.some(({ request }) => calls(request)(where)));
  };
  return (api?.weak ?? [])
    .filter((weakness) => !isTold(weakness))
    .map(({ where, why, clauses: broken = [] }) => ({ clauses: broken.join(' '), what: `${where}: ${why}` }));
}

const IS_METHOD = /^[A-Z]+ \//;

/** Whether the place of a weakness, such as `PUT /streams/{name}: StreamName`, is the method that a request calls. */
export function calls({ method, url }: { readonly method: string; readonly url: string }) {
  const path = (url.split('?')[0] ?? '').split('/');
  return (where: string): boolean => {
    const [, verb = '', template = ''] = /^(\S+) ([^\s:]+)/.exec(where) ?? [];
    const wanted = template.split('/').slice(1);
    const isGreedy = template.endsWith('+}');
    const own = path.slice(-wanted.length);
    const isOn = wanted.every((step, index) => step.startsWith('{') || step === own[index]);
    return verb === method && (isGreedy || isOn);
  };
}
