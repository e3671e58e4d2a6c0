import { patternOf, tests } from '../../embedded/apigateway/dataplane/pattern.ts';
import { FORMATS } from '../../embedded/apigateway/dataplane/schema/formats.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { inputsIn } from './members.ts';
import { stepsOf } from './sample.ts';
import type { Input, Place } from './types.ts';

/** Whether a model says that all that a place reads of the body is text. */
export function isText(place: Place, model: JsonObject | undefined): boolean {
  const read = textsOf(place);
  return read.length > 0 && read.every((input) => typeAt(model, input) === 'string');
}

/** What a place reads of the body by name. */
export function textsOf(place: Place): (Input & { readonly at: string })[] {
  return inputsIn(place).flatMap((input) =>
    input.from === 'body' || input.from === 'element' ? [input] : [],
  );
}

/** The type that a model demands of a member; undefined where it demands none, or there is no model. */
function typeAt(model: JsonObject | undefined, { at }: { readonly at: string }): unknown {
  const schema = schemaAt(model, at);
  return isObject(schema) ? schema.type : undefined;
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

/** Whether a model lets nothing stand at a pointer that JSON would have to escape: a number, or one of some values. */
export function excludesText(model: JsonObject | undefined, at: string): boolean {
  const schema = schemaAt(model, at);
  if (!isObject(schema)) return false;
  const { type, enum: values } = schema;
  if (type !== undefined && ![type].flat().includes('string')) return true;
  return Array.isArray(values) && values.every((value) => !/["\\\n']/.test(String(value)));
}
