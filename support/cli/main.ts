import { IS_BUILT, suiteVersion } from '../../infra/built.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { BIN, type CommandName, calledWith, scriptOf } from '../../infra/invocation.ts';
import { oneLine } from '../client/untrusted-text.ts';
import { closest } from '../run/closest.ts';
import { failOnUncaught } from '../run/interrupt.ts';
import type { Entry, Group } from './command.ts';
import { COMMANDS, developersGroup } from './commands.ts';
import { guardOutput, printOwn } from './output.ts';

/** Exit codes of every command (design.md): 0 good, 1 not conformant, 2 target or harness failed, 3 usage. */
export async function main(argv: readonly string[]): Promise<number> {
  guardOutput();
  failOnUncaught();
  try {
    const developers = await developersGroup();
    const registry = { ...COMMANDS, ...(developers && { dev: developers }) };
    const found = find(registry, argv.length === 0 ? ['--help'] : argv);
    if (typeof found === 'string') {
      printOwn(found);
      return 0;
    }
    const { command } = await found.entry.load();
    if (found.rest.includes('--help') || found.rest.includes('-h')) {
      printOwn(`${command.help.trim()}\n`);
      return 0;
    }
    return await command.run(found.rest);
  } catch (error) {
    if (error instanceof UsageError || error instanceof TargetError) {
      process.stderr.write(`error: ${messageOf(error)}\n`);
      return error instanceof UsageError ? 3 : 2;
    }
    process.stderr.write(`error: the suite itself failed: ${error instanceof Error ? error.stack : error}\n`);
    return 2;
  }
}

type Registry = Readonly<Record<string, Entry | Group>>;

/**
 * Finds the command of the first words, with its arguments, or the requested help.
 * @throws UsageError for an unknown command.
 */
export function find(
  registry: Registry,
  [word = '', ...rest]: readonly string[],
): { entry: Entry; rest: readonly string[] } | string {
  if (isHelp(word)) return overview(registry);
  if (word === '--version') return `${suiteVersion()}\n`;
  const named = Object.hasOwn(registry, word) ? registry[word] : undefined;
  if (named === undefined) {
    // In a checkout, the names of npm scripts work as well.
    const short = IS_BUILT ? undefined : leaves(registry).find(({ name }) => scriptOf(name) === word);
    if (short) return { entry: short.entry, rest };
    throw unknown(oneLine(word), 'command', wordsOf(registry), '--help');
  }
  if (!('commands' in named)) return { entry: named, rest };
  const [second = '--help', ...others] = rest;
  if (isHelp(second)) return groupHelp(word, named);
  const entry = Object.hasOwn(named.commands, second) ? named.commands[second] : undefined;
  if (entry) return { entry, rest: others };
  const known = new Map(Object.keys(named.commands).map((name) => [name, `${word} ${name}`]));
  throw unknown(oneLine(second), `command ${word}`, known, `${word} --help`);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** The known words to compare with the first word: commands, groups, their commands, npm scripts. */
function wordsOf(registry: Registry): ReadonlyMap<string, string> {
  const names = [...Object.keys(registry), ...leaves(registry).map(({ name }) => name)];
  const last = names.map((name) => [name.split(' ').at(-1) ?? name, name] as const);
  const scripts = IS_BUILT ? [] : leaves(registry).map(({ name }) => [scriptOf(name), name] as const);
  return new Map([...last, ...scripts]);
}

/** @param known the command for each word that the user may have meant. */
function unknown(word: string, what: string, known: ReadonlyMap<string, string>, help: string): UsageError {
  const meant = known.get(closest(word, [...known.keys()]) ?? '');
  return new UsageError(
    `unknown ${what} ${word}; ${meant === undefined ? '' : `did you mean ${meant}? `}${BIN} ${help} lists them`,
  );
}

function leaves(registry: Registry): { name: CommandName; entry: Entry }[] {
  return Object.entries(registry).flatMap(([word, node]) =>
    'commands' in node
      ? Object.entries(node.commands).map(([second, entry]) => ({
          name: `${word} ${second}` as CommandName,
          entry,
        }))
      : [{ name: word as CommandName, entry: node }],
  );
}

function overview(registry: Registry): string {
  const people = leaves(registry).filter(({ name }) => !name.startsWith('dev '));
  return `${[
    `${BIN} COMMAND [options]`,
    '',
    'Judges REST APIs in front of Kinesis: deploys one, or calls one that is deployed, and gives one verdict.',
    '',
    ...rows(people),
    ...('dev' in registry ? [row('dev', registry.dev?.summary ?? '', '')] : []),
    '',
    'All commands accept --help. --version prints the version.',
    '',
    'Examples:',
    `  ${calledWith('run')} --definition api.yaml`,
    `  ${calledWith('inspect')} template.json`,
    `  ${calledWith('clauses show')} PUT-3`,
    '',
    'Exit codes: 0 success; 1 not conformant, or a regression; 2 the target or the suite failed; 3 usage.',
  ].join('\n')}\n`;
}

function groupHelp(word: string, { summary, commands, examples }: Group): string {
  return `${[
    `${BIN} ${word} COMMAND [options]: ${summary}`,
    '',
    ...rows(leaves({ [word]: { summary, commands, examples } })),
    '',
    'All commands accept --help.',
    '',
    'Examples:',
    ...examples.map((line) => `  ${line}`),
  ].join('\n')}\n`;
}

function rows(entries: readonly { name: CommandName; entry: Entry }[]): string[] {
  return entries.map(({ name, entry }) =>
    row(name, entry.summary, IS_BUILT ? '' : `npm run ${scriptOf(name)}`),
  );
}

function row(name: string, summary: string, short: string): string {
  return `  ${name.padEnd(18)}${short === '' ? '' : short.padEnd(23)}${summary}`;
}
