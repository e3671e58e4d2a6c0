import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../../infra/yaml.ts';
import { ROOT } from '../../support/run/suite.ts';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/**/*.md', 'infra/**/README.md'];
const HERE = path.join(import.meta.dirname, 'commands.yaml');

/** The table's entry for a command that is not run verbatim; exactly one of `as`, `elsewhere` and `never`. */
export interface Entry {
  /** The command, its comment and line breaks left out. */
  readonly command?: string;
  /** Instead of `command`: all commands of one document. */
  readonly document?: string;
  /** The command that runs instead, or several, such as one that prepares it. */
  readonly as?: string;
  /** The reason for `as`. */
  readonly since?: string;
  /** It serves until interrupted; the test interrupts it once it has printed this. */
  readonly until?: string;
  /** A file that runs it, and the text in that file that runs it. */
  readonly elsewhere?: { readonly file: string; readonly text: string };
  /** Why it cannot run here. */
  readonly never?: string;
}

export interface Documented {
  readonly document: string;
  readonly command: string;
}

/** Every command of the documents' code blocks in `sh`, `bash` or `console`, in order. */
export function documentedCommands(root = ROOT): Documented[] {
  return globSync(DOCUMENTS, { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort()
    .flatMap((document) =>
      commandsOf(readFileSync(path.join(root, document), 'utf8')).map((command) => ({ document, command })),
    );
}

/** One command per line, unless a line ends with a backslash or begins a function; comments are skipped. */
export function commandsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|console)\n(.*?)^```/gms)];
  return blocks.flatMap(([, block = '']) => {
    const joined = block
      .replace(/\\\n\s*/g, '')
      .replace(/^\S+\(\) \{.*?^\}\n/gms, (text) => `${text.trimEnd().replaceAll('\n', '; ')}\n`);
    return joined
      .split('\n')
      .map((line) =>
        line
          .replace(/^\$ /, '')
          .replace(/(^|\s+)# .*$/, '')
          .trim(),
      )
      .filter(Boolean);
  });
}

export function readTable(): Entry[] {
  return (readYaml(readFileSync(HERE, 'utf8')) as { commands: Entry[] }).commands;
}

export function entryOf({ document, command }: Documented, table: readonly Entry[]): Entry | undefined {
  return table.find((entry) =>
    entry.document === undefined ? entry.command === command : entry.document === document,
  );
}

/** The errors of the table, one line each. */
export function problemsOf(
  table: readonly Entry[],
  documented: readonly Documented[],
  root = ROOT,
): string[] {
  const problems: string[] = [];
  for (const entry of table) {
    const name = entry.command ?? `all of ${entry.document}`;
    const kinds = (['as', 'until', 'elsewhere', 'never'] as const).filter((key) => entry[key] !== undefined);
    if (kinds.length !== 1 && kinds.join() !== 'as,until')
      problems.push(`${name}: says ${kinds.join(' and ') || 'nothing'}`);
    if (entry.as !== undefined && !entry.since)
      problems.push(`${name}: does not say why another command is run`);
    if (!documented.some((each) => entryOf(each, [entry]) !== undefined))
      problems.push(`${name}: no document contains it`);
    if (entry.elsewhere !== undefined) {
      const { file, text } = entry.elsewhere;
      const found = globSync(file, { cwd: root })[0];
      if (found === undefined || !readFileSync(path.join(root, found), 'utf8').includes(text))
        problems.push(`${name}: ${file} does not have ${text}`);
    }
  }
  return problems;
}
