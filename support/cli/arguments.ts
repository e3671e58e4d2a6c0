import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { messageOf, UsageError } from '../../infra/errors.ts';

/** Strict flags and positionals of a small command. @throws UsageError that names the command's help. */
export function parseCommand<T extends ParseArgsOptionsConfig>(
  name: string,
  argv: readonly string[],
  options: T,
  positionals: { least: number; most: number; what: string },
) {
  let parsed: ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(
      `${messageOf(error).replace(/\. To specify.*$/, '')}; npm run ${name} -- --help says what it takes`,
    );
  }
  const count = parsed.positionals.length;
  if (count < positionals.least || count > positionals.most)
    throw new UsageError(`npm run ${name} takes ${positionals.what}; npm run ${name} -- --help shows how`);
  return parsed;
}
