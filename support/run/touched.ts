import type { Envelope } from '@cucumber/messages';
import type { Declaration, JsonObject } from '../../infra/definition/types.ts';
import { pickleLine, toPosix } from './plan.ts';
import type { ScenarioRun } from './results.ts';

/** What each scenario used in its last run, by scenario id. */
export interface Used {
  /** The files of its step definitions, as paths from the project's root. */
  readonly stepFiles: ReadonlySet<string>;
  /** The calls that it made: `POST http://…/streams/x`, without the query. */
  readonly calls: ReadonlySet<string>;
}

/** @param runs with their exchanges. */
export function usedBy(messages: readonly Envelope[], runs: readonly ScenarioRun[]): Map<string, Used> {
  const files = stepFilesByScenario(messages);
  return new Map(
    runs.map(({ id, feature, line, exchanges, tested = [] }) => [
      id,
      {
        stepFiles: files.get(`${feature}:${line}`) ?? new Set(),
        calls: new Set(
          [...exchanges, ...tested].map(
            ({ request: { method, url } }) => `${method} ${url.replace(/[?#].*$/, '')}`,
          ),
        ),
      },
    ]),
  );
}

function stepFilesByScenario(messages: readonly Envelope[]): Map<string, Set<string>> {
  const fileOf = new Map<string, string>();
  const placeOf = new Map<string, string>();
  const found = new Map<string, Set<string>>();
  for (const { stepDefinition, pickle, testCase } of messages) {
    const { uri } = stepDefinition?.sourceReference ?? {};
    if (stepDefinition && uri !== undefined) fileOf.set(stepDefinition.id, toPosix(uri).replace(/\?.*$/, ''));
    if (pickle) placeOf.set(pickle.id, `${toPosix(pickle.uri)}:${pickleLine(pickle)}`);
    const place = testCase && placeOf.get(testCase.pickleId);
    if (!testCase || place === undefined) continue;
    const ids = testCase.testSteps.flatMap(({ stepDefinitionIds = [] }) => stepDefinitionIds);
    found.set(place, new Set(ids.map((id) => fileOf.get(id)).filter((file) => file !== undefined)));
  }
  return found;
}

/**
 * The methods that differ between two states of a definition, as `POST /streams/{name}`; undefined if other parts
 * differ too.
 */
export function changedMethods(before: Declaration, after: Declaration): string[] | undefined {
  if (JSON.stringify(withoutPaths(before)) !== JSON.stringify(withoutPaths(after))) return undefined;
  const [was, is] = [methodsOf(before), methodsOf(after)];
  // An added or removed method changes what the API offers, and so which scenarios are selected.
  if ([...was.keys()].toSorted().join() !== [...is.keys()].toSorted().join()) return undefined;
  return [...is].filter(([method, text]) => was.get(method) !== text).map(([method]) => method);
}

function withoutPaths({ openapi: { paths: _, ...rest }, ...declaration }: Declaration): unknown {
  return { ...declaration, openapi: rest };
}

function methodsOf({ openapi }: Declaration): Map<string, string> {
  return new Map(
    Object.entries((openapi.paths ?? {}) as JsonObject).flatMap(([path, item]) =>
      Object.entries(item as JsonObject).map(([method, text]) => [
        `${method.toUpperCase()} ${path}`,
        JSON.stringify(text),
      ]),
    ),
  );
}

/**
 * Whether a scenario called one of these methods. One without any calls also counts, since it may be about the whole
 * definition.
 */
export function callsAny({ calls }: Used, methods: readonly string[]): boolean {
  if (calls.size === 0) return true;
  return methods.some((text) => {
    const [method = '', path = ''] = text.split(' ');
    // Keys beside the methods of a path, and ANY, affect all its methods.
    const verb = /^(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH)$/.test(method) ? method : '[A-Z]+';
    const pattern = path
      .split(/(\{[^}]*\})/)
      .map((part) => (part.startsWith('{') ? (part.endsWith('+}') ? '.+' : '[^/]+') : RegExp.escape(part)))
      .join('');
    const expression = new RegExp(`^${verb} .*${pattern}/?$`);
    return [...calls].some((call) => expression.test(call));
  });
}
