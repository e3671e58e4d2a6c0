import { joined } from '../../infra/definition/interface/model.ts';
import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { accepts } from './constraints.ts';
import { fittingText } from './fitting.ts';

/** The maximum nesting, since a model may refer to itself. */
const MAX_DEPTH = 8;

/**
 * A small value that a JSON schema (draft 4) accepts, as far as types, enumerations, required members, bounds, patterns,
 * formats and alternatives say.
 */
export function exampleOf(schema: JsonObject): Json {
  const known = examples.get(schema) ?? made(schema, 0);
  examples.set(schema, known);
  return structuredClone(known);
}

/** Alternatives are tried by compiling the schema, which takes milliseconds. */
const examples = new WeakMap<JsonObject, Json>();

function made(given: JsonObject, depth: number): Json {
  if (depth > MAX_DEPTH) return null;
  const schema = joined(given);
  const { enum: values } = schema;
  if (Array.isArray(values) && values[0] !== undefined) return values[0];
  const { allOf } = schema;
  if (Array.isArray(allOf))
    return Object.assign({}, ...allOf.filter(isObject).map((part) => made(part, depth + 1))) as Json;
  const tried = alternativesOf(schema).map((each) => made(each, depth + 1));
  if (tried.length > 0) return tried.find((value) => accepts(schema, value)) ?? (tried[0] as Json);
  return plainExample(schema, depth);
}

/** What a schema accepts by each of its alternatives, without the others. */
function alternativesOf(schema: JsonObject): JsonObject[] {
  for (const key of ['oneOf', 'anyOf'])
    if (Array.isArray(schema[key])) {
      const { [key]: branches, ...rest } = schema;
      const parts = (branches as Json[]).filter(isObject);
      return parts.map((part) => joined({ allOf: [rest, part] })).filter((each) => each.allOf === undefined);
    }
  return [];
}

function plainExample(schema: JsonObject, depth: number): Json {
  const { type, properties, items, minItems } = schema;
  const kinds = [type].flat();
  const kind = kinds.find((each) => each !== 'null') ?? kinds[0];
  if (kind === 'object' || (kind === undefined && isObject(properties))) return objectOf(schema, depth);
  switch (kind) {
    case 'array':
      return isObject(items)
        ? Array.from({ length: Math.max(Number(minItems ?? 1), 1) }, () => made(items, depth + 1))
        : [];
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return fittingText(schema, 'some value');
  }
}

function objectOf({ properties, required, minProperties }: JsonObject, depth: number): Json {
  const members = isObject(properties) ? properties : {};
  const names = new Set(Array.isArray(required) ? required.map(String) : []);
  for (const name of [...Object.keys(members), 'some', 'other'])
    if (names.size < Number(minProperties ?? 0)) names.add(name);
  return Object.fromEntries(
    [...names].map((name) => [name, isObject(members[name]) ? made(members[name], depth + 1) : 'some value']),
  );
}

/** Near 1, where the bounds let it. */
function numberOf({ minimum, maximum, exclusiveMinimum, multipleOf }: JsonObject): number {
  const step = Number(multipleOf ?? 1);
  const least = Number(minimum ?? 1) + (exclusiveMinimum === true ? step : 0);
  const near = Math.min(Math.max(least, 1), Number(maximum ?? Number.POSITIVE_INFINITY));
  return multipleOf === undefined ? near : Math.ceil(near / step) * step;
}
