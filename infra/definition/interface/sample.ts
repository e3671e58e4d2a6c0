import { parseDocument } from '../../embedded/apigateway/dataplane/document.ts';
import type { Value } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import { VtlList } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import type { Json } from '../types.ts';

/** One request of a client, as values: what a template is rendered with, and what a place is evaluated on. */
export interface Sample {
  /** Decoded; each by `path:`, `query:` or `header:` and its name. */
  readonly params: ReadonlyMap<string, string>;
  readonly bodyText: string;
  /** Undefined where the text is not JSON. */
  readonly body: Value;
  /** `$context`'s members by dotted names. */
  readonly context: ReadonlyMap<string, string>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export function sampleOf(
  params: ReadonlyMap<string, string>,
  body: Json,
  context: ReadonlyMap<string, string>,
  stageVariables: Readonly<Record<string, string>>,
): Sample {
  // Blanks that no serialiser leaves tell the text of the body from the JSON of its value.
  const bodyText = JSON.stringify(body, null, 1);
  let parsed: { readonly value: Value } | undefined;
  return {
    params,
    bodyText,
    context,
    stageVariables,
    // Most samples are only rendered, and the engine parses the text itself.
    get body() {
      parsed ??= { value: parseDocument(bodyText) };
      return parsed.value;
    },
  };
}

/** A request as a client sent it; what the gateway knows of the call besides is not known. */
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

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(document: Value, pointer: string): Value {
  let at = document;
  for (const step of stepsOf(pointer)) {
    if (at instanceof Map) at = at.get(step);
    else if (at instanceof VtlList) at = /^\d+$/.test(step) ? at.items[Number(step)] : undefined;
    else return undefined;
  }
  return at;
}

/** A JSON pointer's steps, unescaped. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerTo(parent: string, step: string | number): string {
  return `${parent}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
