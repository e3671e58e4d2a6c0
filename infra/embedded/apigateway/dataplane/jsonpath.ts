import { JSONPath } from 'jsonpath-plus';
import { type JsonValue, NumberText } from './json.ts';

/** A path this project does not evaluate, or one that is not JSONPath. */
export class JsonPathError extends Error {}

/**
 * Reads a path as Jayway's library does, which AWS's results match (emulators 1, 5.1): a definite path gives the
 * value, or undefined where nothing is there; an indefinite one (`*`, `..`, slices, unions) gives a list, maybe
 * empty. `.length()` at the end counts items and members. A leading `$` may be left out, and names may hold hyphens.
 */
export function readJsonPath(document: JsonValue, path: string): JsonValue | undefined {
  const normal = path.startsWith('$') ? path : `$.${path}`;
  const counted = /^(.+)\.length\(\)$/.exec(normal);
  if (counted) return lengthOf(readJsonPath(document, counted[1] as string));
  const steps = definiteSteps(normal);
  return steps === undefined ? readIndefinite(document, normal) : walk(document, steps);
}

const STEP =
  /\.([^.[\]*()'"?@\s][^.[\]*()'"?@]*)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(-?\d+)\s*\]/y;

/** The steps of a path that names exactly one place; undefined when it may name several. */
function definiteSteps(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  // `$.` alone is the document: a trailing dot names nothing.
  const end = path.endsWith('.') ? path.length - 1 : path.length;
  STEP.lastIndex = 1;
  while (STEP.lastIndex < end) {
    const step = STEP.exec(path);
    if (step === null) return undefined;
    const [, name, single, double, index] = step;
    steps.push(
      index !== undefined ? Number(index) : (name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')),
    );
  }
  return steps;
}

function walk(document: JsonValue, steps: readonly (string | number)[]): JsonValue | undefined {
  let at: JsonValue | undefined = document;
  for (const step of steps) {
    if (Array.isArray(at)) {
      if (typeof step !== 'number') return undefined;
      at = at[step < 0 ? at.length + step : step];
    } else if (isObject(at) && typeof step === 'string' && Object.hasOwn(at, step)) {
      at = at[step];
    } else {
      return undefined;
    }
  }
  return at;
}

function readIndefinite(document: JsonValue, path: string): JsonValue {
  if (/\[\s*\??\s*\(/.test(path)) throw new JsonPathError(`filters are not supported here: ${path}`);
  // jsonpath-plus's own additions to JSONPath (parents, names, types, escapes) are not Jayway's.
  if (/[\^~`@]/.test(path)) throw new JsonPathError(`not a JSONPath: ${path}`);
  try {
    return JSONPath({ path, json: document as object, wrap: true, eval: false }) as JsonValue[];
  } catch (error) {
    throw new JsonPathError(`not a JSONPath: ${path} (${(error as Error).message})`);
  }
}

/** Null for what cannot be counted, a text included. */
function lengthOf(value: JsonValue | undefined): number | null | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : null;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !(value instanceof NumberText);
}
