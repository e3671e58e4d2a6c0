import { load } from 'js-yaml';
import { badRequest } from '../errors.ts';
import { isObject } from '../wire.ts';

export type Json = Record<string, unknown>;

/** A parsed OpenAPI document of either version, with a resolver for its `$ref`s. */
export interface OpenApiDocument {
  readonly root: Json;
  /** Follows a `$ref` within this document to its final object; returns anything else unchanged. */
  resolve(value: unknown): Json;
}

/** AWS's error for input that is not an OpenAPI file (docs/facts/gateway.md#import). */
const invalidInput = () => badRequest('Invalid OpenAPI input.');

const MAX_BYTES = 6 * 1024 * 1024;
/** Deeper than any real definition, but within the limits of the stack. */
const MAX_DEPTH = 500;
/** The maximum number of values in a document after its aliases are expanded. */
const MAX_VALUES = 4_000_000;

function isWithin(root: unknown, depth: number): boolean {
  let left = MAX_VALUES;
  const fits = (value: unknown, levels: number): boolean => {
    left -= 1;
    if (left < 0 || levels < 0) return false;
    if (typeof value !== 'object' || value === null) return true;
    return Object.values(value).every((member) => fits(member, levels - 1));
  };
  return fits(root, depth);
}

/** Reads JSON or YAML. Throws a BadRequestException for anything that is not an OpenAPI 2 or 3 definition. */
export function readDocument(source: Buffer): OpenApiDocument & { readonly version: 2 | 3 } {
  // The limit is AWS's (docs/facts/gateway.md#import); the message is not recorded (inferred).
  if (source.length > MAX_BYTES) throw badRequest(`The OpenAPI input exceeds ${MAX_BYTES} bytes.`);
  let root: unknown;
  try {
    root = jsonOrYaml(source.toString('utf8'));
  } catch {
    throw invalidInput();
  }
  if (!isObject(root) || !isWithin(root, MAX_DEPTH)) throw invalidInput();
  const resolve = (value: unknown) => resolveIn(root, value);
  if (String(root.swagger) === '2.0' || root.swagger === 2) return { root, resolve, version: 2 };
  if (typeof root.openapi === 'string' && root.openapi.startsWith('3.')) return { root, resolve, version: 3 };
  throw invalidInput();
}

/** Most definitions are JSON, which JSON.parse reads many times faster than the YAML parser. */
function jsonOrYaml(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return load(text);
  }
}

function resolveIn(root: Json, value: unknown, seen: ReadonlySet<string> = new Set()): Json {
  if (!isObject(value)) return {};
  const ref = value.$ref;
  if (typeof ref !== 'string') return value;
  const target = ref.startsWith('#/') && !seen.has(ref) ? pointer(root, ref) : undefined;
  if (target === undefined) throw badRequest(`Invalid OpenAPI input. Unresolvable reference: ${ref}`);
  return resolveIn(root, target, new Set([...seen, ref]));
}

function pointer(root: Json, ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), root);
}

export const objectAt = (node: Json, key: string): Json => {
  const value = node[key];
  return isObject(value) ? value : {};
};

export const listAt = (node: Json, key: string): unknown[] => {
  const value = node[key];
  return Array.isArray(value) ? value : [];
};

/** A scalar as text (YAML reads `version: 1.0` as a number); undefined for anything else. */
export function textAt(node: Json, key: string): string | undefined {
  const value = node[key];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
