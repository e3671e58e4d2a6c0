import Ajv from 'ajv-draft-04';
import type { JsonValue } from '../json.ts';
import { patternOf, tests } from '../pattern.ts';
import { ITEM, STEP, spend } from '../work.ts';
import { FORMATS } from './formats.ts';
import { isObject, textOf, typeOf } from './instance.ts';
import { KEYWORDS, type SchemaNode } from './keywords.ts';
import { hashOrder, Report } from './report.ts';

/** A model that is not a schema of draft 4, or has a reference that is dangling or circular. */
export class SchemaError extends Error {}

/** A schema and its document, against which its references are resolved. */
interface Place {
  readonly node: SchemaNode;
  readonly root: JsonValue;
}

/** Finds the document of a reference, ignoring the fragment; undefined if there is none. */
export type FindDocument = (uri: string) => JsonValue | undefined;

/**
 * Validates values against a schema of draft 4 as API Gateway's Java validator does: first the keywords of a value,
 * then its parts only if nothing has failed (json-schema-validator 2.2.14; that AWS runs it without its "deep check"
 * is inferred).
 */
export class Schema {
  readonly #root: JsonValue;
  readonly #find: FindDocument;
  /** Whether it, or a schema that it references, may use regular expressions; `format` uses some internally. */
  readonly searches: boolean;

  /** @throws SchemaError if the document is not a schema. */
  constructor(root: JsonValue, find: FindDocument) {
    this.#root = checked(root);
    this.#find = find;
    this.searches = /"(?:pattern|patternProperties|format|\$ref)":/.test(JSON.stringify(root));
  }

  /** @throws SchemaError if a reference is dangling. */
  validate(value: JsonValue): Report {
    const report = new Report();
    this.#process(report, { node: this.#root as SchemaNode, root: this.#root }, value, []);
    return report;
  }

  /** @param seen the schemas against which the same value is being validated. */
  #process(report: Report, given: Place, value: JsonValue, seen: readonly SchemaNode[]): void {
    spend(STEP + seen.length * ITEM);
    const place = this.#resolved(given);
    const { node } = place;
    if (seen.includes(node)) throw new SchemaError('a schema leads back to itself for the same value');
    const within = [...seen, node];
    for (const text of warningsOf(node)) report.warn(text);
    const { format } = node;
    const formatCheck =
      typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    if (format !== undefined && formatCheck === undefined) {
      report.warn(`format attribute "${format}" not supported`);
    }
    const type = typeOf(value);
    spend(Object.keys(node).length * ITEM);
    for (const keyword of Object.keys(node).sort()) {
      const combine = Object.hasOwn(COMBINATORS, keyword) ? COMBINATORS[keyword] : undefined;
      if (combine !== undefined) {
        const matches = (schema: JsonValue) => {
          const own = new Report();
          this.#process(own, { ...place, node: schema as SchemaNode }, value, within);
          return !own.failed;
        };
        complain(report, combine(node[keyword] as JsonValue, matches));
      } else if (keyword === 'dependencies') {
        if (isObject(value)) this.#dependencies(report, place, value, within);
      } else if (Object.hasOwn(KEYWORDS, keyword)) {
        const { types, check } = KEYWORDS[keyword] as (typeof KEYWORDS)[string];
        if (types === undefined || types.includes(type)) {
          complain(report, check(node[keyword] as JsonValue, value as never, node));
        }
      }
    }
    if (typeof value === 'string' && formatCheck) complain(report, formatCheck(value));
    if (!report.failed) this.#parts(report, place, value);
  }

  #dependencies(
    report: Report,
    place: Place,
    value: { [key: string]: JsonValue },
    seen: readonly SchemaNode[],
  ): void {
    const dependencies = place.node.dependencies as { [key: string]: JsonValue };
    const present = Object.keys(dependencies).filter((property) => Object.hasOwn(value, property));
    // The order matters if two messages share a hash bucket of the report.
    for (const property of hashOrder(present)) {
      const names = dependencies[property];
      if (!Array.isArray(names)) continue;
      const required = [...(names as string[])].sort();
      const missing = required.filter((name) => !Object.hasOwn(value, name));
      if (missing.length === 0) continue;
      report.error(
        `property "${property}" of object has missing property dependencies ` +
          `(schema requires ${textOf(required)}; missing: ${textOf(missing)})`,
      );
    }
    for (const property of present.sort()) {
      const schema = dependencies[property];
      if (isObject(schema)) this.#process(report, { ...place, node: schema }, value, seen);
    }
  }

  #parts(report: Report, place: Place, value: JsonValue): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const node = itemSchema(place.node, index);
        if (isObject(node)) this.#process(report, { ...place, node }, item, []);
      }
    } else if (isObject(value)) {
      for (const name of Object.keys(value).sort())
        for (const node of memberSchemas(place.node, name))
          this.#process(report, { ...place, node }, value[name] as JsonValue, []);
    }
  }

  /** Resolves a reference; keywords beside it are ignored. */
  #resolved(place: Place): Place {
    const seen = new Set<SchemaNode>();
    let at = place;
    while (typeof at.node.$ref === 'string') {
      if (seen.has(at.node)) throw new SchemaError(`the reference ${at.node.$ref} leads back to itself`);
      spend(STEP);
      seen.add(at.node);
      at = this.#target(at.node.$ref, at.root);
    }
    return at;
  }

  #target(reference: string, from: JsonValue): Place {
    const [uri = '', fragment = ''] = reference.split(/#(.*)/s);
    const root = uri === '' ? from : this.#find(uri);
    const node = root === undefined ? undefined : pointedAt(root, fragment);
    if (root === undefined || !isObject(node))
      throw new SchemaError(`nothing is at the reference ${reference}`);
    if (uri !== '') checked(root);
    return { root, node };
  }
}

function complain(report: Report, text: string | undefined): void {
  if (text !== undefined) report.error(text);
}

type Combinator = (schemas: JsonValue, matches: (schema: JsonValue) => boolean) => string | undefined;

const COMBINATORS: Readonly<Record<string, Combinator>> = {
  allOf: (schemas, matches) => {
    const [matched, all] = matchesOf(schemas, matches);
    return matched === all
      ? undefined
      : `instance failed to match all required schemas (matched only ${matched} out of ${all})`;
  },
  anyOf: (schemas, matches) => {
    const [matched, all] = matchesOf(schemas, matches);
    return matched > 0 ? undefined : `instance failed to match at least one required schema among ${all}`;
  },
  not: (schema, matches) =>
    matches(schema) ? 'instance matched a schema which it should not have' : undefined,
  oneOf: (schemas, matches) => {
    const [matched, all] = matchesOf(schemas, matches);
    return matched === 1
      ? undefined
      : `instance failed to match exactly one schema (matched ${matched} out of ${all})`;
  },
};

function matchesOf(schemas: JsonValue, matches: (schema: JsonValue) => boolean): readonly [number, number] {
  const all = schemas as JsonValue[];
  return [all.filter(matches).length, all.length];
}

function itemSchema({ items, additionalItems }: SchemaNode, index: number): JsonValue | undefined {
  if (items === undefined) return additionalItems;
  if (!Array.isArray(items)) return items;
  return index < items.length ? items[index] : additionalItems;
}

function memberSchemas(schema: SchemaNode, name: string): readonly SchemaNode[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const found: JsonValue[] = [];
  if (isObject(properties) && Object.hasOwn(properties, name)) found.push(properties[name] as JsonValue);
  const patterns = isObject(patternProperties) ? patternProperties : {};
  spend(Object.keys(patterns).length * STEP);
  for (const pattern of Object.keys(patterns).sort())
    if (tests(patternOf(pattern), name)) found.push(patterns[pattern] as JsonValue);
  if (found.length === 0 && additionalProperties !== undefined) found.push(additionalProperties);
  return found.filter(isObject);
}

function pointedAt(root: JsonValue, fragment: string): JsonValue | undefined {
  let at: JsonValue | undefined = root;
  for (const step of decodeURIComponent(fragment).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(name)];
    else at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(KEYWORDS),
  ...Object.keys(COMBINATORS),
  ...['$ref', '$schema', 'default', 'definitions', 'dependencies', 'description', 'exclusiveMaximum'],
  ...['exclusiveMinimum', 'format', 'id', 'items', 'patternProperties', 'properties', 'title'],
]);

const warnings = new WeakMap<SchemaNode, readonly string[]>();

/** For a schema and all its subschemas. */
function warningsOf(node: SchemaNode): readonly string[] {
  const known = warnings.get(node);
  if (known !== undefined) return known;
  const unknown = Object.keys(node)
    .filter((keyword) => !KNOWN.has(keyword))
    .sort();
  const own =
    unknown.length > 0
      ? [`the following keywords are unknown and will be ignored: [${unknown.join(', ')}]`]
      : [];
  const all = [...new Set([...own, ...within(node).flatMap(warningsOf)])];
  warnings.set(node, all);
  return all;
}

function within(node: SchemaNode): readonly SchemaNode[] {
  const { additionalItems, additionalProperties, items, not } = node;
  const maps = ['definitions', 'dependencies', 'patternProperties', 'properties'].flatMap((keyword) =>
    isObject(node[keyword]) ? Object.values(node[keyword]) : [],
  );
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => (node[keyword] ?? []) as JsonValue[]);
  const single = [additionalItems, additionalProperties, not, ...[items ?? []].flat()];
  return [...maps, ...lists, ...single].filter(isObject);
}

/** @throws SchemaError. */
function checkPatterns(node: SchemaNode): void {
  const { pattern, patternProperties } = node;
  const patterns = Object.keys(isObject(patternProperties) ? patternProperties : {});
  try {
    for (const each of typeof pattern === 'string' ? [pattern, ...patterns] : patterns) patternOf(each);
  } catch (error) {
    throw new SchemaError((error as Error).message);
  }
  for (const part of within(node)) checkPatterns(part);
}

const checkedDocuments = new WeakSet<object>();
let metaSchema: InstanceType<typeof Ajv.default> | undefined;

/** @throws SchemaError. */
function checked(root: JsonValue): JsonValue {
  if (!isObject(root)) throw new SchemaError('a schema is an object');
  if (checkedDocuments.has(root)) return root;
  metaSchema ??= new Ajv.default({ logger: false });
  const { $schema: _, ...schema } = root;
  if (metaSchema.validateSchema(JSON.parse(textOf(schema))) !== true) {
    throw new SchemaError(metaSchema.errorsText());
  }
  checkPatterns(root);
  checkedDocuments.add(root);
  return root;
}
