import { TARGET_KINDS } from '../../infra/targets/target.ts';

export const LEVELS = ['core', 'extended', 'production', 'all'] as const;

/** One option, which is a flag, an environment variable and a key of the config file. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** The separator of several values in one variable, for values that may contain commas. */
  readonly separator?: RegExp;
  readonly value?: string;
  readonly help: string;
}

export const OPTIONS = {
  target: { type: 'string', value: TARGET_KINDS.join('|'), help: 'where to run (default: embedded)' },
  endpoint: {
    type: 'string',
    value: 'URL',
    help: 'the AWS-compatible endpoint: of --target endpoint, of the account of --url, or to rehearse --target aws on',
  },
  'execute-api-url': {
    type: 'string',
    value: 'TEMPLATE',
    help: 'how the endpoint serves a deployed API, such as http://host:4566/_aws/execute-api/{restApiId}/{stage}',
  },
  url: {
    type: 'string',
    value: 'URL',
    help: 'the stage URL of an API that is deployed already (--target url)',
  },
  'rest-api-id': {
    type: 'string',
    value: 'ID',
    help: 'the id of its REST API, if the URL does not contain it',
  },
  auth: {
    type: 'string',
    multiple: true,
    separator: /,(?=\s*(?:none|iam|api-key|header:))/,
    value: 'none|iam|api-key|header:NAME=VALUE',
    help: 'how calls authenticate; repeatable; prefer KPC_AUTH for headers (default: as the methods require; with --url none)',
  },
  'api-key': { type: 'string', value: 'KEY', help: 'sent with calls to --url; prefer KPC_API_KEY' },
  'read-only': { type: 'boolean', help: 'with --url: make no call that creates, deletes or puts' },
  stream: {
    type: 'string',
    value: 'NAME',
    help: 'with --url: create no stream; use this one, add records to it unless --read-only, and never delete it',
  },
  region: {
    type: 'string',
    value: 'REGION',
    help: "AWS region (default: AWS_REGION, else us-east-1, on AWS the profile's)",
  },
  definition: {
    type: 'string',
    value: 'tutorial|PATH',
    help: 'the API to deploy and judge (default: tutorial); with --url, the definition of the deployed API',
  },
  parameter: {
    type: 'string',
    multiple: true,
    separator: /,(?=\s*[\w-]+=)/,
    value: 'KEY=VALUE',
    help: 'a parameter of the definition; repeatable',
  },
  api: { type: 'string', value: 'NAME', help: 'which API, if the definition has several' },
  interface: {
    type: 'string',
    value: 'FILE',
    help: 'what the API offers, if it cannot be derived (docs/interface.md)',
  },
  exclude: {
    type: 'string',
    multiple: true,
    separator: /,(?=\s*[\w-]+=)/,
    value: 'ID=REASON',
    help: 'a clause to exclude, and the reason; listed in every report; repeatable',
  },
  level: {
    type: 'string',
    value: LEVELS.join('|'),
    help: 'clauses to judge (default: core and extended; for a PATH core, or production where it has another shape); all: every level that applies to the API',
  },
  tags: {
    type: 'string',
    value: 'EXPRESSION',
    help: 'only scenarios whose tags match, such as "@PUT-3 or @PUT-4"',
  },
  name: {
    type: 'string',
    multiple: true,
    // A regular expression may contain commas.
    separator: /\n/,
    value: 'REGEXP',
    help: 'only scenarios whose name matches; repeatable',
  },
  clause: {
    type: 'string',
    multiple: true,
    value: 'ID',
    help: 'only this clause, such as CREATE-1; repeatable',
  },
  'last-failed': {
    type: 'boolean',
    help: 'only what failed in the last run, whose results are in the report folder',
  },
  shard: {
    type: 'string',
    value: 'i/n',
    help: 'the i-th of n parts of the selection, of about equal duration',
  },
  durations: {
    type: 'string',
    value: 'DIR|FILE',
    help: 'an earlier run by which to balance --shard (default: durations recorded for that kind of target)',
  },
  parallel: { type: 'string', value: 'N', help: 'worker threads (default: 0, all in one)' },
  sockets: {
    type: 'boolean',
    help: "on the embedded AWS, send the suite's SDK calls through sockets too, signed (default: in process)",
  },
  order: {
    type: 'string',
    value: 'defined|random[:SEED]',
    help: 'order of the scenarios (default: defined)',
  },
  retry: {
    type: 'string',
    value: 'N',
    help: 'retries of a failing scenario; one that passes on a retry is flaky (default: 0)',
  },
  report: { type: 'string', value: 'DIR', help: 'where reports go (default: reports/<target>)' },
  evidence: { type: 'string', value: 'DIR', help: 'store what the run observed for each clause, normalized' },
  divergences: { type: 'string', value: 'FILE', help: "known divergences, instead of the target's own list" },
  contract: { type: 'string', value: 'VERSION', help: 'judge by the contract frozen at that release' },
  journal: {
    type: 'string',
    value: 'DIR',
    help: 'where a run records what it creates on a target that outlives it (default: .kpc/journal)',
  },
  simulate: {
    type: 'string',
    value: 'aws[:SEED]',
    help: 'make the embedded AWS behave like AWS at its worst; with --target aws, use it in place of AWS',
  },
  json: { type: 'boolean', help: 'print the results as JSON on standard output, and nothing else there' },
  open: { type: 'boolean', help: 'open the report in the browser when the run is over' },
  watch: {
    type: 'boolean',
    help: 'rerun what each saved feature, step or definition affects, until Ctrl-C; write no reports',
  },
  keep: {
    type: 'boolean',
    help: 'leave the deployed API and the streams of failing scenarios in place; the embedded AWS serves them until Ctrl-C',
  },
  'accept-partial': { type: 'boolean', help: 'exit 0 when something selected could not be observed' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** An option's name as a property: `executeApiUrl` for `execute-api-url`. */
export function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** One line for each option, for `--help`. */
export function optionsHelp(): string {
  const rows = Object.entries(OPTIONS as Record<string, OptionSpec>).map(
    ([name, spec]) => [`--${name}${spec.value ? ` ${spec.value}` : ''}`, spec.help] as const,
  );
  return rows
    .map(([left, help]) =>
      left.length > 28 ? `  ${left}\n${' '.repeat(32)}${help}` : `  ${left.padEnd(30)}${help}`,
    )
    .join('\n');
}
