import { IS_BUILT } from './built.ts';

/** Commands of the bin, each with its npm script in a checkout. */
const SCRIPTS = {
  run: 'conformance',
  inspect: 'inspect',
  serve: 'proxy',
  doctor: 'doctor',
  sweep: 'sweep',
  'clauses list': 'list',
  'clauses show': 'explain',
  'results compare': 'compare',
  'results merge': 'merge',
  'results table': 'table',
  export: 'export',
  evidence: 'evidence',
} as const;

/** The words after the bin's name. Developers' commands exist in a checkout only. */
export type CommandName = keyof typeof SCRIPTS | `dev ${string}`;

export const BIN = 'kinesis-proxy-conformance';

/** The npm script for a command in a checkout. */
export function scriptOf(name: CommandName): string {
  return (SCRIPTS as Readonly<Record<string, string>>)[name] ?? name.replace(/^dev /, '');
}

/** A command as people type it here: `npm run list` in a checkout, else `npx kinesis-proxy-conformance clauses list`. */
export function called(name: CommandName, isBuilt = IS_BUILT): string {
  return isBuilt ? `npx ${BIN} ${name}` : `npm run ${scriptOf(name)}`;
}

/** As `called`, with the `--` that npm needs before further arguments: `npm run list --`. */
export function calledWith(name: CommandName, isBuilt = IS_BUILT): string {
  return isBuilt ? called(name, true) : `${called(name, false)} --`;
}
