import type { Method, Resource } from '../model.ts';

export interface Route {
  readonly resource: Resource;
  readonly method: Method;
  /** Decoded; the value of `{proxy+}` under `proxy`. */
  readonly pathParameters: ReadonlyMap<string, string>;
}

/**
 * The resource and method for a call, or undefined: API Gateway does not distinguish an unknown path from an unknown
 * verb (docs/facts/gateway.md#routing). For each segment a literal beats `{param}`, which beats `{proxy+}`
 * (docs/facts/gateway.md#routing); if the better match fails later, the next is tried.
 */
export function route(resources: readonly Resource[], verb: string, rawPath: string): Route | undefined {
  const steps = pathSteps(rawPath);
  for (const candidate of candidates(resources, steps)) {
    const methods = candidate.resource.resourceMethods ?? {};
    const method = ownMethod(methods, verb) ?? ownMethod(methods, 'ANY');
    if (method) return { ...candidate, method };
  }
  return undefined;
}

/** The values of a resource's path parameters; empty if the path does not match the resource. */
export function pathParametersOf(resource: Resource, rawPath: string): ReadonlyMap<string, string> {
  return matched(patternOf(resource), pathSteps(rawPath)) ?? new Map();
}

/**
 * Split first, then decoded once: `%2F` stays inside its segment (docs/facts/gateway.md#routing). One trailing slash
 * is ignored (EMU).
 */
function pathSteps(rawPath: string): string[] {
  const steps = rawPath.replace(/^\//, '').replace(/\/$/, '').split('/');
  return steps.length === 1 && steps[0] === '' ? [] : steps.map(decodedStep);
}

function decodedStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

interface Candidate {
  readonly resource: Resource;
  readonly pathParameters: ReadonlyMap<string, string>;
}

function candidates(resources: readonly Resource[], steps: readonly string[]): Candidate[] {
  const found: (Candidate & { readonly pattern: readonly string[] })[] = [];
  for (const resource of resources) {
    const pattern = patternOf(resource);
    const pathParameters = matched(pattern, steps);
    if (pathParameters) found.push({ resource, pathParameters, pattern });
  }
  return found.sort((left, right) => compare(left.pattern, right.pattern));
}

function patternOf(resource: Resource): readonly string[] {
  return resource.path === '/' ? [] : resource.path.slice(1).split('/');
}

function matched(pattern: readonly string[], steps: readonly string[]): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    const step = steps[index];
    if (step === undefined || step === '') return undefined;
    const rank = rankOf(part);
    if (rank === GREEDY) {
      parameters.set(part.slice(1, -2), steps.slice(index).join('/'));
      return parameters;
    }
    if (rank === LITERAL && part !== step) return undefined;
    if (rank === PARAMETER) parameters.set(part.slice(1, -1), step);
  }
  return pattern.length === steps.length ? parameters : undefined;
}

const LITERAL = 0;
const PARAMETER = 1;
const GREEDY = 2;

function rankOf(part: string): number {
  if (!part.startsWith('{')) return LITERAL;
  return part.endsWith('+}') ? GREEDY : PARAMETER;
}

function compare(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = rankOf(left[index] as string) - rankOf(right[index] as string);
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}

function ownMethod(methods: Readonly<Record<string, Method>>, verb: string): Method | undefined {
  return Object.hasOwn(methods, verb) ? methods[verb] : undefined;
}
