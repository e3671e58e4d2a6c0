import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { WAIT_NAMES, waitVariable } from '../../infra/retry/waits.ts';
import { didYouMean } from './closest.ts';
import { OPTIONS, type OptionName, type OptionSpec } from './option-table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** A value as the user wrote it, and the name of its place for error messages. */
export interface Given {
  readonly value: string | boolean | string[];
  readonly where: string;
}

const PREFIX = 'KPC_';
/** Variables that also work without the prefix: `TARGET=localstack npm test`. */
const BARE: readonly OptionName[] = ['target', 'endpoint'];
/** Other variables with the prefix that the suite reads. All others are refused. */
const BESIDE_OPTIONS: readonly string[] = [
  ...WAIT_NAMES.map(waitVariable),
  'KPC_PERMISSIONS_BOUNDARY',
  'KPC_CLOCK_FACTOR',
  'KPC_DEPLOYMENT',
  'KPC_ENGINE_STATE',
  'KPC_KILLS',
];

/** `KPC_REST_API_ID` for `rest-api-id`. */
export function variableOf(option: OptionName): string {
  return PREFIX + option.toUpperCase().replaceAll('-', '_');
}

function variablesOf(option: OptionName): string[] {
  return BARE.includes(option) ? [variableOf(option), option.toUpperCase()] : [variableOf(option)];
}

const ALL = Object.keys(OPTIONS) as OptionName[];

/**
 * The options set by environment variables. An empty variable sets nothing.
 * @throws UsageError for a variable with the suite's prefix that nothing reads, and for an invalid value.
 */
export function fromEnvironment(environment: Environment): Partial<Record<OptionName, Given>> {
  const known = [...ALL.map(variableOf), ...BESIDE_OPTIONS];
  for (const name of Object.keys(environment))
    if (name.startsWith(PREFIX) && !known.includes(name))
      throw new UsageError(
        `the variable ${name} is unknown${didYouMean(name, known) || `; ${calledWith('run')} --help lists the options, each of which can be set as ${PREFIX} plus its name in upper case`}`,
      );
  const given: Partial<Record<OptionName, Given>> = {};
  for (const option of ALL) {
    const where = variablesOf(option).find((name) => environment[name]);
    if (where === undefined) continue;
    given[option] = { value: convert(environment[where] as string, OPTIONS[option], where), where };
  }
  return given;
}

/** The environment without the variables that set options, for a process that is not the user's run. */
export function withoutOptions<Env extends Environment>(environment: Env): Env {
  const variables = new Set(ALL.flatMap(variablesOf));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !variables.has(name))) as Env;
}

/**
 * Parses a value that was written as text.
 * @param where the name of its place, for error messages.
 * @throws UsageError if a switch is neither true nor false.
 */
export function convert(value: string, spec: OptionSpec, where: string): Given['value'] {
  if (spec.type === 'boolean') {
    if (!['true', 'false', '1', '0'].includes(value))
      throw new UsageError(`${where} is true or false, not ${value}`);
    return value === 'true' || value === '1';
  }
  return spec.multiple ? value.split(spec.separator ?? /,/).map((part) => part.trim()) : value;
}
