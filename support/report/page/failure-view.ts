import { applyEdits, format, type ParseError, parse, visit } from 'jsonc-parser';
import type { MappedRequest } from '../../../infra/definition/interface/mapped.ts';
import { STATUS_CODES } from '../../../infra/node-http.ts';
import { curlLine } from '../../client/curl.ts';
import type { Exchange } from '../../client/exchange.ts';
import { tellingExchange } from '../../run/failure.ts';
import type { ScenarioResult } from '../../run/results.ts';
import { tellingHeaders } from '../telling-headers.ts';

/** A failed or broken scenario, for the page. */
export interface FailureView {
  readonly name: string;
  /** `features/x.feature:12`. */
  readonly place: string;
  readonly step: string | undefined;
  /** The check on `value`, such as `to equal 404`; undefined if the reason has no such part. */
  readonly expected: string | undefined;
  readonly value: string | undefined;
  readonly seen: string;
  readonly difference: readonly DifferenceLine[];
  readonly exchange: ExchangeView | undefined;
  readonly others: readonly ExchangeView[];
  readonly mapped: MappedView | undefined;
  /** The state of Kinesis or the control plane. */
  readonly observations: readonly string[];
  readonly executionLogs: readonly string[];
}

export interface DifferenceLine {
  readonly kind: 'expected' | 'seen' | 'same';
  readonly text: string;
}

export interface ExchangeView {
  readonly method: string;
  /** Below the stage. */
  readonly path: string;
  readonly url: string;
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  readonly requestBody: string | undefined;
  readonly status: string;
  readonly isError: boolean;
  /** Those of the answer that the failure is about, `Name: value` or `no Name` each. */
  readonly tellingHeaders: readonly string[];
  readonly responseHeaders: readonly (readonly [name: string, value: string])[];
  readonly responseBody: string;
  readonly milliseconds: string;
  /** Undefined if the line is too long for a terminal. */
  readonly curl: string | undefined;
}

export interface MappedView extends MappedRequest {
  /** Members that one object of the body has more than once. */
  readonly repeated: readonly string[];
}

/** The longest line that a terminal accepts (termios(3), canonical mode). */
const MAX_CURL_LINE = 4_000;
/** Longer texts are truncated; in characters. */
const MAX_SHOWN = 1_500;

export function failureView(scenario: ScenarioResult): FailureView {
  const { name, feature, line, failedStep, mapped, observations, executionLogs = [] } = scenario;
  const telling = tellingExchange(scenario);
  const others = scenario.exchanges.filter((exchange) => exchange !== telling);
  return {
    name,
    place: `${feature}:${line}`,
    step: failedStep?.text,
    ...reasonView(scenario.reason ?? 'no reason was recorded', telling),
    exchange: telling && exchangeView(telling, scenario),
    others: others.map((exchange) => exchangeView(exchange, scenario)),
    mapped: mapped && {
      ...mapped,
      ...(mapped.body !== undefined && { body: formatted(mapped.body) }),
      repeated: mapped.body === undefined ? [] : repeatedMembers(mapped.body),
    },
    observations: observations.flatMap((text) => text.split('\n')).map(cut),
    executionLogs,
  };
}

/** Cucumber's marks, and those of node:assert, which swaps the two sides. */
const DIFFERENCE =
  /\n[ \t]*\+ (expected - actual|actual - expected)[ \t]*\n(?:\.\.\. Skipped lines\n)?\s*\n([\s\S]*)$/;
const NO_MESSAGE = /^Expected values to be .*:$/;
const SENTENCE =
  /^(?:([\s\S]*): )?expected ([\s\S]+?) ((?:not )?to (?:be|have|include|equal|deeply|not|match|contain|satisfy|exist|start|end)\b[\s\S]*)$/;

/** Parses an assertion's message, if it has the form of chai's sentences. */
function reasonView(
  reason: string,
  exchange: Exchange | undefined,
): Pick<FailureView, 'expected' | 'value' | 'seen' | 'difference'> {
  const difference = DIFFERENCE.exec(reason);
  const text = (difference === null ? reason : reason.slice(0, difference.index)).trim();
  const [, about, value, expected] = SENTENCE.exec(text) ?? [];
  const seen =
    expected === undefined ? text.replace(NO_MESSAGE, 'not that; the difference is below') : (about ?? '');
  const known = exchange && `${exchange.request.method} ${exchange.request.url} answered`;
  // The page shows the answer, a status and a difference of single values below.
  const isShown = known !== undefined && expected !== undefined && seen.startsWith(known);
  const lines =
    difference === null ? [] : differenceLines(difference[2] ?? '', difference[1] === 'expected - actual');
  return {
    expected,
    value: isShown && value === String(exchange?.response.status) ? undefined : value,
    seen: isShown
      ? `${exchange?.request.method} ${pathBelowStage(exchange?.request.url ?? '')} answered ${exchange?.response.status}`
      : seen,
    difference: lines.length <= 2 ? [] : lines,
  };
}

function differenceLines(text: string, plusIsExpected: boolean): DifferenceLine[] {
  const lines = text.trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return lines.map((line) => {
    const cut = line.slice(indent);
    if (!/^[+-]/.test(cut)) return { kind: 'same', text: cut.replace(/^ /, '') };
    return { kind: cut.startsWith('+') === plusIsExpected ? 'expected' : 'seen', text: cut.slice(1) };
  });
}

function exchangeView(exchange: Exchange, scenario: ScenarioResult): ExchangeView {
  const { request, response, durationMs } = exchange;
  const curl = curlLine(exchange);
  const phrase = STATUS_CODES[response.status];
  return {
    method: request.method,
    path: pathBelowStage(request.url),
    url: request.url,
    requestHeaders: Object.entries(request.headers).map(([name, value]) => [name, cut(value)]),
    requestBody: request.body === undefined ? undefined : formatted(request.body),
    status: phrase === undefined ? String(response.status) : `${response.status} ${phrase}`,
    isError: response.status >= 400,
    tellingHeaders: tellingHeaders(scenario, exchange, 'response').map(cut),
    responseHeaders: Object.entries(response.headers).map(([name, value]) => [name, cut(value)]),
    responseBody: formatted(response.body),
    milliseconds: durationMs < 10 ? durationMs.toFixed(1) : durationMs.toFixed(0),
    curl: curl.length <= MAX_CURL_LINE ? curl : undefined,
  };
}

/** Without host and stage, if the URL has one of API Gateway's forms. */
export function pathBelowStage(url: string): string {
  const below = url.match(
    /^https?:\/\/[^/]+\/_aws\/execute-api\/[^/]+\/[^/]+(\/.*)$|^https?:\/\/\w+\.execute-api\.[^/]+\/[^/]+(\/.*)$|^https?:\/\/[^/]+\/restapis\/[^/]+\/[^/]+\/_user_request_(\/.*)$/s,
  );
  return below?.slice(1).find((path) => path !== undefined) ?? url;
}

/**
 * JSON with line breaks and indents. Only white space changes, since a repeated member, or a number too long for
 * JavaScript, is often the cause of the failure.
 */
export function formatted(text: string): string {
  if (text.length > MAX_SHOWN) return cut(text);
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return text;
  return applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' }));
}

function cut(text: string): string {
  return text.length <= MAX_SHOWN
    ? text
    : `${text.slice(0, MAX_SHOWN)}… (${text.length} characters; conformance.json has more)`;
}

function isJson(text: string): boolean {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  return errors.length === 0;
}

function repeatedMembers(text: string): string[] {
  const open: Set<string>[] = [];
  const repeated = new Set<string>();
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name) => {
      if (open.at(-1)?.has(name)) repeated.add(name);
      open.at(-1)?.add(name);
    },
  });
  return [...repeated];
}
