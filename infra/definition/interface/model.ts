import { isObject, type Json, type JsonObject } from '../types.ts';

/** A model with what its references name in their place; a reference to itself accepts anything. */
export function resolvedModel(schema: JsonObject, root: JsonObject): JsonObject {
  const resolve = (value: Json, seen: readonly string[]): Json => {
    if (Array.isArray(value)) return value.map((item) => resolve(item, seen));
    if (!isObject(value)) return value;
    const { $ref } = value;
    if (typeof $ref === 'string') {
      const target = $ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<Json | undefined>((at, step) => (isObject(at) ? at[step] : undefined), root);
      return target === undefined || seen.includes($ref) ? {} : resolve(target, [...seen, $ref]);
    }
    return joined(
      Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member, seen)])),
    );
  };
  return resolve(schema, []) as JsonObject;
}

/** A schema with the parts of its `allOf` as its own keywords, where that means the same. */
export function joined(schema: JsonObject): JsonObject {
  const { allOf, ...own } = schema;
  if (!Array.isArray(allOf) || !allOf.every(isObject)) return schema;
  return allOf.reduce<JsonObject | undefined>((all, part) => all && both(all, part), own) ?? schema;
}

/** The schema of what two schemas accept; undefined where no single set of keywords says so. */
function both(one: JsonObject, other: JsonObject): JsonObject | undefined {
  // These say something of the members that their own schema does not name.
  const isClosed = (schema: JsonObject) =>
    'patternProperties' in schema || (schema.additionalProperties ?? true) !== true;
  if (isClosed(one) || isClosed(other)) return undefined;
  const all = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = all[key];
    if (before === undefined || JSON.stringify(before) === JSON.stringify(value) || WORDS.has(key))
      all[key] = value;
    else if (key === 'required' && Array.isArray(before) && Array.isArray(value))
      all.required = [...new Set([...before, ...value])];
    else if (key === 'properties' && isObject(before) && isObject(value)) {
      const members = Object.entries(value).map(([name, member]) => {
        const known = before[name];
        return [name, known === undefined ? member : joined({ allOf: [known, member] })] as const;
      });
      all.properties = { ...before, ...Object.fromEntries(members) };
    } else return undefined;
  }
  return all;
}

/** Keywords that restrict nothing. */
const WORDS: ReadonlySet<string> = new Set(['title', 'description', 'example', 'default', 'id', '$schema']);
