import { patternOf, tests } from '../../embedded/apigateway/dataplane/pattern.ts';
import { FORMATS } from '../../embedded/apigateway/dataplane/schema/formats.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { inputsIn } from './members.ts';
import { mayContain } from './patterns.ts';
import { stepsOf } from './sample.ts';
import type { Input, Place } from './types.ts';

/** Whether a model says that nothing that a place reads of the body is an object or a list. */
export function isScalar(place: Place, model: JsonObject | undefined): boolean {
  const read = textsOf(place);
  return read.length > 0 && read.every(({ at }) => typesAt(model, at)?.every((type) => SCALARS.has(type)));
}

const SCALARS: ReadonlySet<unknown> = new Set(['string', 'integer', 'number', 'boolean', 'null']);

/** Whether a model demands a number or a boolean at a pointer, which templates print without quotes. */
export function isUnquotedAt(model: JsonObject | undefined, at: string): boolean {
  return typesAt(model, at)?.every((type) => type !== 'string' && SCALARS.has(type)) ?? false;
}

/** Whether a place prints objects and lists in Java's form rather than as JSON. */
export function notJson(place: Place): boolean {
  const bodies = textsOf(place);
  if ('fixed' in place) return false;
  if ('template' in place) return place.template.some((part) => typeof part !== 'string' && notJson(part));
  return bodies.length > 0 && place.as?.[0] !== 'json' && place.as?.[0] !== 'base64-decoded';
}

/** Whether a model excludes objects and lists where a place would print them as Java does. */
export function isScalarWhereNotJson(place: Place, model: JsonObject | undefined): boolean {
  const parts = 'template' in place ? place.template.filter((part) => typeof part !== 'string') : [place];
  return parts.filter(notJson).every((part) => isScalar(part, model));
}

/** What a place reads of the body by name. */
export function textsOf(place: Place): (Input & { readonly at: string })[] {
  return inputsIn(place).flatMap((input) =>
    input.from === 'body' || input.from === 'element' ? [input] : [],
  );
}

/** The types that a model lets a member have; undefined where it demands none, or there is no model. */
function typesAt(model: JsonObject | undefined, at: string): readonly unknown[] | undefined {
  const schema = schemaAt(model, at);
  return isObject(schema) && schema.type !== undefined ? [schema.type].flat() : undefined;
}

/** What a model says of the member at a pointer, in which a number or `*` stands for an element of a list. */
export function schemaAt(model: JsonObject | undefined, at: string): Json | undefined {
  let schema: Json | undefined = model;
  for (const step of stepsOf(at)) {
    if (!isObject(schema)) return undefined;
    const members: Json | undefined = /^(?:\d+|\*)$/.test(step)
      ? { [step]: schema.items ?? null }
      : schema.properties;
    schema = isObject(members) ? members[step] : undefined;
  }
  return schema;
}

/** Whether a model lists the member at a pointer, and does not demand it of its object. */
export function isOptional(model: JsonObject | undefined, at: string): boolean {
  const [name] = stepsOf(at).slice(-1);
  const parent = schemaAt(model, at.slice(0, at.lastIndexOf('/')));
  if (name === undefined || !isObject(parent) || !isObject(parent.properties)) return false;
  const { properties, required } = parent;
  return Object.hasOwn(properties, name) && !(Array.isArray(required) && required.includes(name));
}

/** Whether a model demands the member at a pointer, in which `*` stands for each element of a list. */
export function demandsMember(model: JsonObject | undefined, at: string): boolean {
  let schema: Json | undefined = model;
  for (const step of stepsOf(at)) {
    if (!isObject(schema)) return false;
    if (step === '*') {
      schema = schema.items;
      continue;
    }
    if (!Array.isArray(schema.required) || !schema.required.includes(step)) return false;
    schema = isObject(schema.properties) ? schema.properties[step] : undefined;
  }
  return model !== undefined && at !== '';
}

/**
 * Whether a schema of a string (JSON schema, draft 4) accepts a text. A pattern that is malformed, or takes too long, counts
 * as accepting: the target refuses it.
 */
export function acceptsText(
  { pattern, format, enum: values, minLength, maxLength }: JsonObject,
  text: string,
): boolean {
  if (Array.isArray(values) && !values.includes(text)) return false;
  if (text.length < Number(minLength ?? 0) || text.length > Number(maxLength ?? text.length)) return false;
  if (typeof format === 'string' && !hasFormat(format, text)) return false;
  return typeof pattern !== 'string' || matchesPattern(pattern, text);
}

/** The formats that the gateway's validator knows. */
export const KNOWN_FORMATS: readonly string[] = Object.keys(FORMATS);

/** Whether a text has a format; a format that the gateway's validator does not know accepts any. */
export function hasFormat(format: string, text: string): boolean {
  const check = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return check?.(text) === undefined;
}

/** As `acceptsText`, for a pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  try {
    return tests(patternOf(pattern), text);
  } catch {
    return true;
  }
}

/** Formats whose texts have nothing that JSON would have to escape, and no apostrophe. */
const PLAIN_FORMATS: ReadonlySet<string> = new Set(
  'base64 date-time hostname ipv4 ipv6 mac md5 sha1 sha256 sha512 uuid'.split(' '),
);

/**
 * Whether a model lets a text with a character stand at a pointer: none where it demands a number, one of some values,
 * or a pattern or format without that character.
 */
export function mayHold(model: JsonObject | undefined, at: string, character: string): boolean {
  const schema = schemaAt(model, at);
  if (!isObject(schema)) return true;
  const { type, enum: values, pattern, format } = schema;
  const types = type === undefined ? ['string', 'object'] : [type].flat();
  if (!types.includes('string')) return false;
  if (Array.isArray(values) && !values.some((value) => String(value).includes(character))) return false;
  // A pattern and a format restrict texts only, and an object may have any text in it.
  if (types.includes('object') || types.includes('array')) return true;
  if (typeof format === 'string' && PLAIN_FORMATS.has(format)) return false;
  return typeof pattern !== 'string' || mayContain(pattern, character);
}
