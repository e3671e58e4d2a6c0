import type { Exchange } from '../client/exchange.ts';
import type { ScenarioRun } from './results.ts';

/** Colour codes that assertion libraries write. Other escape sequences belong to the API's text, so they stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern must match the escape character.
const COLOURS = /\u001b\[[0-9;]*m/g;
/** The lines at the end that say where in the suite an error arose. */
const STACK = /(?:\n\s+at [^\n]*(?::\d+:\d+\)?|<anonymous>\)?|native\)?))+\s*$/;
/** The number of characters of a body that a reason always contains; the rest may be abridged. */
const MAX_COMPARED = 40;
const ERROR_NAME = /^(AssertionError|Error)( \[[A-Z_]+\])?: /;
/**
 * Cucumber appends a difference; it is redundant if the assertion already shows one, or if the message has both
 * values.
 */
const CUCUMBERS_DIFFERENCE = /^(.*?)\n\s+\+ expected - actual\n.*$/s;
const ONE_LINE_DIFFERENCE = /expected - actual\s*\n\s*-(.+)\n\s*\+(.+)$/;

/**
 * The message of a failed step, without the stack trace, the colours and the name of the error class. Text of the API
 * in the message stays unchanged.
 */
export function plainReason(message: string): string {
  return message
    .replace(COLOURS, '')
    .replace(STACK, '')
    .replace(ERROR_NAME, '')
    .replace(CUCUMBERS_DIFFERENCE, (block, before: string) =>
      before.includes('+ actual - expected') || isToldIn(before, block) ? before : block,
    )
    .trim();
}

/** Whether a message contains both values of a one-line difference. */
function isToldIn(message: string, difference: string): boolean {
  const [, ...values] = ONE_LINE_DIFFERENCE.exec(difference.trimEnd()) ?? [];
  if (values.join() === 'false,true') return true;
  return values.length > 0 && values.every((value) => message.includes(value.replace(/^"(.*)"$/, '$1')));
}

/**
 * The exchange that the failed check names, else the last. An `Answer` begins with its method, URL and status, then the
 * body: of several calls of one URL the first with this answer is the one that failed.
 */
export function tellingExchange({
  exchanges,
  reason = '',
}: Pick<ScenarioRun, 'exchanges' | 'reason'>): Exchange | undefined {
  const called = ({ request }: Exchange) => `${request.method} ${request.url} answered`;
  const named = (exchange: Exchange) => reason.includes(called(exchange));
  const answered = (exchange: Exchange) =>
    reason.includes(
      `${called(exchange)} ${exchange.response.status} ${exchange.response.body.slice(0, MAX_COMPARED)}`.trimEnd(),
    );
  return exchanges.find(answered) ?? exchanges.findLast(named) ?? exchanges.at(-1);
}

/** Whether a scenario failed since a call that should have succeeded was refused. */
export function isRefusal({ reason = '' }: Pick<ScenarioRun, 'reason'>): boolean {
  return plainReason(reason).startsWith('expected success, and ');
}
