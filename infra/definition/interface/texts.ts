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
  let schema: Json | undefined = model;
  for (const step of stepsOf(at)) {
    if (!isObject(schema)) return undefined;
    const members: Json | undefined = /^\d+$/.test(step)
      ? { [step]: schema.items ?? null }
      : schema.properties;
    schema = isObject(members) ? members[step] : undefined;
  }
  return isObject(schema) ? schema.type : undefined;
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
