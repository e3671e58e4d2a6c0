import type { Exchange } from '../client/exchange.ts';
import type { ScenarioRun } from './results.ts';

/** Colour codes that assertion libraries write. Other escape sequences belong to the API's text, so they stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
const COLOURS = /\u001b\[[0-9;]*m/g;
/** The lines at the end that say where in the suite an error arose. */
const STACK = /(?:\n\s+at [^\n]*(?::\d+:\d+\)?|<anonymous>\)?|native\)?))+\s*$/;
const ERROR_NAME = /^(AssertionError|Error)( \[[A-Z_]+\])?: /;
/** Cucumber appends a difference; it adds nothing where the assertion shows one already, or where it is true or false. */
const CUCUMBERS_DIFFERENCE = /^(.*?)\n\s+\+ expected - actual\n.*$/s;

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
      before.includes('+ actual - expected') || /-false\s+\+true\s*$/.test(block) ? before : block,
    )
    .trim();
}

/** The exchange that the failed check names (an `Answer` begins with its method and URL), else the last. */
export function tellingExchange({
  exchanges,
  reason = '',
}: Pick<ScenarioRun, 'exchanges' | 'reason'>): Exchange | undefined {
  const named = ({ request }: Exchange) => reason.includes(`${request.method} ${request.url} answered`);
  return exchanges.findLast(named) ?? exchanges.at(-1);
}
