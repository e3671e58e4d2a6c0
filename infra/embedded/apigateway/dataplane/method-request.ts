import type { Header } from '../../http.ts';
import type { Payload } from './payload.ts';

export type MultiMap = ReadonlyMap<string, readonly string[]>;

/** The client's request as parameter mappings, templates and validators see it. */
export interface MethodRequest {
  readonly httpMethod: string;
  /** Without the stage and the query, still percent-encoded. */
  readonly path: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  /** Decoded. */
  readonly query: MultiMap;
  /** Names as sent: they are case-sensitive (docs/facts/templates.md#headers, DOC). */
  readonly headers: MultiMap;
  readonly body: Payload;
  /** As sent; application/json when absent (docs/facts/gateway.md#choice-of-the-template, LS-T:sqs). */
  readonly contentType: string;
  /** The first type of Accept. */
  readonly accept: string | undefined;
}

/**
 * Headers that the gateway does not pass on, and renames in a response (docs/facts/templates.md#headers and
 * docs/facts/gateway.md#response-headers, list H).
 */
export const KEPT_BACK: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'www-authenticate',
]);

export interface RawRequest {
  readonly httpMethod: string;
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** A method request without the members that depend on its resource and API. */
export function methodRequest(raw: RawRequest): Omit<MethodRequest, 'pathParameters' | 'body'> {
  const named = (wanted: string) => raw.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  return {
    httpMethod: raw.httpMethod,
    path: raw.path,
    query: queryOf(raw.query),
    headers: grouped(raw.headers.filter(([name]) => visible(name.toLowerCase()))),
    contentType: named('content-type') || 'application/json',
    accept: named('accept')?.split(',')[0]?.trim(),
  };
}

/** If a name has multiple values, the last one wins (docs/facts/gateway.md#parameters, EMU). */
export function lastValues(map: MultiMap): ReadonlyMap<string, string> {
  return new Map([...map].map(([name, values]) => [name, values.at(-1) ?? '']));
}

function visible(name: string): boolean {
  return name !== 'te' && name !== 'transfer-encoding' && !KEPT_BACK.has(name);
}

/** A semicolon separates parameters like an ampersand (docs/facts/gateway.md#routing, DOC known-issues). */
function queryOf(query: string): MultiMap {
  const pairs = query.split(/[&;]/).filter((part) => part !== '');
  return grouped(
    pairs.map((pair) => {
      const [name = '', value = ''] = split(pair);
      return [decoded(name), decoded(value)];
    }),
  );
}

function split(pair: string): readonly string[] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function grouped(pairs: readonly Header[]): MultiMap {
  const map = new Map<string, string[]>();
  for (const [name, value] of pairs) map.set(name, [...(map.get(name) ?? []), value]);
  return map;
}
