import path from 'node:path';
import { type Definition, loadDefinition } from '../../infra/definition/definition.ts';
import { HEAD, rowOf, undeterminedIn, unjudgedIn } from '../../infra/definition/interface/describe.ts';
import { readInterfaceFile } from '../../infra/definition/interface/file.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { assertResolved } from '../../infra/definition/interface/unresolved.ts';
import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { toTable } from '../report/table.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { choicesOf } from '../run/choices.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { fix } from './fix.ts';

export const command: Command = {
  help: `
${calledWith('inspect')} FILE [--json] [--interface FILE] [--parameter KEY=VALUE]... [--api NAME] [--fix OUT]

Shows which Kinesis calls the API in FILE offers: each with its method and path, where its stream, data and key come
from, what it stores, how callers authenticate and how errors are mapped; which of the tutorial's eight calls are absent;
and its weaknesses, with the clause of level production and the remedy. FILE is tutorial, an OpenAPI file with
x-amazon-apigateway-integration, a CloudFormation template (also from SAM, CDK and Serverless), or the output of
terraform show -json. Nothing is deployed: each mapping template is rendered with marked inputs.

  --json             print the interface as JSON, which --interface accepts
  --interface FILE   use this interface instead of the derived one (docs/interface.md)
  --parameter K=V    a parameter of the template; repeatable
  --api NAME         which API, where the file has several
  --fix OUT          write a copy of an OpenAPI file, as JSON, with the mechanical repairs: errors mapped by type, no
                     pass-through, content type, values between quotes escaped; it says what it left and why. The
                     weaknesses are then those of OUT. Of any other file it prints the lines to copy, and exits 3

Examples:
  ${calledWith('inspect')} tutorial
  ${calledWith('inspect')} template.json --parameter StreamName=clicks
  ${calledWith('inspect')} api.yaml --fix api.repaired.json

Exit codes: 0 printed; 3 FILE is unreadable, no method integrates with Kinesis, or --fix cannot write FILE's form.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'inspect',
      argv,
      {
        json: { type: 'boolean' },
        interface: { type: 'string' },
        parameter: { type: 'string', multiple: true },
        api: { type: 'string' },
        fix: { type: 'string' },
      },
      { least: 1, most: 1, what: 'one definition' },
    );
    const [named] = positionals as [string];
    const choices = choicesOf(values.parameter ?? [], values.api);
    const file = values.fix === undefined ? named : fix(named, values.fix, choices);
    const definition = loadDefinition(file, choices);
    const derived = definition.interface();
    assertResolved(file, derived);
    const given = values.interface === undefined ? undefined : readInterfaceFile(values.interface);
    const found = given ? { ...given, weak: [...derived.weak, ...given.weak] } : derived;
    if (found.calls.length === 0)
      throw new UsageError(
        `no method in ${file} integrates with Kinesis, so there is nothing to judge; an integration's URI contains :kinesis:action/`,
      );
    process.stdout.write(
      values.json
        ? `${JSON.stringify(found, null, 2)}\n`
        : describeInterface(found, definition, commandOf(file, values), process.stdout.columns ?? 80),
    );
    return 0;
  },
};

/** The command that judges the inspected API. */
function commandOf(
  file: string,
  given: { parameter?: string[] | undefined; api?: string | undefined; interface?: string | undefined },
): string {
  const flags = [
    ['definition', file],
    ...(given.parameter ?? []).map((pair) => ['parameter', pair]),
    ...(given.api === undefined ? [] : [['api', given.api]]),
    ...(given.interface === undefined ? [] : [['interface', given.interface]]),
  ];
  return `${calledWith('run')} ${flags.map(([flag, value = '']) => `--${flag} ${shellWord(value)}`).join(' ')}`;
}

function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * @param read the other contents of the file.
 * @param command the command that judges it.
 * @param width the width of a line.
 */
export function describeInterface(
  found: Interface,
  { leftOut, assumed }: Pick<Definition, 'leftOut' | 'assumed'>,
  command: string,
  width: number,
): string {
  const rows = found.calls.map(rowOf);
  const table = toTable([HEAD, ...rows], 'text');
  const unjudged = unjudgedIn(found);
  const fits = table.split('\n').every((line) => line.length <= width);
  const shown = fits ? table : rows.map((row) => block(row, width)).join('');
  const sections = [
    shown,
    listed('absent', found.absent.length === 0 ? [] : [found.absent.join(', ')], width),
    listed('not judged', unjudged.length === 0 ? [] : [unjudged.join(', ')], width),
    listed('not determined (give them with --interface FILE)', undeterminedIn(found), width),
    listed('weaknesses', weakLines(found), width),
    listed(
      'left out',
      leftOut.map(({ what, place, why }) => `${what}: ${why} (${place})`),
      width,
    ),
    listed(
      'assumed',
      assumed.map(({ place, reading }) => `${place}: ${reading}`),
      width,
    ),
    listed('only a run tells', [UNSEEN], width),
    `to judge it: ${command}\n`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** The clauses that no weakness of a definition names, and those of which weaknesses show the fewest defects. */
export const UNSEEN = 'SAFE-11, SAFE-13, SAFE-16 and SAFE-22; of SAFE-4 and SAFE-15 most defects';

/** One call on several lines, if its row would not fit. */
function block(row: readonly string[], width: number): string {
  const [action = '', place = '', ...rest] = row;
  const values = HEAD.slice(2).flatMap((name, index) => {
    const value = rest[index] ?? '-';
    return value === '-' ? [] : [name === 'values' ? value : `${name} ${value}`];
  });
  const lines = wrapped(values.join('; '), width - 2).map((line) => `  ${line}`);
  return `${[...wrapped(`${action}: ${place}`, width), ...lines].join('\n')}\n`;
}

function listed(title: string, items: readonly string[], width: number): string {
  if (items.length === 0) return '';
  const lines = items.flatMap((item) =>
    wrapped(item, width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`),
  );
  return `${title}\n${lines.join('\n')}\n`;
}

/** Each kind of weakness once, with its locations, then the remedy for each broken clause of level production. */
function weakLines({ weak, calls }: Interface): string[] {
  const all = new Set(calls.map(({ method, path }) => `${method} ${path}`));
  const kinds = Map.groupBy(weak, ({ what, why, clauses = [] }) => {
    return `${what}${clauses.length === 0 ? '' : ` [${clauses.join(', ')}]`}: ${why}`;
  });
  const lines = [...kinds].map(([kind, found]) => {
    const places = new Set(found.map(({ where }) => where));
    const everywhere = all.size > 1 && [...all].every((place) => places.has(place));
    return `${kind} (${everywhere ? `all ${all.size} methods` : [...places].join(', ')})`;
  });
  const broken = new Set(weak.flatMap(({ clauses = [] }) => clauses));
  if (broken.size === 0) return lines;
  const { clauses } = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
  const remedies = clauses
    .filter(({ id }) => broken.has(id))
    .map(({ id, remedy }) => `remedy ${id}: ${remedy}`);
  return [...lines, ...remedies];
}

/** A word that is longer than a line is broken. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(' ')
    .flatMap((long) => long.match(new RegExp(`.{1,${Math.max(width, 8)}}`, 'gu')) ?? [''])) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
