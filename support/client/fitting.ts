import { createRequire } from 'node:module';
import { pointerForText, pointerOf, recordsIn } from '../../infra/definition/interface/places.ts';
import { acceptsText, schemaAt } from '../../infra/definition/interface/texts.ts';
import type { Call, Place } from '../../infra/definition/interface/types.ts';
import { isObject, type JsonObject } from '../../infra/definition/types.ts';
import type { IntendedRecord, Intent } from './by-interface.ts';

/** The default values that make a call valid. */
export const DEFAULTS: Intent = { iteratorType: 'TRIM_HORIZON', partitionKey: 'some key', data: 'some data' };

/** What is intended, with plain texts that the call's model accepts in the place of those that it refuses. */
export function fitting(call: Call, intent: Intent): Intent {
  if (call.model === undefined) return intent;
  const [one = call] = recordsIn(call);
  const fitted = ({ data, partitionKey, ...rest }: IntendedRecord) => ({
    ...rest,
    data: fittingIn(call, one.data, data),
    partitionKey: fittingIn(call, one.partitionKey, partitionKey),
  });
  if (call.records && intent.records) return { ...intent, records: intent.records.map(fitted) };
  const { data, partitionKey } = { ...DEFAULTS, ...intent } as IntendedRecord;
  return { ...intent, ...fitted({ data, partitionKey }) };
}

/** A text that stands for any: no scenario is about its characters or its length. */
const PLAIN = /^[\w .-]{1,80}$/;
/** Characters of a text that a model's pattern makes. */
const MAX_LENGTH = 256;
/** What the counts in a pattern (`{1000}`) may multiply to. */
const MAX_REPEATS = 10_000;
const TRIES = 20;

/**
 * A text that a model accepts in place of a plain one, such as `BKT-4471` for `some value` under `^[A-Z]{3}-\d{4}$`; the
 * same for the same text. Other texts stay as they are, and so do those for which none is found.
 * @param schema of a string (JSON schema, draft 4).
 */
export function fittingText(schema: JsonObject, text: string): string {
  const known = fitted.get(schema) ?? new Map<string, string>();
  fitted.set(schema, known);
  const found = known.get(text) ?? findFitting(schema, text);
  known.set(text, found);
  return found;
}

const fitted = new WeakMap<JsonObject, Map<string, string>>();

function findFitting(schema: JsonObject, text: string): string {
  const { enum: values, type } = schema;
  if (!PLAIN.test(text) || (type !== undefined && type !== 'string') || acceptsText(schema, text))
    return text;
  if (Array.isArray(values)) {
    const texts = values.filter((value) => typeof value === 'string');
    return texts[hashOf(text) % texts.length] ?? text;
  }
  const isFitting = (candidate: string) => acceptsText(schema, candidate);
  return (
    ofFormat(schema.format, text).find(isFitting) ??
    simple(schema, text).find(isFitting) ??
    (typeof schema.pattern === 'string' ? generated(schema.pattern, text).find(isFitting) : undefined) ??
    text
  );
}

function simple({ minLength, maxLength }: JsonObject, text: string): string[] {
  const plain = ['-', '_', ''].flatMap((joint) => {
    const joined = text.replaceAll(' ', joint);
    return [joined, joined.toLowerCase(), joined.toUpperCase()];
  });
  const most = Math.min(Number(maxLength ?? MAX_LENGTH), MAX_LENGTH);
  // The end of a text tells it from others of its kind.
  const cut = [text, ...plain].map((one) =>
    one
      .slice(-most)
      .padEnd(Number(minLength ?? 0), '.')
      .slice(0, MAX_LENGTH),
  );
  const digits = String(hashOf(text)).padStart(10, '0');
  const numbers = [digits, digits.slice(-Math.max(1, Math.min(most, 6)))];
  return [...cut, ...numbers];
}

/** Hexadecimal digits. */
const DIGESTS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };

/** Texts of the formats that the gateway's validator knows. */
function ofFormat(format: unknown, text: string): string[] {
  const digits = String(hashOf(text)).padStart(10, '0');
  const hex = hashOf(text).toString(16).padStart(8, '0');
  const [, first, second, third] = (/(.{2})(.{2})(.{2})$/.exec(hex) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  switch (format) {
    case 'date-time':
      return [new Date(hashOf(text) * 1000).toISOString()];
    case 'email':
      return [`user-${digits}@example.com`];
    case 'hostname':
      return [`host-${digits}.example.com`];
    case 'ipv4':
      return [`10.${first}.${second}.${third}`];
    case 'ipv6':
      return [`2001:db8::${hex.slice(0, 4)}:${hex.slice(4)}`];
    case 'json-pointer':
      return [`/${digits}`];
    case 'mac':
      return [`02:00:${hex.replace(/(..)(?=.)/g, '$1:')}`];
    case 'uri':
      return [`https://example.com/${digits}`];
    case 'uuid':
      return [`${hex}-0000-4000-8000-${hex.padStart(12, '0')}`];
    case 'base64':
      return [hex];
    default: {
      const digest = DIGESTS[String(format)];
      return digest === undefined ? [] : [hex.padStart(digest, '0')];
    }
  }
}

/** Loads the generator only where a pattern asks for it. */
function generated(pattern: string, text: string): string[] {
  const repeats = [...pattern.matchAll(/\{(\d+)/g)].reduce(
    (all, [, count]) => all * Math.max(Number(count), 1),
    1,
  );
  if (repeats > MAX_REPEATS) return [];
  const fc = createRequire(import.meta.url)('fast-check') as typeof import('fast-check');
  try {
    const made = fc.sample(fc.stringMatching(new RegExp(pattern), { size: 'small' }), {
      seed: hashOf(text),
      numRuns: TRIES,
    });
    return made.filter(({ length }) => length > 0 && length <= MAX_LENGTH);
  } catch {
    // Lookarounds, for example: the scenario is not observable then.
    return [];
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** A plain text as a client has to send it in a place, by the call's model. */
export function fittingIn(call: Call, place: Place | undefined, text: string): string {
  if (call.model === undefined || place === undefined || !('from' in place)) return text;
  const at = pointerOf(call, place);
  if (at === undefined || place.as?.includes('base64-decoded')) return text;
  const schema = schemaAt(call.model, pointerForText(call, at) ?? at);
  return isObject(schema) ? fittingText(schema, text) : text;
}

/** What a client sends for a text. Transformations that it cannot reverse are ignored. */
export function sentFor({ as = [] }: Extract<Place, { from: string }>, text: string): string {
  return as.toReversed().reduce(invert, text);
}

function invert(text: string, encoding: string): string {
  if (encoding === 'base64-decoded') return Buffer.from(text).toString('base64');
  if (encoding === 'url-decoded') return encodeURIComponent(text);
  return text;
}
