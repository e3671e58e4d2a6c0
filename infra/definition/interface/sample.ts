import { parseDocument } from '../../embedded/apigateway/dataplane/document.ts';
import type { Value } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import { VtlList } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import type { Json, JsonObject } from '../types.ts';

/** The values of one client request, with which templates are rendered and places evaluated. */
export interface Sample {
  /** The decoded parameters, by `path:`, `query:` or `header:` and name. */
  readonly params: ReadonlyMap<string, string>;
  readonly bodyText: string;
  /** Undefined if the text is not JSON. */
  readonly body: Value;
  /** The members of `$context` by their dotted names. */
  readonly context: ReadonlyMap<string, string>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export function sampleOf(
  params: ReadonlyMap<string, string>,
  body: Json,
  context: ReadonlyMap<string, string>,
  stageVariables: Readonly<Record<string, string>>,
): Sample {
  // The indentation distinguishes the text of the body from the JSON of its value, since no serialiser adds it.
  const bodyText = JSON.stringify(body, null, 1);
  let parsed: { readonly value: Value } | undefined;
  return {
    params,
    bodyText,
    context,
    stageVariables,
    // Parse only on demand: most samples are only rendered, and the engine parses the text itself.
    get body() {
      parsed ??= { value: parseDocument(bodyText) };
      return parsed.value;
    },
  };
}

/** The sample for a request that a client sent; its `$context` is unknown. */
export function sampleOfTexts(
  params: ReadonlyMap<string, string>,
  bodyText: string,
  stageVariables: Readonly<Record<string, string>>,
): Sample {
  let body: Value;
  try {
    body = parseDocument(bodyText);
  } catch {
    body = undefined;
  }
  return { params, bodyText, body, context: new Map(), stageVariables };
}

/** The value at a JSON pointer; undefined if there is none. */
export function valueAt(document: Value, pointer: string): Value {
  let at = document;
  for (const step of stepsOf(pointer)) {
    if (at instanceof Map) at = at.get(step);
    else if (at instanceof VtlList) at = /^\d+$/.test(step) ? at.items[Number(step)] : undefined;
    else return undefined;
  }
  return at;
}

/** A value and all values within it, by their JSON pointers. */
export function* nodesOf(value: Value, pointer = ''): Generator<readonly [string, Value]> {
  yield [pointer, value];
  if (value instanceof Map)
    for (const [name, member] of value) yield* nodesOf(member, pointerTo(pointer, String(name)));
  if (value instanceof VtlList)
    for (const [index, item] of value.items.entries()) yield* nodesOf(item, pointerTo(pointer, index));
}

/** The unescaped steps of a JSON pointer. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a JSON pointer; undefined where there is none. */
export function jsonAt(root: Json | undefined, pointer: string): Json | undefined {
  return stepsOf(pointer).reduce<Json | undefined>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as JsonObject)[step] : undefined),
    root,
  );
}

export function pointerTo(parent: string, step: string | number): string {
  return `${parent}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
