import type { Account } from '../../account.ts';
import type { Resource } from '../model.ts';
import type { MethodRequest } from './method-request.ts';
import { TemplateError } from './vtl/scanner.ts';
import { type Key, printed, SilentMap, type Value, type VtlMap } from './vtl/value.ts';

export interface CallIds {
  readonly requestId: string;
  readonly extendedRequestId: string;
}

export interface ContextSource {
  readonly account: Account;
  readonly ids: CallIds;
  readonly apiId: string;
  readonly stageName: string;
  readonly httpMethod: string;
  /** Without the stage. */
  readonly path: string;
  readonly host: string | undefined;
  readonly userAgent: string | undefined;
  readonly sourceIp: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * `$context` of one call (docs/facts/templates.md#variables); both templates share it, so an override set by either
 * takes effect.
 */
export function createContext(source: ContextSource): VtlMap {
  const identity = new SilentMap([
    ['sourceIp', source.sourceIp],
    ['userAgent', source.userAgent],
  ]);
  return new Map<string, Value>([
    ['accountId', source.account.id],
    ['apiId', source.apiId],
    ['domainName', source.host],
    ['domainPrefix', source.host?.split('.')[0]],
    ['extendedRequestId', source.ids.extendedRequestId],
    ['httpMethod', source.httpMethod],
    ['identity', identity],
    ['path', `/${source.stageName}${source.path}`],
    ['protocol', 'HTTP/1.1'],
    ['requestId', source.ids.requestId],
    ['requestOverride', overrides('header', 'path', 'querystring')],
    ['requestTime', commonLogTime(source.time)],
    ['requestTimeEpoch', source.time],
    ['responseOverride', overrides('header')],
    ['stage', source.stageName],
  ]);
}

/** Values that are known only after routing. */
export function enterResource(context: VtlMap, resource: Resource, request: MethodRequest): void {
  context.set('resourceId', resource.id);
  context.set('resourcePath', resource.path);
  context.set('httpMethod', request.httpMethod);
}

export function addIdentity(context: VtlMap, identity: Readonly<Record<string, string>>): void {
  const known = context.get('identity');
  if (known instanceof Map) for (const [key, value] of Object.entries(identity)) known.set(key, value);
}

/** The overrides that templates set in `$context.requestOverride.header` and its siblings. */
export function overridesOf(
  context: VtlMap,
  group: 'requestOverride' | 'responseOverride',
  part: 'header' | 'path' | 'querystring',
): readonly (readonly [name: string, value: string])[] {
  const map = contextValue(context, `${group}.${part}`);
  return map instanceof Map ? [...map].map(([name, value]) => [String(name), printed(value)]) : [];
}

/** `$context.responseOverride.status`, if it is a valid status. */
export function statusOverride(context: VtlMap): number | undefined {
  const status = Number(printed(contextValue(context, 'responseOverride.status')) || Number.NaN);
  return Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined;
}

/** The value of a dotted name below `$context`. */
export function contextValue(context: VtlMap, name: string): Value {
  let at: Value = context;
  for (const step of name.split('.')) at = at instanceof Map ? at.get(step) : undefined;
  return at;
}

function overrides(...parts: readonly string[]): Value {
  return new Overrides(parts.map((part) => [part, new Overrides()]));
}

/**
 * "Overrides are final": a template that overrides a parameter twice is a 5XX (developer guide,
 * apigateway-override-request-response-parameters; that it is the 500 of a failed template is inferred).
 */
class Overrides extends SilentMap {
  override set(key: Key, value: Value): this {
    if (this.has(key)) throw new TemplateError(`${key} is overridden twice`);
    return super.set(key, value);
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let lastLogTime: { readonly time: number; readonly text: string } | undefined;

/** `19/Aug/2025:17:04:50 +0000` (docs/facts/templates.md#variables: CLF). One time is formatted once. */
function commonLogTime(time: number): string {
  if (lastLogTime?.time !== time) lastLogTime = { time, text: formatted(time) };
  return lastLogTime.text;
}

function formatted(time: number): string {
  const date = new Date(time);
  const [day, clock] = [String(date.getUTCDate()).padStart(2, '0'), date.toISOString().slice(11, 19)];
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}
