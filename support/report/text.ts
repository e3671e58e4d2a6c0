import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import { hasTutorialShape } from '../../infra/definition/interface/classify.ts';
import { summarise, undeterminedIn } from '../../infra/definition/interface/describe.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { called } from '../../infra/invocation.ts';
import { curlLine } from '../client/curl.ts';
import type { Exchange } from '../client/exchange.ts';
import { oneLine, visibleAll } from '../client/untrusted-text.ts';
import type { Grade } from '../run/catalogue.ts';
import { originOf } from '../run/divergences.ts';
import { verdictInWords } from '../run/exclusions.ts';
import { plainReason, tellingExchange } from '../run/failure.ts';
import type { ClauseResult, DivergenceResult, Results, ScenarioResult } from '../run/results.ts';
import { plural, targetInWords } from '../run/verdict.ts';
import { causesOf, untold } from './cause.ts';
import { type Failure, failuresOf } from './failures.ts';
import { RESULTS_FILE } from './json.ts';
import { repeatingCommand } from './repeat.ts';
import { tellingHeaders } from './telling-headers.ts';

export const GRADE_NAMES: Record<Grade, string> = {
  T: 'tutorial',
  R: 'recorded on AWS',
  D: 'documented by AWS',
  I: 'inferred',
};

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;
type Look = { readonly paint: Paint; readonly isKept: boolean };

/** The maximum length of a quoted answer or body. */
const QUOTE = 300;
/** The longest line that a terminal accepts: 4,095 bytes including the line end (termios(3), canonical mode). */
const MAX_CURL_LINE = 4_000;

interface TextOptions {
  readonly color: boolean;
  readonly columns?: number | undefined;
  readonly isKept?: boolean;
}

/**
 * A run's text summary: short if everything passed, else with enough of each failure to see what the API does wrong.
 * @param options.columns the terminal's width, to which lines are wrapped; undefined: lines are not wrapped.
 * @param options.isKept whether the API and the scenarios' streams still exist, so that calls can be repeated.
 */
export function toText(raw: Results, options: TextOptions): string {
  const results = visibleAll(raw);
  const paint: Paint = options.color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
  const look: Look = { paint, isKept: options.isKept === true };
  const lines =
    results.verdict === 'error'
      ? unjudged(results, look)
      : [
          ...failures(results, look),
          ...divergences(results, paint),
          ...unsettled(results),
          ...untried(results),
          ...excluded(results),
          ...weaknesses(results),
          ...verdict(results, paint),
        ];
  return `${lines.map((line) => fitted(line, options.columns)).join('\n')}\n`;
}

/** Shows only the error. A broken run has no verdict, and its reports have the rest. */
function unjudged(results: Results, look: Look): string[] {
  const executed = results.scenarios.filter(({ result }) => result !== 'skipped').length;
  const bad = results.scenarios.filter(({ result }) => result === 'failed' || result === 'error').length;
  return [
    ...failures(
      { ...results, scenarios: results.scenarios.filter(({ result }) => result === 'error') },
      look,
    ),
    `verdict    ${look.paint(['bold', 'red'], 'error')}: ${oneLine(results.because)}`,
    ...(executed === 0 ? [] : [`before     ${plural(executed, 'scenario')} ran, ${bad} of them failed`]),
  ];
}

const NARROWEST = 40;
const WIDEST = 200;

/**
 * Wraps a line below its text, not below the name of its field. Lines to paste are not wrapped. What wraps is loaded here,
 * since its tables of widths take long and most runs have no terminal.
 */
function fitted(line: string, columns: number | undefined): string {
  if (columns === undefined || PASTED.test(line)) return line;
  const width = Math.min(Math.max(columns, NARROWEST), WIDEST);
  const [indent = ''] = /^(?:\s{3,}| {2}(?:[A-Za-z][a-z ]{0,8} +)?|[a-z]{1,10} {2,})/.exec(line) ?? [];
  const { default: wrapAnsi } = createRequire(import.meta.url)('wrap-ansi') as typeof import('wrap-ansi');
  const rest = wrapAnsi(line.slice(indent.length), width - indent.length, { trim: false, hard: false });
  return indent + rest.replaceAll(/ *\n */g, `\n${' '.repeat(indent.length)}`);
}

/** A shell command, or the continuation of one. */
const PASTED = /^ {2}(reproduce|call) |^ {12}-/;

function failures(results: Results, look: Look): string[] {
  const all = failuresOf(results);
  const own = all.filter(({ follows }) => !follows);
  const following = all.filter(({ follows }) => follows);
  return [
    ...own.flatMap((failure) => [...explain(failure, results, look), '']),
    ...(following.length === 0
      ? []
      : [
          'most likely consequences of these:',
          ...following.flatMap(({ clauses, scenarios }) =>
            scenarios.map((scenario) => `  ${idsOf(clauses)}: ${scenario.name} (${placeOf(scenario)})`),
          ),
          '',
        ]),
  ];
}

function explain({ clauses, scenarios }: Failure, results: Results, { paint, isKept }: Look): string[] {
  const [scenario, ...others] = scenarios;
  const mark = scenario.result === 'error' ? 'error' : 'failed';
  const step = scenario.failedStep;
  const exchange = tellingExchange(scenario);
  const lines = clauses.map(
    ({ id, level, grade, statement, gating }) =>
      `${paint('red', mark)} ${paint('bold', id)} (${level}, ${GRADE_NAMES[grade]}${gating ? '' : ', reported only'}): ${statement}`,
  );
  if (clauses.length === 0) lines.push(`${paint('red', mark)} ${scenario.name}`);
  for (const cause of causesOf(scenario, results.interface)) lines.push(field('cause', cause));
  for (const { remedy } of clauses) if (remedy !== undefined) lines.push(field('remedy', remedy));
  lines.push(field('scenario', `${scenario.name} (${placeOf(scenario)})`));
  if (step) lines.push(field('step', step.text));
  lines.push(...fields('seen', plainReason(scenario.reason ?? '')));
  for (const observation of scenario.observations) lines.push(...fields('Kinesis', quote(observation)));
  if (exchange) {
    const { request, response } = exchange;
    const told = (side: 'request' | 'response') => {
      const headers = tellingHeaders(scenario, exchange, side, results.interface);
      return headers.length === 0 ? '' : `(${quote(headers.join(', '))}) `;
    };
    lines.push(
      field(
        'request',
        `${request.method} ${request.url} ${told('request')}${quote(request.body ?? '(no body)')}`,
      ),
      field('answer', `${response.status} ${told('response')}${quote(response.body || '(no body)')}`),
    );
  }
  lines.push(...again(results, clauses, exchange, isKept));
  if (others.length > 0)
    lines.push(
      field(
        'also',
        `${plural(others.length, 'more scenario')}: ${others.map(({ name }) => name).join('; ')}`,
      ),
    );
  return lines;
}

/** The command that reproduces the failure, and the call, if it can still be made. */
function again(
  { options }: Results,
  [clause]: readonly ClauseResult[],
  exchange: Exchange | undefined,
  isKept: boolean,
): string[] {
  const lines: string[] = [];
  if (options !== undefined && clause !== undefined)
    lines.push(field('reproduce', repeatingCommand(options, clause.id)));
  if (exchange && isKept) lines.push(...fields('call', pasteable(exchange)));
  return lines;
}

function idsOf(clauses: readonly ClauseResult[]): string {
  return clauses.map(({ id }) => id).join(' ') || 'no clause';
}

/** The place that runs this scenario alone, as an argument of the run. */
function placeOf({ feature, line }: ScenarioResult): string {
  return `${feature}:${line}`;
}

/** Omits a line that is too long to paste, and one with a truncated body, since it would not repeat the call. */
function pasteable(exchange: Exchange): string {
  const line = curlLine(exchange);
  return line.length <= MAX_CURL_LINE
    ? line
    : `the body is too long to paste; ${RESULTS_FILE} has its beginning`;
}

/** One line of a failure's details. */
function field(name: string, value: string): string {
  return `  ${name.padEnd(10)}${oneLine(value)}`;
}

/** The same for multi-line text. */
function fields(name: string, value: string): string[] {
  return value.split('\n').map((line, index) => `  ${(index === 0 ? name : '').padEnd(10)}${line}`);
}

function quote(text: string): string {
  return text.length > QUOTE ? `${text.slice(0, QUOTE)}… (${text.length} characters)` : text;
}

function divergences(results: Results, paint: Paint): string[] {
  if (results.divergences.length === 0) return [];
  // One cause in the target often explains many scenarios.
  const groups = Map.groupBy(results.divergences, ({ reason, link, expires, status }) =>
    [status, reason, link, expires].join('\n'),
  );
  const rows = [...groups.values()].flatMap((group) => {
    const [{ reason, link, expires, status }] = group as [DivergenceResult];
    const subjects = group.map(({ clause, scenario }) => oneLine(clause ?? scenario ?? ''));
    const subject = subjects.length === 1 ? subjects[0] : `${subjects[0]}, and ${subjects.length - 1} more`;
    if (status === 'undecided')
      return `  ${subject}: passes in this shard; ${called('results merge')} decides whether it is stale`;
    if (status === 'unneeded') return `  ${subject}: passes with this API`;
    if (status === 'expected')
      return `  ${subject}: ${oneLine(reason)} (${oneLine(link)}; until ${oneLine(expires)})`;
    const what =
      status === 'stale' ? 'stale, since it passes: take it off the list' : `expired on ${oneLine(expires)}`;
    return subjects.map((one) => `  ${paint('red', one)}: ${what}`);
  });
  return [`known divergences of ${oneLine(originOf(results))}:`, ...rows, ''];
}

function unsettled(results: Results): string[] {
  const reasons = results.scenarios.filter(({ result }) => result === 'skipped' || result === 'flaky');
  const byReason = new Map<string, string[]>();
  for (const { id, result, scenarios } of results.clauses) {
    if (!['not-run', 'not-observable', 'flaky'].includes(result)) continue;
    const why = reasons.find(({ id: scenario }) => scenarios.includes(scenario))?.reason;
    const because = why ?? (scenarios.length === 0 ? 'no scenario ran for it' : undefined);
    const name = result.replace('-', ' ');
    // The scenario's reason may already say so.
    const text = because?.startsWith(name)
      ? oneLine(because)
      : [name, because && oneLine(because)].filter(Boolean).join(', ');
    byReason.set(text, [...(byReason.get(text) ?? []), id]);
  }
  if (byReason.size === 0) return [];
  return [
    'inconclusive (not counted as passed):',
    ...[...byReason].map(([text, ids]) => `  ${ids.join(', ')}: ${text}`),
    '',
  ];
}

/** Scenarios whose clauses were decided by others, with less evidence than on other targets. */
function untried({ scenarios }: Results): string[] {
  const all = scenarios.filter((scenario) => scenario.untried);
  if (all.length === 0) return [];
  const ids = [...new Set(all.flatMap(({ clauses }) => clauses))];
  return [
    `not tried, since this target cannot produce the condition: ${plural(all.length, 'scenario')} of ${ids.join(', ')}`,
    '',
  ];
}

function excluded({ exclusions = [] }: Results): string[] {
  if (exclusions.length === 0) return [];
  return [
    'excluded by the user:',
    ...exclusions.map(({ clause, reason }) => `  ${clause}: ${oneLine(reason)}`),
    '',
  ];
}

/** They do not affect the verdict, so they are separate from the failures. */
function weaknesses(results: Results): string[] {
  const rows = [
    ...results.scenarios.flatMap(({ clauses, weaknesses = [] }) =>
      weaknesses.map((what) => `  ${clauses.join(' ')}: ${oneLine(what)}`),
    ),
    ...untold(results).map(({ clauses, what }) =>
      clauses === '' ? `  ${oneLine(what)}` : `  ${clauses}: ${oneLine(what)}`,
    ),
  ];
  return rows.length === 0 ? [] : ['weaknesses of the definition (reported only):', ...new Set(rows), ''];
}

function verdict(results: Results, paint: Paint): string[] {
  const { summary, target, selection } = results;
  const color: Style =
    results.verdict === 'conformant' ? 'green' : results.verdict === 'partial' ? 'yellow' : 'red';
  const scope = selection.complete
    ? selection.description
    : `${selection.description} (a part of the contract)`;
  return [
    `target     ${oneLine(`${targetInWords(target)}${details(target.details)}`)}`,
    `definition ${oneLine(results.definition.name)} (${results.definition.form ?? 'deployed already'}, sha256 ${results.definition.sha256.slice(0, 12)})`,
    ...(results.definition.leftOut ?? []).map(({ what, why }) => `left out   ${oneLine(`${what}: ${why}`)}`),
    ...(results.interface ? found(results.interface) : []),
    `judged     ${oneLine(scope)}${isOutOfShape(results) ? ": the tutorial's own calls, which this API has at other paths or not at all" : ''}`,
    `clauses    ${tally(summary.clauses)}`,
    `scenarios  ${tally(summary.scenarios)} in ${(results.durationMs / 1000).toFixed(1)} s`,
    ...repeated(results.throttling),
    `verdict    ${paint(['bold', color], verdictInWords(results))}: ${oneLine(results.because)}`,
  ];
}

/** Whether an API of another shape is judged by the tutorial's contract, which only `--level` can request. */
function isOutOfShape({ interface: offered, clauses }: Results): boolean {
  return (
    offered !== undefined && !hasTutorialShape(offered) && clauses.some(({ level }) => level !== 'production')
  );
}

/** The API's methods, and what could not be determined. The tutorial's methods are not listed. */
function found(offered: Interface): string[] {
  const isTutorial = hasTutorialShape(offered) && offered.calls.length === 8;
  const what = isTutorial ? "8 of 8 calls, at the tutorial's paths" : summarise(offered);
  const by = offered.source === 'derived' ? '' : ` (by ${offered.source})`;
  const unclear = undeterminedIn(offered).map((line) => `unclear    ${oneLine(line)}`);
  return [`found      ${oneLine(`${what}${by}`)}`, ...unclear];
}

function details(entries: Readonly<Record<string, string>>): string {
  const text = Object.entries(entries).map(([key, value]) => `${key} ${value}`);
  return text.length === 0 ? '' : ` (${text.join(', ')})`;
}

/** A line only if calls were retried. */
function repeated(throttling: Results['throttling']): string[] {
  const { throttled = 0, serverErrors = 0, lostConnections = 0 } = throttling ?? {};
  if (throttled + serverErrors + lostConnections === 0) return [];
  return [
    `repeated   ${throttled} throttled, ${serverErrors} with server errors, ${lostConnections} with lost connections`,
  ];
}

const LABELS: Record<string, string> = {
  notObservable: 'not observable',
  notApplicable: 'not applicable',
  notRun: 'not run',
  error: 'errors',
};

function tally(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(
    ([key, count]) => count > 0 || key === 'passed' || key === 'failed',
  );
  return parts.map(([key, count]) => `${count} ${LABELS[key] ?? key}`).join(', ');
}
