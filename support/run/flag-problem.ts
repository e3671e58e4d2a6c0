import { messageOf } from '../../infra/errors.ts';
import { didYouMean } from './closest.ts';

/** What is wrong with flags, in one line without its full stop, from the error of Node's `parseArgs`. */
export function flagProblem(error: unknown, flags: readonly string[], help: string): string {
  const text = messageOf(error);
  const [, unknown] = /^Unknown option '(--?[^']*)'/.exec(text) ?? [];
  if (unknown !== undefined)
    return `there is no option ${unknown}${didYouMean(unknown, flags) || `; ${help} lists the options`}`;
  const [, lacking] = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument missing/.exec(text) ?? [];
  if (lacking !== undefined) return `${lacking} takes a value; ${help} says which`;
  const [, dashed] = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(text) ?? [];
  if (dashed !== undefined)
    return `${dashed} takes a value, and an option follows; a value that begins with a dash is given as ${dashed}=-VALUE`;
  const [, plain] = /^Option '(?:-\w, )?(--[\w-]+)' does not take an argument/.exec(text) ?? [];
  if (plain !== undefined) return `${plain} takes no value`;
  return `${text.replace(/\.$/, '')}; ${help} lists the options`;
}
