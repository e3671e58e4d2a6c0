import { parseDocument } from '../document.ts';
import { readJsonPath } from '../jsonpath.ts';
import { jsonText, printed, type Value, type VtlHost, type VtlMap } from './value.ts';

/** A template reads a part of a body that is not JSON. */
export class BodyNotJson extends Error {}

export interface InputParams {
  readonly path: ReadonlyMap<string, string>;
  readonly querystring: ReadonlyMap<string, string>;
  readonly header: ReadonlyMap<string, string>;
}

/**
 * `$input`: the body and the parameters of the method request, in a response template the backend's body. An empty
 * body is `{}` (docs/facts/templates.md#values, LS-T:common). The body is parsed once, so later reads see a template's
 * changes to it (docs/facts/templates.md#live-document).
 */
export function createInput(body: string, params: InputParams): VtlHost {
  const text = body === '' ? '{}' : body;
  const all = paramsValue(params);
  let document: { readonly root: Value } | undefined;
  const read = (path: Value): Value => {
    document ??= { root: parseBody(text) };
    return readJsonPath(document.root, path === undefined ? '$' : printed(path));
  };
  return {
    host: true,
    property: (name) => (name === 'body' ? text : undefined),
    call: (name, [argument]) => {
      switch (name) {
        case 'path':
          return read(argument) ?? null;
        case 'json': {
          const found = read(argument);
          // A missing path is an empty JSON string (docs/facts/templates.md#velocity): two quotes.
          return found === undefined ? '""' : jsonText(found);
        }
        case 'params':
          return argument === undefined ? all : oneParam(all, printed(argument));
        default:
          return undefined;
      }
    },
  };
}

/**
 * AWS's answer to `$input.path` of a body that is not JSON is not recorded; the guide says that it may be a 400
 * (docs/facts/README.md#unrecorded, clause GW-7, inferred).
 */
function parseBody(text: string): Value {
  try {
    return parseDocument(text);
  } catch (error) {
    throw new BodyNotJson(`Could not parse request body into json: ${(error as Error).message}`);
  }
}

/** Path first, then query string, then header (docs/facts/templates.md#variables; clause GET-9). */
function oneParam(all: VtlMap, name: string): Value {
  for (const place of ['path', 'querystring', 'header']) {
    const named = all.get(place);
    const value = named instanceof Map ? named.get(name) : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** One map per rendering, so that a template sees its own changes to it. */
function paramsValue(params: InputParams): VtlMap {
  return new Map<string, Value>([
    ['path', new Map(params.path)],
    ['querystring', new Map(params.querystring)],
    ['header', new Map(params.header)],
  ]);
}
