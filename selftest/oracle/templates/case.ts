import { parseDocument } from '../../../infra/embedded/apigateway/dataplane/document.ts';
import { JsonPathError } from '../../../infra/embedded/apigateway/dataplane/jsonpath.ts';
import { render } from '../../../infra/embedded/apigateway/dataplane/vtl/evaluator.ts';
import { BodyNotJson, createInput } from '../../../infra/embedded/apigateway/dataplane/vtl/input.ts';
import { TemplateError } from '../../../infra/embedded/apigateway/dataplane/vtl/scanner.ts';
import { util } from '../../../infra/embedded/apigateway/dataplane/vtl/util.ts';
import type { Value } from '../../../infra/embedded/apigateway/dataplane/vtl/value.ts';

/** One rendering, in the form that Oracle.java reads. */
export interface TemplateCase {
  readonly template: string;
  readonly body: string;
  /** Further variables: a JSON object as text, so that both sides parse it with their own parser. */
  readonly variables: string;
  readonly params: {
    readonly path: Readonly<Record<string, string>>;
    readonly querystring: Readonly<Record<string, string>>;
    readonly header: Readonly<Record<string, string>>;
  };
}

export type Answer = { readonly text: string } | { readonly error: string };

/** Renders with the embedded AWS. */
export function renderEmbedded({ template, body, variables, params }: TemplateCase): Answer {
  const input = createInput(body, {
    path: new Map(Object.entries(params.path)),
    querystring: new Map(Object.entries(params.querystring)),
    header: new Map(Object.entries(params.header)),
  });
  try {
    const further = parseDocument(variables) as Map<string, Value>;
    return { text: render(template, { ...Object.fromEntries(further), input, util }) };
  } catch (error) {
    if (REFUSALS.some((kind) => error instanceof kind)) return { error: (error as Error).message };
    throw error;
  }
}

/** What mapping-template.ts answers with an error of the gateway. */
const REFUSALS = [TemplateError, JsonPathError, BodyNotJson, RangeError] as const;

export function describeAnswer(answer: Answer): string {
  return 'text' in answer ? JSON.stringify(answer.text) : `refused: ${answer.error}`;
}
