import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MAX_SOURCE_BYTES, readFileBounded } from '../../infra/bounds/file.ts';
import type { Choices } from '../../infra/definition/definition.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import type { AuthenticationOptions, DeployedApiOptions, Simulated } from '../../infra/targets/options.ts';
import { TARGET_KINDS, type TargetKind } from '../../infra/targets/target.ts';
import { readYaml } from '../../infra/yaml.ts';
import { rememberSecret } from '../client/redact.ts';
import { authenticationOptions } from './authentication.ts';
import { choicesOf } from './choices.ts';
import { didYouMean } from './closest.ts';
import { convert, type Environment, fromEnvironment, type Given } from './environment.ts';
import { type Exclusion, exclusionsOf } from './exclusions.ts';
import { flagProblem } from './flag-problem.ts';
import { LEVELS, OPTIONS, type OptionName, type OptionSpec } from './option-table.ts';
import { isPlace } from './places.ts';
import type { Shard } from './shard.ts';

export type LevelOption = (typeof LEVELS)[number];
export type Level = Exclude<LevelOption, 'all'>;

/** The options of one run, merged from flags, environment and config file. */
export interface RunOptions {
  readonly target: TargetKind;
  readonly endpoint: string | undefined;
  readonly executeApiUrl: string | undefined;
  readonly region: string;
  readonly simulate?: Simulated;
  /** Absent: as the methods require. */
  readonly authentication?: AuthenticationOptions;
  /** Present for --target url. */
  readonly deployed?: DeployedApiOptions;
  /** `tutorial`, `hardened` or a path. */
  readonly definition: string;
  /** True if the user did not say what the API of --target url offers. The definition then does not describe it. */
  readonly isUndescribed?: boolean;
  /** The user's choices for the definition. */
  readonly choices: Choices;
  /** A file that describes what the API offers; undefined: it is derived. */
  readonly interface: string | undefined;
  /** Undefined: the default levels of the definition (design.md). */
  readonly level: LevelOption | undefined;
  readonly tags: string | undefined;
  readonly name: readonly string[];
  readonly clause: readonly string[];
  readonly exclude: readonly Exclusion[];
  readonly origins?: Origins;
  /** Only the scenarios at these places, such as `features/x.feature:12`. */
  readonly places?: readonly string[];
  /** Only what failed in the last run. */
  readonly lastFailed?: boolean;
  /** Runs only these scenarios of the selection, by id. `because` describes them for the report. */
  readonly only?: { readonly ids: ReadonlySet<string>; readonly because: string };
  readonly shard: Shard | undefined;
  /** The results by which to balance the shards. Undefined: the durations recorded for that kind of target. */
  readonly durations?: string | undefined;
  /** Worker threads; 0 runs everything in this one. */
  readonly parallel: number;
  readonly order: { readonly kind: 'defined' } | { readonly kind: 'random'; readonly seed: number };
  readonly retry: number;
  /** Where the reports go; undefined: `reports/<target>`. */
  readonly report: string | undefined;
  /** A folder for the evidence; undefined: none is stored. */
  readonly evidence?: string | undefined;
  /** A divergence file to use instead of the target's own. */
  readonly divergences: string | undefined;
  /** The frozen contract to judge by; undefined: today's catalogue. */
  readonly contract: string | undefined;
  /** Undefined: `.kpc/journal` in the suite's folder. */
  readonly journal: string | undefined;
  readonly json?: boolean;
  readonly open?: boolean;
  readonly watch?: boolean;
  readonly keep: boolean;
  readonly acceptPartial: boolean;
}

/** Options as the user wrote them: as a flag, variable, key or property. */
export type Raw = Partial<Record<OptionName, Given['value']>>;
type AllGiven = Partial<Record<OptionName, Given>>;

/** Options that take a path on this machine. */
const OF_FILES = ['definition', 'divergences', 'durations', 'report', 'evidence', 'journal'] as const;
/** Options for --target url only. */
const OF_URL = ['url', 'rest-api-id', 'api-key', 'read-only', 'stream'] as const;

/** Options that --watch has no use for, since it writes and keeps nothing. */
const OF_ONE_RUN = ['json', 'open', 'last-failed', 'evidence', 'keep'] as const;

export const CONFIG_FILE = 'conformance.config.yaml';

/**
 * Flags win over environment variables (`KPC_` and the flag in capitals, `-` as `_`), which win over the config file.
 * @throws UsageError for an unknown or malformed option, in one line that names where it was given.
 */
export function parseOptions(
  argv: readonly string[],
  environment: Environment,
  directory: string,
): RunOptions {
  const flags = fromFlags(argv);
  const given: AllGiven = {
    ...fromConfigFile(directory),
    ...fromEnvironment(environment),
    ...flags.given,
  };
  const raw = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value])) as Raw;
  const origins = Object.fromEntries(Object.entries(given).map(([name, { where }]) => [`--${name}`, where]));
  return fromTheirPlaces(origins, () => ({
    ...interpret(raw, environment),
    origins,
    ...(flags.places.length > 0 && { places: flags.places }),
  }));
}

/** Where options were given, by their flags: a variable, a key of the config file, or the flag itself. */
type Origins = Readonly<Record<string, string>>;

/** Has a message that begins with a flag name the variable or config key instead that the user set. */
export function fromTheirPlaces<T>(origins: Origins | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const [flag = ''] = error instanceof UsageError ? (/^--[a-z-]+/.exec(error.message) ?? []) : [];
    const place = origins?.[flag];
    if (place === undefined || place === flag) throw error;
    throw new UsageError(`${place}${(error as UsageError).message.slice(flag.length)}`);
  }
}

function fromFlags(argv: readonly string[]): { given: AllGiven; places: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      strict: true,
      allowPositionals: true,
    });
    const stray = positionals.find((argument) => !isPlace(argument));
    if (stray !== undefined) throw strayArgument(stray);
    return { given: givenBy(Object.entries(values as Raw), (name) => `--${name}`), places: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(flagProblem(error, FLAGS, '--help'));
  }
}

/** npm takes an option without "--" before it for its own, and passes its value on. */
function strayArgument(argument: string): UsageError {
  const option = (TARGET_KINDS as readonly string[]).includes(argument) ? '--target' : '--definition';
  return new UsageError(
    `unexpected argument ${JSON.stringify(argument)}; did you mean ${calledWith('run')} ${option} ${argument}?`,
  );
}

const FLAGS = Object.keys(OPTIONS).map((name) => `--${name}`);

function givenBy(entries: readonly [string, Given['value']][], where: (name: string) => string): AllGiven {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value, where: where(name) }]));
}

function fromConfigFile(directory: string): AllGiven {
  const file = `${directory}/${CONFIG_FILE}`;
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = readYaml(readFileBounded(file, MAX_SOURCE_BYTES).toString('utf8'));
  } catch (error) {
    throw new UsageError(`${CONFIG_FILE} cannot be read: ${messageOf(error)}`);
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new UsageError(`${CONFIG_FILE} has to be a mapping of options, such as "target: embedded"`);
  const entries = Object.entries(content).map(([key, value]): [string, Given['value']] => {
    const spec = (OPTIONS as Record<string, OptionSpec>)[key];
    if (!spec)
      throw new UsageError(
        `${CONFIG_FILE} has the unknown key ${key}${didYouMean(key, Object.keys(OPTIONS)) || `; known are ${Object.keys(OPTIONS).join(', ')}`}`,
      );
    return [key, Array.isArray(value) ? value.map(String) : convert(String(value), spec, placeInFile(key))];
  });
  return givenBy(entries, placeInFile);
}

const placeInFile = (key: string) => `${key} in ${CONFIG_FILE}`;

/**
 * @param env only AWS's own variables are read.
 * @throws UsageError on anything malformed or contradictory, in one line.
 */
export function interpret(raw: Raw, env: Readonly<Record<string, string | undefined>>): RunOptions {
  const text = (name: OptionName) => raw[name] as string | undefined;
  const endpoint = url(text('endpoint'), '--endpoint');
  const stageUrl = url(text('url'), '--url');
  for (const name of OF_FILES) refuseUrl(text(name), `--${name}`);
  rememberSecret(text('api-key'));
  const implied = stageUrl ? 'url' : endpoint ? 'endpoint' : 'embedded';
  const target = oneOf(text('target') ?? implied, TARGET_KINDS, '--target');
  if (target === 'endpoint' && !endpoint)
    throw new UsageError('--target endpoint needs --endpoint URL, such as --endpoint http://localhost:4566');
  if (target === 'url') {
    if (!stageUrl)
      throw new UsageError(
        '--target url needs --url, the stage URL, such as https://abc123.execute-api.eu-west-1.amazonaws.com/test',
      );
    if (raw['execute-api-url'] !== undefined)
      throw new UsageError('--execute-api-url says how an API is deployed, and --target url deploys none');
    if (raw.definition !== undefined && raw.interface !== undefined)
      throw new UsageError('--definition and --interface both say what the API of --url offers; give one');
  } else
    for (const name of OF_URL)
      if (raw[name] !== undefined)
        throw new UsageError(`--${name} belongs to --target url, not to --target ${target}`);
  if (['endpoint', 'aws', 'url'].includes(target)) refuseSecretsIn(env);
  const authentication = authenticationOptions(raw.auth as string[] | undefined, {
    target,
    apiKey: text('api-key'),
  });
  const simulate = simulation(text('simulate'));
  if (simulate && !['embedded', 'aws'].includes(target))
    throw new UsageError(`--simulate belongs to --target embedded or aws, not to --target ${target}`);
  if (simulate && raw.keep === true)
    throw new UsageError(
      `--keep has nothing to keep on a simulation, which ends with the run; use ${called('serve')}`,
    );
  if (simulate && endpoint)
    throw new UsageError('--simulate starts an AWS of its own, so it takes no --endpoint');
  if (raw.watch === true && !['embedded', 'endpoint'].includes(target))
    throw new UsageError(`--watch belongs to --target embedded or endpoint, not to --target ${target}`);
  for (const name of OF_ONE_RUN)
    if (raw.watch === true && raw[name] !== undefined && raw[name] !== false)
      throw new UsageError(
        `--${name} is about one run with its results, and --watch makes many; leave one out`,
      );
  if (raw.sockets === true && target !== 'embedded')
    throw new UsageError(`--sockets belongs to --target embedded; every call to ${target} takes a socket`);
  if (endpoint && !['endpoint', 'aws', 'url'].includes(target))
    throw new UsageError(`--endpoint belongs to --target endpoint, not to --target ${target}`);
  if (raw.durations !== undefined && raw.shard === undefined)
    throw new UsageError('--durations balances --shard, so it needs --shard i/n');
  return {
    target,
    endpoint,
    ...(simulate && { simulate }),
    ...(raw.sockets === true && { sockets: true }),
    executeApiUrl: url(text('execute-api-url'), '--execute-api-url'),
    ...(authentication && { authentication }),
    ...(target === 'url' &&
      raw.definition === undefined &&
      raw.interface === undefined && { isUndescribed: true }),
    ...(stageUrl !== undefined && {
      deployed: {
        url: stageUrl,
        restApiId: text('rest-api-id'),
        apiKey: text('api-key'),
        readOnly: raw['read-only'] === true,
        stream: streamIn(text('stream')),
      },
    }),
    // On AWS the profile may name the region. A guess would create resources in the wrong place.
    region:
      regionIn(text('region')) ||
      env.AWS_REGION ||
      env.AWS_DEFAULT_REGION ||
      (target === 'aws' ? '' : 'us-east-1'),
    definition: text('definition') ?? 'tutorial',
    choices: choicesOf((raw.parameter as string[] | undefined) ?? [], text('api')),
    interface: text('interface'),
    level: text('level') === undefined ? undefined : oneOf(text('level') as string, LEVELS, '--level'),
    tags: text('tags'),
    name: (raw.name as string[] | undefined) ?? [],
    clause: (raw.clause as string[] | undefined) ?? [],
    exclude: exclusionsOf((raw.exclude as string[] | undefined) ?? []),
    lastFailed: raw['last-failed'] === true,
    shard: shard(text('shard')),
    durations: text('durations'),
    parallel: count(text('parallel'), '--parallel'),
    order: order(text('order')),
    retry: count(text('retry'), '--retry'),
    report: text('report'),
    evidence: text('evidence'),
    divergences: text('divergences'),
    contract: text('contract'),
    journal: text('journal'),
    json: raw.json === true,
    open: raw.open === true,
    watch: raw.watch === true,
    keep: raw.keep === true,
    acceptPartial: raw['accept-partial'] === true,
  };
}

function oneOf<T extends string>(value: string, known: readonly T[], flag: string): T {
  if ((known as readonly string[]).includes(value)) return value as T;
  throw new UsageError(
    `${flag} ${value} is unknown${didYouMean(value, known) || `; it is one of ${known.join(', ')}`}`,
  );
}

/** @throws UsageError if the value cannot be the name of an AWS region. */
function regionIn(value: string | undefined): string | undefined {
  if (value !== undefined && !/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(value))
    throw new UsageError(`--region ${value} is not the name of a region, such as eu-west-1`);
  return value;
}

/** @throws UsageError if Kinesis would refuse the value as a stream name. */
function streamIn(value: string | undefined): string | undefined {
  if (value !== undefined && !/^[\w.-]{1,128}$/.test(value))
    throw new UsageError(
      `--stream ${value} is not the name of a stream: 1 to 128 letters, digits, dots, hyphens and underscores`,
    );
  return value;
}

function url(value: string | undefined, flag: string): string | undefined {
  if (value === undefined) return undefined;
  refuseSecret(value, flag);
  // The braces of a template are not valid in a URL.
  const parsed = URL.parse(value.replace(/\{\w+\}/g, 'x'));
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new UsageError(`${flag} ${value} is not an http or https URL`);
  return value.trim().replace(/\/+$/, '');
}

const PLACES: Readonly<Record<string, string>> = {
  '--url':
    'the suite signs calls with --auth iam and the AWS credentials of the environment, and sends KPC_API_KEY',
};
const PLACE_OF_KEYS = 'keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile';

/**
 * Refuses a URL that contains secrets, since URLs are printed and written to reports and journals.
 * @throws UsageError, which does not repeat the URL, if it contains a user, a password, a query or a fragment.
 */
function refuseSecret(value: string, where: string): void {
  const parts = [
    // A text that is not a valid URL may also contain a secret: after a mistyped scheme, or with backslashes, which
    // parsers read as slashes.
    [/@/, 'a user or password before @'],
    [/\?/, 'a query string'],
    [/#/, 'a fragment'],
  ] as const;
  const held = parts.filter(([sign]) => sign.test(value)).map(([, what]) => what);
  if (held.length > 0)
    throw new UsageError(
      `${where} contains ${held.join(' and ')}, which logs and reports would show; leave it out: ${PLACES[where] ?? PLACE_OF_KEYS}`,
    );
}

/** Checks the endpoint variables that the SDK reads by itself. @throws UsageError as `refuseSecret` does. */
function refuseSecretsIn(env: Environment): void {
  for (const [name, value] of Object.entries(env))
    if (/^AWS_ENDPOINT_URL(_|$)/.test(name) && value) refuseSecret(value, name);
}

/** @throws UsageError, which does not repeat it, for a URL in the place of a path. */
function refuseUrl(value: string | undefined, flag: string): void {
  if (value !== undefined && /^\s*[a-z][a-z0-9+.-]+:[\\/]{2}/i.test(value))
    throw new UsageError(`${flag} takes a path on this machine, not a URL; download the file first`);
}

/** @throws UsageError for anything but `aws` or `aws:SEED`. Without a seed, a random one is used. */
export function simulation(value: string | undefined): Simulated | undefined {
  if (value === undefined) return undefined;
  const [, seed] = /^aws(?::(\d{1,9}))?$/.exec(value) ?? [undefined, null];
  if (seed === null) throw new UsageError(`--simulate takes aws or aws:SEED, not ${value}`);
  return { seed: seed === undefined ? Math.floor(Math.random() * 1e9) : Number(seed) };
}

function count(value: string | undefined, flag: string): number {
  if (value === undefined) return 0;
  if (!/^\d{1,3}$/.test(value))
    throw new UsageError(`${flag} takes a whole number from 0 to 999, not ${value}`);
  return Number(value);
}

function shard(value: string | undefined): RunOptions['shard'] {
  if (value === undefined) return undefined;
  const [, index, total] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (!index || !total || Number(index) < 1 || Number(index) > Number(total))
    throw new UsageError(`--shard takes i/n with 1 ≤ i ≤ n, such as 1/4, not ${value}`);
  return { index: Number(index), count: Number(total) };
}

function order(value: string | undefined): RunOptions['order'] {
  if (value === undefined || value === 'defined') return { kind: 'defined' };
  const [, seed] = /^random(?::(\d{1,9}))?$/.exec(value) ?? [undefined, null];
  if (seed === null) throw new UsageError(`--order takes defined or random[:SEED], not ${value}`);
  return { kind: 'random', seed: seed === undefined ? Math.floor(Math.random() * 1e9) : Number(seed) };
}
