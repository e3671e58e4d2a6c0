import { isObject, type Json } from '../types.ts';
import { type Instance, indexOf, objectAt } from './document.ts';

/** The path of a value in a resource, such as `['request_templates', 'application/json']`. */
export type Path = readonly [string, ...(string | number)[]];

export type Steps = readonly (string | number | { readonly key: string | number })[];

/** Caches parsed references: a configuration has few, but count and for_each create many instances of each. */
const knownSteps = new Map<string, Steps>();
const MAX_KNOWN_STEPS = 10_000;

/** Splits a reference: `module.role[0].arn` becomes `module`, `role`, key 0, `arn`. */
export function stepsOf(reference: string): Steps {
  const known = knownSteps.get(reference);
  if (known) return known;
  if (knownSteps.size >= MAX_KNOWN_STEPS) knownSteps.clear();
  const steps = [...reference.matchAll(/([\w-]+)|\[("(?:[^"\\]|\\.)*"|\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? String(name) : { key: indexOf(index) ?? '' },
  );
  knownSteps.set(reference, steps);
  return steps;
}

/** Keeps only the longest references: for `a.b.c` Terraform lists both `a.b.c` and `a.b`. */
export function specific(references: readonly string[]): string[] {
  return references.filter(
    (one) => !references.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );
}

/** The references of an expression, or of all expressions in a block. */
export function referencesIn(expression: Json | undefined): string[] {
  if (Array.isArray(expression)) return expression.flatMap(referencesIn);
  if (!isObject(expression)) return [];
  if (Array.isArray(expression.references))
    return expression.references.filter((each) => typeof each === 'string');
  if ('constant_value' in expression) return [];
  return Object.values(expression).flatMap(referencesIn);
}

/** The expression for a value. A path that leads into an expression returns it, since it covers the whole value. */
export function expressionAt(instance: Instance, path: Path): Json | undefined {
  let node: Json | undefined = objectAt(instance.config, 'expressions');
  for (const [at, step] of path.entries()) {
    if (isObject(node) && ('references' in node || 'constant_value' in node)) return node;
    // A block that can occur only once is an object; other blocks are lists.
    if (typeof step !== 'number') node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    else if (Array.isArray(node))
      node = isAligned(instance, path.slice(0, at), node) ? node[step] : undefined;
  }
  return node;
}

/**
 * Whether the blocks in the configuration have the same order as the values. The configuration leaves out dynamic
 * blocks, and all values except statements are sets, whose order may differ.
 */
function isAligned(instance: Instance, path: readonly (string | number)[], blocks: readonly Json[]): boolean {
  const values = valueAt(instance.values, path);
  const isCounted = !Array.isArray(values) || values.length === blocks.length;
  return isCounted && (blocks.length === 1 || path.at(-1) === 'statement');
}

export function valueAt(values: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((node, step) => {
    if (Array.isArray(node)) return typeof step === 'number' ? node[step] : undefined;
    return isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }, values);
}

/** Whether a value, or an object that contains it, is known only after apply. */
export function isUnknown(instance: Instance, path: readonly (string | number)[]): boolean {
  return path.some((_, at) => valueAt(instance.unknown, path.slice(0, at + 1)) === true);
}
