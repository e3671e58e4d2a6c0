import { parseJsonBounded } from '../../infra/bounds/json.ts';
import type { Exchange } from '../client/exchange.ts';
import { redact } from '../client/redact.ts';
import type { Body, Json, NormalExchange } from './evidence.ts';

/** Headers that the transport adds, or that only authenticate the caller. */
const DROPPED =
  /^(host|authorization|x-amz-date|x-amz-security-token|x-amz-content-sha256|x-api-key|date|connection|keep-alive|content-length|transfer-encoding|via|server|x-cache|x-amz-cf-.*)$/;
/** Headers whose values are new in every call. */
const PER_CALL: Readonly<Record<string, string>> = {
  'x-amzn-requestid': '<request-id>',
  'x-amz-apigw-id': '<request-id>',
};

/** Members whose values are new in every call, or depend on the whole account. Other members keep their values. */
const MEMBERS: Readonly<Record<string, (value: unknown) => Json | undefined>> = {
  ShardIterator: textAs('shard-iterator'),
  NextShardIterator: textAs('shard-iterator'),
  // Shards made at the same moment begin with the same number.
  StartingSequenceNumber: anyTextAs('sequence-number'),
  EndingSequenceNumber: anyTextAs('sequence-number'),
  StreamCreationTimestamp: numberAs('time'),
  ApproximateArrivalTimestamp: numberAs('time'),
  // A zero delay is kept, since the contract judges it.
  MillisBehindLatest: (value) =>
    value === 0 ? undefined : typeof value === 'number' ? '<milliseconds>' : undefined,
  // The streams of other users are not part of the evidence.
  StreamNames: (value) => (Array.isArray(value) ? '<names>' : undefined),
  StreamSummaries: (value) => (Array.isArray(value) ? '<summaries>' : undefined),
  HasMoreStreams: (value) => (typeof value === 'boolean' ? '<true or false>' : undefined),
  NextToken: textAs('token'),
};

/** In any text, in this order; each different value of a kind gets the next number. */
const PATTERNS: readonly { readonly kind: string; readonly pattern: RegExp; readonly numbered: boolean }[] = [
  // docs/facts/kinesis.md#sequence-numbers: 56 digits; hash keys have at most 39.
  { kind: 'sequence-number', pattern: /\b\d{50,64}\b/g, numbered: true },
  { kind: 'shard-iterator', pattern: /\bAAAAAAAAAA[A-Za-z0-9+/%=]{60,}/g, numbered: true },
  { kind: 'stream', pattern: /(?<=\b|%2F)kpc-[0-9a-z]+-[A-Za-z]+-[0-9a-f]{10}\b/g, numbered: true },
  {
    kind: 'stream-encoded',
    pattern: /\bkpc(?:%25|%)2D[0-9A-Za-z%]+?(?:%25|%)2D[0-9a-f]{10}\b/g,
    numbered: true,
  },
  { kind: 'run', pattern: /(?<=\b|%2F)kpc-[0-9a-z]+(?=-)/g, numbered: false },
  { kind: 'uuid', pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, numbered: false },
  { kind: 'time', pattern: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, numbered: false },
  { kind: 'time', pattern: /\b[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d [\d:]{8} UTC \d{4}\b/g, numbered: false },
  { kind: 'account', pattern: /\[account\]/g, numbered: false },
];
/** Up to its end, including redacted parts. */
const TRACE = /\bRoot=1-[^;,\s"]*(?:;[^,\s"]*)?/g;
const REGION_OF_HOST = /(https:\/\/kinesis\.)[a-z]{2}(?:-[a-z]+)+-\d(?=\.)/g;
const REGION_OF_ARN = /(arn:aws[\w-]*:\w+:)[a-z]{2}(?:-[a-z]+)+-\d(?=:)/g;

/**
 * Normalizes the exchanges of one scenario, so that they are the same in every run: secrets are redacted, varying
 * values become placeholders, equal for equal values, and repeated calls are kept once.
 * @param baseUrls the URLs of the stages that were called.
 */
export function normalize(exchanges: readonly Exchange[], baseUrls: readonly string[]): NormalExchange[] {
  const names = new Names();
  const normal: NormalExchange[] = [];
  for (const exchange of exchanges) {
    const next = normalizeOne(JSON.parse(redact(JSON.stringify(exchange))) as Exchange, baseUrls, names);
    // A wait makes more calls when the target is slow.
    if (JSON.stringify(next) !== JSON.stringify(normal.at(-1))) normal.push(next);
  }
  return normal;
}

function normalizeOne(
  { request, response }: Exchange,
  baseUrls: readonly string[],
  names: Names,
): NormalExchange {
  const base = baseUrls.find((url) => request.url.startsWith(url)) ?? '';
  const sentRoot = Object.values(request.headers).find((value) => /^Root=/.test(value));
  const text = (value: string) => names.replace(value, sentRoot);
  return {
    request: {
      method: request.method,
      path: text(request.url.slice(base.length)),
      headers: headersOf(request.headers, text),
      ...withBody(request.body, names, text),
    },
    response: {
      status: response.status,
      headers: headersOf(response.headers, text),
      ...withBody(response.body, names, text),
    },
  };
}

function headersOf(
  headers: Readonly<Record<string, string>>,
  text: (value: string) => string,
): Record<string, string> {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !DROPPED.test(name))
    .map(([name, value]) => [name, PER_CALL[name] ?? text(value)] as const);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withBody(body: string | undefined, names: Names, text: (value: string) => string): { body?: Body } {
  if (body === undefined || body === '') return {};
  try {
    return { body: { json: settle(parseJsonBounded(body), undefined, names, text) } };
  } catch {
    return { body: { text: text(body) } };
  }
}

function settle(
  value: unknown,
  member: string | undefined,
  names: Names,
  text: (value: string) => string,
): Json {
  const rule = member === undefined ? undefined : Object.getOwnPropertyDescriptor(MEMBERS, member)?.value;
  const replaced = rule?.(value) as Json | undefined;
  if (typeof replaced === 'string' && replaced.startsWith('#'))
    return names.of(replaced.slice(1), String(value));
  if (replaced !== undefined) return replaced;
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => settle(item, undefined, names, text));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, settle(inner, name, names, text)]),
    );
  return value as Json;
}

/** The placeholders of one scenario: equal values have the same one everywhere. */
class Names {
  readonly #byValue = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(kind: string, value: string): string {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `<${kind}:${count}>`;
    this.#byValue.set(value, name);
    return name;
  }

  /** @param sentRoot the trace that a client sent, which is kept. */
  replace(value: string, sentRoot: string | undefined): string {
    const whole = this.#byValue.get(value) ?? this.#byValue.get(decoded(value));
    if (whole !== undefined) return whole;
    let text = value.replace(TRACE, (found) =>
      sentRoot && found.startsWith(sentRoot) ? sentRoot : 'Root=<trace-id>',
    );
    // A short value, such as a shard iterator of a stub, may be part of any word.
    for (const [known, name] of this.#byValue)
      if (known.length >= 20) text = text.replaceAll(known, name).replaceAll(encodeURIComponent(known), name);
    for (const { kind, pattern, numbered } of PATTERNS)
      text = text.replace(pattern, (found) => (numbered ? this.of(kind, found) : `<${kind}>`));
    return text.replace(REGION_OF_ARN, '$1<region>').replace(REGION_OF_HOST, '$1<region>');
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A rule that numbers each different text; `#` stands for the number to come. */
function textAs(kind: string) {
  return (value: unknown): Json | undefined =>
    typeof value === 'string' && value !== '' ? `#${kind}` : undefined;
}

/** Like textAs, for values that are equal only by chance. */
function anyTextAs(kind: string) {
  return (value: unknown): Json | undefined =>
    typeof value === 'string' && value !== '' ? `<${kind}>` : undefined;
}

function numberAs(kind: string) {
  return (value: unknown): Json | undefined => (typeof value === 'number' ? `<${kind}>` : undefined);
}
