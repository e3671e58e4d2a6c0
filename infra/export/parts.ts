import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadDefinition } from '../definition/definition.ts';
import { isObject, type Json, type JsonObject } from '../definition/types.ts';
import { rolePolicies } from '../proxy/roles.ts';
import { readYaml } from '../yaml.ts';

/** The definitions that can be exported: those with a known role and stage. */
export const EXPORTED = ['tutorial', 'hardened'] as const;
export type ExportedName = (typeof EXPORTED)[number];

export interface ExportOptions {
  /** The default prefix of the streams; undefined: it must be given at deployment. */
  readonly streamPrefix?: string;
  /** Such as `prod`. */
  readonly stage: string;
}

/** Members of API Gateway's MethodSetting; `path` and `method` identify the method. */
export interface MethodSetting {
  readonly path: string;
  readonly method: string;
  readonly throttlingRateLimit?: number;
  readonly throttlingBurstLimit?: number;
  readonly metricsEnabled?: boolean;
  readonly loggingLevel?: string;
  readonly dataTraceEnabled?: boolean;
}

/** A definition and the resources that every form of deployment adds. */
export interface Parts {
  readonly name: ExportedName;
  readonly title: string;
  readonly openapi: JsonObject;
  readonly trust: JsonObject;
  /** Its resources contain `STREAM_PREFIX` if the role is limited to a prefix. */
  readonly permissions: JsonObject;
  readonly hasPrefix: boolean;
  /** The header value with the allowed origin, including quotes; undefined if the API has none. */
  readonly origin: string | undefined;
  readonly methodSettings: readonly MethodSetting[];
  readonly accessLogFormat: string;
  /** A short hash of the API: a deployment is a snapshot, so a changed API needs a new one. */
  readonly hash: string;
}

/** The metric of an alarm. It includes Kinesis's errors only if the API maps them. */
export interface Alarm {
  readonly id: string;
  readonly metric: string;
  readonly statistic: { readonly plain: string } | { readonly extended: string };
  readonly threshold: number;
  readonly description: string;
}

export const ALARMS: readonly Alarm[] = [
  {
    id: 'ClientErrors',
    metric: '4XXError',
    statistic: { plain: 'Average' },
    threshold: 0.05,
    description: 'More than 5 % of the calls were answered with 4xx for 15 minutes',
  },
  {
    id: 'ServerErrors',
    metric: '5XXError',
    statistic: { plain: 'Average' },
    threshold: 0.01,
    description: 'More than 1 % of the calls were answered with 5xx for 15 minutes',
  },
  {
    id: 'Slowness',
    metric: 'Latency',
    statistic: { extended: 'p99' },
    threshold: 2000,
    description: 'One call in a hundred took more than 2 seconds for 15 minutes',
  },
];
/** The length of a period in seconds, and how many periods must exceed the threshold. */
export const ALARM_PERIOD = 300;
export const ALARM_PERIODS = 3;
export const LOG_DAYS = 90;

/** The placeholder for the prefix in a policy. */
export const STREAM_PREFIX = '{stream-prefix}';

const STAGE = new URL('../proxy/hardened.stage.yaml', import.meta.url);

export function partsOf(name: ExportedName): Parts {
  const definition = loadDefinition(name);
  const { openapi } = definition.declare({ region: 'us-east-1', accountId: '000000000000', stackName: name });
  const { 'x-allowed-origin': origin, ...document } = openapi;
  const { trust, permissions } = rolePolicies(definition.role, {
    permittedStream: '',
    streamPrefix: STREAM_PREFIX,
  });
  // Both definitions have the same paths, so one stage fits both.
  const stage = readYaml(readFileSync(STAGE, 'utf8')) as {
    methodSettings: MethodSetting[];
    accessLogSettings: { format: string };
  };
  return {
    name,
    title: String((document.info as JsonObject).title),
    openapi: document,
    trust: JSON.parse(trust),
    permissions: JSON.parse(permissions ?? '{}'),
    hasPrefix: permissions?.includes(STREAM_PREFIX) ?? false,
    origin: typeof origin === 'string' ? origin : undefined,
    methodSettings: stage.methodSettings,
    // A folded YAML text has a space instead of a line end.
    accessLogFormat: JSON.stringify(JSON.parse(stage.accessLogSettings.format)),
    hash: createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 8),
  };
}

/**
 * A copy of an API with its regions, roles and origin replaced.
 * @param replace the replacement for a URI, credentials or the origin.
 * @param text converts any other text, including member names.
 */
export function adapted(
  { openapi, origin }: Parts,
  replace: { uri(uri: string): Json; credentials: Json; origin: Json },
  text: (text: string) => string = (same) => same,
): JsonObject {
  const walk = (value: Json, key = ''): Json => {
    if (Array.isArray(value)) return value.map((item) => walk(item));
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [text(name), walk(member, name)]),
      );
    if (typeof value !== 'string') return value;
    if (key === 'uri') return replace.uri(value);
    if (key === 'credentials') return replace.credentials;
    return origin !== undefined && value === origin ? replace.origin : text(value);
  };
  return walk(openapi) as JsonObject;
}
