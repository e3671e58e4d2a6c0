import { type JsonValue, parseJson, toJsonText } from '../json.ts';
import { readJsonPath } from '../jsonpath.ts';
import { fromJson, printed, type Value, type VtlHost, type VtlMap } from './value.ts';

/** A template asked for a part of a body that is not JSON. */
export class BodyNotJson extends Error {}

export interface InputParams {
  readonly path: ReadonlyMap<string, string>;
  readonly querystring: ReadonlyMap<string, string>;
  readonly header: ReadonlyMap<string, string>;
}

/**
 * `$input`: the body and the parameters of the method request, in a response template the backend's body.
 * An empty body is `{}` (facts 3.2, LS-T:common).
 */
export function createInput(body: string, params: InputParams): VtlHost {
  const text = body === '' ? '{}' : body;
  const all = paramsValue(params);
  let document: { readonly json: JsonValue } | undefined;
  const read = (path: Value): JsonValue | undefined => {
    document ??= { json: parseBody(text) };
    return readJsonPath(document.json, path === undefined ? '$' : printed(path));
  };
  return {
    host: true,
    property: (name) => (name === 'body' ? text : undefined),
    call: (name, [argument]) => {
      switch (name) {
        case 'path':
          return fromJson(read(argument) ?? null);
        case 'json': {
          const found = read(argument);
          // A missing path is an empty JSON text (emulators 5.2): two quotes.
          return found === undefined ? '""' : toJsonText(found);
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
 * AWS's answer to `$input.path` of a body that is not JSON is unrecorded; the guide says that a 400 may come (facts
 * 6, clause GW-7, inferred).
 */
function parseBody(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    throw new BodyNotJson(`Could not parse request body into json: ${(error as Error).message}`);
  }
}

/** Path first, then query string, then header (facts 3.2; clause GET-9). */
function oneParam(all: VtlMap, name: string): Value {
  for (const place of ['path', 'querystring', 'header']) {
    const named = all.get(place);
    const value = named instanceof Map ? named.get(name) : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The one map of a rendering, so that a template that changes it sees what it did. */
function paramsValue(params: InputParams): VtlMap {
  return new Map<string, Value>([
    ['path', new Map(params.path)],
    ['querystring', new Map(params.querystring)],
    ['header', new Map(params.header)],
  ]);
}
