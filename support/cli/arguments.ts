import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageError } from '../../infra/errors.ts';
import { type CommandName, called, calledWith } from '../../infra/invocation.ts';
import { flagProblem } from '../run/flag-problem.ts';

/** Strict flags and positionals of a small command. @throws UsageError that names the command's help. */
export function parseCommand<T extends ParseArgsOptionsConfig>(
  name: CommandName,
  argv: readonly string[],
  options: T,
  positionals: { least: number; most: number; what: string },
) {
  let parsed: ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const flags = Object.keys(options).map((option) => `--${option}`);
    throw new UsageError(flagProblem(error, flags, `${calledWith(name)} --help`));
  }
  const count = parsed.positionals.length;
  if (count < positionals.least || count > positionals.most)
    throw new UsageError(`${called(name)} takes ${positionals.what}; ${calledWith(name)} --help shows how`);
  return parsed;
}

/** A flag that holds a whole number. @throws UsageError for anything else, or less than `least`. */
export function count(name: CommandName, flag: string, text: string | undefined, least: number) {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$|^1\d{9}$|^20\d{8}$/.test(text) || Number(text) < least)
    throw new UsageError(
      `--${flag} takes a whole number of at least ${least}, not ${text}; ${calledWith(name)} --help shows how`,
    );
  return Number(text);
}
