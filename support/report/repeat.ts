import { calledWith } from '../../infra/invocation.ts';
import { quote } from '../client/curl.ts';

/**
 * The command that runs one clause again as a run did.
 * @param options of that run, as its results have them.
 */
export function repeatingCommand(options: readonly string[], clause: string): string {
  return [calledWith('run'), ...options.map(quoted), '--clause', clause].join(' ');
}

/** Most words need no quotes, and read better without. */
function quoted(text: string): string {
  return /^[\w./:@=,+-]+$/.test(text) ? text : quote(text);
}
