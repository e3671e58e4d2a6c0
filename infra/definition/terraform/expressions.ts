import { isObject, type Json } from '../types.ts';
import { type Instance, indexOf, objectAt } from './document.ts';

/** Where a value stands in a resource: `['request_templates', 'application/json']`. */
export type Path = readonly [string, ...(string | number)[]];

export type Steps = readonly (string | number | { readonly key: string | number })[];

/** A configuration has few references, and a plan as many instances of them as count and for_each make. */
const knownSteps = new Map<string, Steps>();
const MAX_KNOWN_STEPS = 10_000;

/** `module.role[0].arn` as `module`, `role`, key 0, `arn`. */
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

/** Terraform lists `a.b.c` and `a.b` for `a.b.c`; only the longest says something. */
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

/** The expression behind a value; a step past an expression stays with it, since it speaks of the whole. */
export function expressionAt(instance: Instance, path: Path): Json | undefined {
  let node: Json | undefined = objectAt(instance.config, 'expressions');
  for (const [at, step] of path.entries()) {
    if (isObject(node) && ('references' in node || 'constant_value' in node)) return node;
    // A block of a kind that stands once is an object, others are lists.
    if (typeof step !== 'number') node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    else if (Array.isArray(node))
      node = isAligned(instance, path.slice(0, at), node) ? node[step] : undefined;
  }
  return node;
}

/**
 * Whether blocks stand in the configuration in the order of the values: the configuration leaves out dynamic blocks, and
 * the values of all but statements are sets, whose order is their own.
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

/** Whether a value, or what holds it, is known only after apply. */
export function isUnknown(instance: Instance, path: readonly (string | number)[]): boolean {
  return path.some((_, at) => valueAt(instance.unknown, path.slice(0, at + 1)) === true);
}
