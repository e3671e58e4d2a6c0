import { calledWith } from '../../infra/invocation.ts';
import { quote } from '../client/curl.ts';

/**
 * The command that repeats one clause of a run.
 * @param options the options of that run, from its results.
 */
export function repeatingCommand(options: readonly string[], clause: string): string {
  return [calledWith('run'), ...options.map(quoted), '--clause', clause].join(' ');
}

/** Most words need no quotes and are easier to read without. */
function quoted(text: string): string {
  return /^[\w./:@=,+-]+$/.test(text) ? text : quote(text);
}
