import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { fittingText } from './fitting.ts';

/** The maximum nesting, since a model may refer to itself. */
const MAX_DEPTH = 8;

/**
 * A small value that a JSON schema (draft 4) accepts, considering types, enumerations, required members, bounds and
 * patterns.
 */
export function exampleOf(schema: JsonObject, depth = 0): Json {
  if (depth > MAX_DEPTH) return null;
  const { type, enum: values, properties, required, items, minItems, minimum, allOf } = schema;
  if (Array.isArray(values) && values[0] !== undefined) return values[0];
  if (Array.isArray(allOf) && isObject(allOf[0]))
    return Object.assign(
      {},
      ...allOf.filter((part) => isObject(part)).map((part) => exampleOf(part as JsonObject, depth + 1)),
    ) as Json;
  const [kind] = [type].flat();
  if (kind === 'object' || isObject(properties)) {
    const members = isObject(properties) ? properties : {};
    const names = Array.isArray(required) ? required.map(String) : [];
    return Object.fromEntries(
      names.map((name) => [
        name,
        isObject(members[name]) ? exampleOf(members[name], depth + 1) : 'some value',
      ]),
    );
  }
  switch (kind) {
    case 'array':
      return isObject(items)
        ? Array.from({ length: Math.max(Number(minItems ?? 1), 1) }, () => exampleOf(items, depth + 1))
        : [];
    case 'integer':
    case 'number':
      return Math.max(Number(minimum ?? 1), 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return fittingText(schema, 'some value');
  }
}
