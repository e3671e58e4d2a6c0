import type { Header } from '../../http.ts';
import { contextValue } from './context.ts';
import { parseDocument } from './document.ts';
import { badBody, configurationError } from './gateway-error.ts';
import { JsonPathError, readJsonPath } from './jsonpath.ts';
import type { MethodRequest } from './method-request.ts';
import { type Payload, textOf } from './payload.ts';
import { jsonText, printed, type Value, type VtlMap } from './vtl/value.ts';

interface Response {
  readonly headers: readonly Header[];
  readonly body: Payload;
}

/** The sources of mapping expressions. */
export interface MappingSources {
  readonly request: MethodRequest;
  /** Only in response mappings. */
  readonly response?: Response;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly context: VtlMap;
}

/**
 * The values of a mapping expression (docs/facts/gateway.md#parameters); empty if the source is missing, which skips
 * the mapping. Only multi-value sources yield more than one.
 *
 * @throws GatewayError 400 if it reads a part of a body that is not JSON; 500 if its JSONPath is invalid.
 */
export function mappedValues(expression: string, sources: MappingSources): readonly string[] {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return [literal[1] as string];
  const [head, name] = splitAt(
    expression,
    PREFIXES.find((prefix) => matchesPrefix(expression, prefix)) ?? '',
  );
  const { request, response } = sources;
  switch (head) {
    case 'method.request.path':
      return one(request.pathParameters.get(name));
    case 'method.request.querystring':
      return one(request.query.get(name)?.at(-1));
    case 'method.request.multivaluequerystring':
      return request.query.get(name) ?? [];
    case 'method.request.header':
      return one(request.headers.get(name)?.at(-1));
    case 'method.request.multivalueheader':
      return request.headers.get(name) ?? [];
    case 'method.request.body':
      return one(bodyPart(request, name));
    case 'integration.response.header':
      return one(responseHeaders(response?.headers, name).at(-1));
    case 'integration.response.multivalueheader':
      return responseHeaders(response?.headers, name);
    case 'integration.response.body':
      return one(response === undefined ? undefined : responsePart(response, name));
    case 'stageVariables':
      return one(Object.hasOwn(sources.stageVariables, name) ? sources.stageVariables[name] : undefined);
    case 'context':
      return one(printed(contextValue(sources.context, name)) || undefined);
    default:
      return [];
  }
}

const PREFIXES = [
  'method.request.path',
  'method.request.querystring',
  'method.request.multivaluequerystring',
  'method.request.header',
  'method.request.multivalueheader',
  'method.request.body',
  'integration.response.header',
  'integration.response.multivalueheader',
  'integration.response.body',
  'stageVariables',
  'context',
] as const;

function matchesPrefix(expression: string, prefix: string): boolean {
  return expression === prefix || expression.startsWith(`${prefix}.`);
}

function splitAt(expression: string, prefix: string): readonly [string, string] {
  return [prefix, expression.slice(prefix.length + 1)];
}

function one(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/** Response header names are case-insensitive, since backends differ in case (inferred). */
function responseHeaders(headers: readonly Header[] | undefined, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return (headers ?? [])
    .filter(([candidate]) => candidate.toLowerCase() === wanted)
    .map(([, value]) => value);
}

/** An empty body is `{}`; invalid JSON is refused, and other text has no parts (EMU). */
function bodyPart(request: MethodRequest, path: string): string | undefined {
  const text = textOf(request.body, 'a mapping') || '{}';
  if (path === '') return text;
  try {
    return partText(documentOf(request, text), path);
  } catch (error) {
    if (error instanceof SyntaxError && /^[{['"]/.test(text)) throw badBody('Invalid JSON in request body');
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function responsePart(response: Response, path: string): string | undefined {
  const text = textOf(response.body, 'a mapping');
  if (path === '') return text;
  try {
    return partText(documentOf(response, text), path);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Parsed bodies, or the error, cached for all expressions that read them. */
const documents = new WeakMap<object, { readonly root: Value } | { readonly error: unknown }>();

function documentOf(message: MethodRequest | Response, text: string): Value {
  const found = documents.get(message) ?? parsed(text);
  documents.set(message, found);
  if ('error' in found) throw found.error;
  return found.root;
}

function parsed(text: string): { readonly root: Value } | { readonly error: unknown } {
  try {
    return { root: parseDocument(text) };
  } catch (error) {
    return { error };
  }
}

function partText(document: Value, path: string): string | undefined {
  const found = readPart(document, path);
  if (found === undefined || found === null) return undefined;
  return typeof found === 'string' ? found : jsonText(found);
}

function readPart(document: Value, path: string): Value {
  try {
    return readJsonPath(document, path);
  } catch (error) {
    if (error instanceof JsonPathError)
      throw configurationError(`Invalid mapping expression: ${error.message}`);
    throw error;
  }
}
