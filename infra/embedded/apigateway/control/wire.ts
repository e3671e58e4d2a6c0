import type { HttpRequest, HttpResponse } from '../../http.ts';
import { badRequest, serializationError } from './errors.ts';

/** A routed request to the control plane; `params` holds the decoded path parameters. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: HttpRequest;
}

/** A path parameter; the router ensures that it exists. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new TypeError(`The route has no parameter ${name}`);
  return value;
}

export const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(value),
});

export const empty = (status: number): HttpResponse => ({ status, headers: [], body: '' });

/**
 * `limit` is at most 500, and 25 by default (botocore apigateway/2015-07-09); a limit below 1 gives an empty page
 * (recorded on AWS for API keys). `position` is opaque.
 */
export function page(call: Call, items: readonly unknown[]): HttpResponse {
  const limit = Number(call.query.get('limit') ?? 25);
  if (!Number.isInteger(limit) || limit > 500) throw badRequest('Invalid limit specified');
  if (limit < 1) return json(200, { item: [] });
  const position = call.query.get('position');
  const start = position === null ? 0 : Number(Buffer.from(position, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw badRequest('Invalid position specified');
  const end = start + limit;
  return json(200, {
    item: items.slice(start, end),
    ...(end < items.length && { position: Buffer.from(String(end)).toString('base64url') }),
  });
}

export type Body = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An empty body is `{}`. The messages are those of Kinesis, which uses the same service framework
 * (docs/facts/kinesis.md#errors; inferred here).
 */
export function readBody(call: Call): Body {
  const text = call.request.body.toString('utf8');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw serializationError('');
  }
  if (isObject(value)) return value;
  throw serializationError(Array.isArray(value) ? 'Start of list found where not expected' : '');
}

/**
 * The Java class that the service reports for a value of the wrong type (recorded for strings,
 * docs/facts/kinesis.md#errors).
 */
function javaClass(value: unknown): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number') return 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  return typeof value === 'string' ? 'java.lang.String' : 'java.util.Map';
}

const refused = (value: unknown, wanted: string) =>
  serializationError(`class ${javaClass(value)} can not be converted to ${wanted}`);

function asText(value: unknown): string {
  if (typeof value !== 'string') throw refused(value, 'an String');
  return value;
}

function asFlag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw refused(value, 'a Boolean');
  return value;
}

function asNumber(value: unknown): number {
  if (typeof value !== 'number') throw refused(value, 'an Integer');
  return value;
}

function asMap<T>(value: unknown, read: (entry: unknown) => T): Record<string, T> {
  if (!isObject(value)) throw refused(value, 'a Map');
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, read(entry)]));
}

/** Reads one member: undefined if it is absent or null; throws a SerializationException for another type. */
const member =
  <T>(read: (value: unknown) => T) =>
  (body: Body, name: string): T | undefined => {
    const value = body[name];
    return value === undefined || value === null ? undefined : read(value);
  };

export const text = member(asText);
export const flag = member(asFlag);
export const wholeNumber = member(asNumber);
export const textMap = member((value) => asMap(value, asText));
export const flagMap = member((value) => asMap(value, asFlag));
/** Templates may be null; an empty template is stored as null (recorded on AWS for integration responses). */
export const templateMap = member((value) =>
  asMap(value, (entry) => (entry === null || entry === '' ? null : asText(entry))),
);
export const textList = member((value) => {
  if (!Array.isArray(value)) throw refused(value, 'a List');
  return value.map(asText);
});
export const structure = member((value): Body => {
  if (!isObject(value)) throw refused(value, 'a Structure');
  return value;
});
