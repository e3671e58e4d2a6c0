import { type JsonValue, parseJson, toJsonText } from '../json.ts';
import { readJsonPath } from '../jsonpath.ts';
import { fromJson, printed, type Value, type VtlHost } from './value.ts';

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
          return argument === undefined ? allParams(params) : oneParam(params, printed(argument));
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
function oneParam(params: InputParams, name: string): Value {
  return params.path.get(name) ?? params.querystring.get(name) ?? params.header.get(name);
}

function allParams(params: InputParams): Value {
  return new Map<string, Value>([
    ['path', new Map(params.path)],
    ['querystring', new Map(params.querystring)],
    ['header', new Map(params.header)],
  ]);
}
