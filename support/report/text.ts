import { styleText } from 'node:util';
import { hasTutorialShape } from '../../infra/definition/interface/classify.ts';
import { summarise } from '../../infra/definition/interface/describe.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { curlLine } from '../client/curl.ts';
import type { Exchange } from '../client/exchange.ts';
import { oneLine, visibleAll } from '../client/foreign.ts';
import type { Grade } from '../run/catalogue.ts';
import { verdictInWords } from '../run/exclusions.ts';
import type { ClauseResult, Results, ScenarioResult } from '../run/results.ts';
import { RESULTS_FILE } from './json.ts';

export const GRADE_NAMES: Record<Grade, string> = {
  T: 'tutorial',
  R: 'recorded on AWS',
  D: 'documented by AWS',
  I: 'inferred',
};

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** The longest that an answer or a body is quoted. */
const QUOTE = 300;
/** The longest line that a terminal still takes as one: 4,095 bytes with the line's end (termios(3), canonical mode). */
const MAX_CURL_LINE = 4_000;

/**
 * A run's summary for people: short when all is good, and each failure such that what the API does wrong is plain
 * without opening anything.
 */
export function toText(raw: Results, options: { color: boolean }): string {
  const results = visibleAll(raw);
  const paint: Paint = options.color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
  return `${[
    ...failures(results, paint),
    ...divergences(results, paint),
    ...unsettled(results),
    ...excluded(results),
    ...weaknesses(results),
    ...verdict(results, paint),
  ].join('\n')}\n`;
}

function failures(results: Results, paint: Paint): string[] {
  const bad = results.scenarios.filter(({ result }) => result === 'failed' || result === 'error');
  return bad.flatMap((scenario) => [...explain(scenario, results.clauses, paint), '']);
}

function explain(scenario: ScenarioResult, clauses: readonly ClauseResult[], paint: Paint): string[] {
  const own = clauses.filter(({ id }) => scenario.clauses.includes(id));
  const mark = scenario.result === 'error' ? 'error' : 'failed';
  const step = scenario.failedStep;
  const exchange = tellingExchange(scenario);
  const lines = own.map(
    ({ id, level, grade, statement, gating }) =>
      `${paint('red', mark)} ${paint('bold', id)} (${level}, ${GRADE_NAMES[grade]}${gating ? '' : ', reported only'}): ${statement}`,
  );
  if (own.length === 0) lines.push(`${paint('red', mark)} ${scenario.name}`);
  lines.push(
    field('scenario', `${scenario.name}`),
    field('where', `${scenario.feature}:${step?.line ?? scenario.line}`),
  );
  for (const { remedy } of own) if (remedy !== undefined) lines.push(field('mend', remedy));
  if (step) lines.push(field('step', step.text));
  lines.push(field('seen', withoutStack(scenario.reason ?? '')));
  for (const observation of scenario.observations) lines.push(field('behind it', quote(observation)));
  if (exchange) {
    lines.push(
      field(
        'request',
        `${exchange.request.method} ${exchange.request.url} ${quote(exchange.request.body ?? '(no body)')}`,
      ),
      field('answer', `${exchange.response.status} ${quote(exchange.response.body || '(no body)')}`),
      field('again', pasteable(exchange)),
    );
  }
  return lines;
}

/** A line that is longer than anyone pastes helps nobody, and a body that was cut would not repeat the call. */
function pasteable(exchange: Exchange): string {
  const line = curlLine(exchange);
  return line.length <= MAX_CURL_LINE
    ? line
    : `the body is too long to paste; ${RESULTS_FILE} has its beginning`;
}

/** The one that the failed check speaks of (`Answer` names method and URL in its message), else the last. */
function tellingExchange({ exchanges, reason = '' }: ScenarioResult): Exchange | undefined {
  const named = ({ request }: Exchange) => reason.includes(`${request.method} ${request.url} answered`);
  return exchanges.findLast(named) ?? exchanges.at(-1);
}

function field(name: string, value: string): string {
  return `  ${name.padEnd(10)}${value.split('\n').join(`\n${' '.repeat(12)}`)}`;
}

function quote(text: string): string {
  return text.length > QUOTE ? `${text.slice(0, QUOTE)}… (${text.length} characters)` : text;
}

/** Cucumber adds one to what the assertion says; it tells nothing new where that has one, or of a yes or no. */
const CUCUMBERS_DIFFERENCE = /^(.*?)\n\s+\+ expected - actual\n.*$/s;

/** An assertion's message says what was expected and seen; its stack is the suite's own business. */
export function withoutStack(reason: string): string {
  const lines = reason.split('\n').filter((line) => !/^\s+at .*(:\d+:\d+\)?|<anonymous>)/.test(line));
  return lines
    .join('\n')
    .replace(/^(AssertionError|Error)( \[[A-Z_]+\])?: /, '')
    .replace(CUCUMBERS_DIFFERENCE, (block, before: string) =>
      before.includes('+ actual - expected') || /-false\s+\+true\s*$/.test(block) ? before : block,
    )
    .trim();
}

function divergences(results: Results, paint: Paint): string[] {
  if (results.divergences.length === 0) return [];
  const rows = results.divergences.map(({ clause, scenario, reason: why, link: where, expires, status }) => {
    const [subject, reason, link] = [clause ?? scenario ?? '', why, where].map(oneLine) as [
      string,
      string,
      string,
    ];
    if (status === 'undecided')
      return `  ${subject}: passes in this shard; npm run merge decides whether it is stale`;
    if (status === 'expected') return `  ${subject}: ${reason} (${link}; until ${expires})`;
    const what =
      status === 'stale' ? 'stale, since it passes: take it off the list' : `expired on ${expires}`;
    return `  ${paint('red', subject)}: ${what}`;
  });
  return ['known divergences of this target:', ...rows, ''];
}

function unsettled(results: Results): string[] {
  const reasons = results.scenarios.filter(({ result }) => result === 'skipped' || result === 'flaky');
  const clauses = results.clauses.filter(({ result }) =>
    ['not-run', 'not-observable', 'flaky'].includes(result),
  );
  if (clauses.length === 0) return [];
  return [
    'not settled, which is not a pass:',
    ...clauses.map(({ id, result, scenarios }) => {
      const why = reasons.find(({ id: scenario }) => scenarios.includes(scenario))?.reason;
      const none = scenarios.length === 0 ? 'no scenario ran for it' : undefined;
      return `  ${id}: ${result}${why || none ? `, ${oneLine(why ?? none ?? '')}` : ''}`;
    }),
    '',
  ];
}

function excluded({ exclusions = [] }: Results): string[] {
  if (exclusions.length === 0) return [];
  return [
    'excluded, as the user asked:',
    ...exclusions.map(({ clause, reason }) => `  ${clause}: ${oneLine(reason)}`),
    '',
  ];
}

/** They decide nothing, so they stand apart from what failed. */
function weaknesses({ scenarios }: Results): string[] {
  const rows = scenarios.flatMap(({ clauses, weaknesses = [] }) =>
    weaknesses.map((what) => `  ${clauses.join(' ')}: ${oneLine(what)}`),
  );
  return rows.length === 0 ? [] : ['weaknesses of the definition, reported only:', ...new Set(rows), ''];
}

function verdict(results: Results, paint: Paint): string[] {
  const { summary, target, selection } = results;
  const color: Style =
    results.verdict === 'conformant' ? 'green' : results.verdict === 'partial' ? 'yellow' : 'red';
  const scope = selection.complete
    ? selection.description
    : `${selection.description} (a part of the contract)`;
  return [
    `target     ${oneLine(`${target.name} ${target.version}${details(target.details)}`)}`,
    `definition ${oneLine(results.definition.name)} (${results.definition.form ?? 'deployed already'}, sha256 ${results.definition.sha256.slice(0, 12)})`,
    ...(results.definition.leftOut ?? []).map(({ what, why }) => `left out   ${oneLine(`${what}: ${why}`)}`),
    ...(results.interface ? [`found      ${oneLine(found(results.interface))}`] : []),
    `judged     ${oneLine(scope)}`,
    `clauses    ${tally(summary.clauses)}`,
    `scenarios  ${tally(summary.scenarios)} in ${(results.durationMs / 1000).toFixed(1)} s`,
    ...repeated(results.throttling),
    `verdict    ${paint(['bold', color], verdictInWords(results))}: ${oneLine(results.because)}`,
  ];
}

/** The tutorial's own methods need no list. */
function found(offered: Interface): string {
  const isTutorial = hasTutorialShape(offered) && offered.calls.length === 8;
  const what = isTutorial ? "8 of 8 calls, at the tutorial's paths" : summarise(offered);
  return offered.source === 'derived' ? what : `${what} (by ${offered.source})`;
}

function details(entries: Readonly<Record<string, string>>): string {
  const text = Object.entries(entries).map(([key, value]) => `${key} ${value}`);
  return text.length === 0 ? '' : ` (${text.join(', ')})`;
}

/** A line only where something was repeated. */
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
