import { parseDocument } from '../../embedded/apigateway/dataplane/document.ts';
import { NumberText } from '../../embedded/apigateway/dataplane/json.ts';
import { util } from '../../embedded/apigateway/dataplane/vtl/util.ts';
import { jsonText, printed, type Value } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import { withChanges } from './changed.ts';
import { type Sample, valueAt } from './sample.ts';
import type { Encoding, Input, Place } from './types.ts';

/**
 * Evaluates a place for a request: the text that Kinesis gets, or for data the text that it stores.
 * @param element the pointer to the list element for places `from: element`.
 */
export function evaluate(place: Place, sample: Sample, element = ''): string {
  if ('fixed' in place) {
    if (place.given !== undefined && inputValue(place.given, sample, element) === undefined)
      return typeof place.whenAbsent === 'object' ? evaluate(place.whenAbsent, sample, element) : '';
    return typeof place.fixed === 'string' ? place.fixed : JSON.stringify(place.fixed);
  }
  if ('template' in place) {
    return place.template
      .map((part) => (typeof part === 'string' ? part : evaluate(part, sample, element)))
      .join('');
  }
  const [first, ...rest] = place.as ?? [];
  const value = withPut(inputValue(place, sample, element), place, sample, element);
  if (value === undefined && place.whenAbsent !== undefined)
    return place.whenAbsent === 'omitted' ? '' : evaluate(place.whenAbsent, sample, element);
  if (first === undefined) return printed(value);
  const start = first === 'json' ? asJson(value) : encode(first, printed(value));
  return rest.reduce((text, encoding) => encode(encoding, text), start);
}

/** The client's object as the template changes it before it prints it. */
function withPut(
  value: Value,
  { put = {}, removed = [] }: Extract<Place, { from: string }>,
  sample: Sample,
  element: string,
): Value {
  const members = Object.entries(put);
  if (members.length === 0 && removed.length === 0) return value;
  const given = members.flatMap(([at, place]) => {
    const applied = isGiven(place, sample, element) ? place : (place.whenAbsent ?? place);
    return applied === 'omitted' ? [] : [[at, putValue(applied, sample, element)] as const];
  });
  return withChanges(value, { put: new Map(given), removed });
}

/** Whether the client sent all that a place reads. */
function isGiven(place: Place, sample: Sample, element: string): boolean {
  if ('fixed' in place) return place.given === undefined || isGiven(place.given, sample, element);
  if ('template' in place)
    return place.template.every((part) => typeof part === 'string' || isGiven(part, sample, element));
  return inputValue(place, sample, element) !== undefined;
}

/** The value that a template puts into an object: what the client sent as it is, or a text. */
function putValue(place: Place, sample: Sample, element: string): Value {
  if ('fixed' in place && place.given === undefined) return parseDocument(JSON.stringify(place.fixed));
  // An undefined reference is the empty string (docs/facts/templates.md#values).
  if ('from' in place && isPutAsItIs(place)) return inputValue(place, sample, element) ?? '';
  const text = evaluate(place, sample, element);
  return 'from' in place && place.unquoted ? valueOfText(text) : text;
}

/** The value of JSON; what stands in for a value of the gateway's is printed as it is. */
function valueOfText(text: string): Value {
  try {
    return parseDocument(text);
  } catch {
    return new NumberText(text);
  }
}

/** Whether a template puts what the client sent, whatever it is, rather than a text that it makes of it. */
function isPutAsItIs({ from, as, unquoted, put, removed }: Extract<Place, { from: string }>): boolean {
  if (put !== undefined || removed !== undefined) return false;
  return (from === 'body' || from === 'element') && (as === undefined || unquoted === true);
}

/** The value of the input in a request; undefined if it is left out. */
export function inputValue(input: Input, sample: Sample, element = ''): Value {
  switch (input.from) {
    case 'body':
      return valueAt(sample.body, input.at);
    case 'element':
      return valueAt(sample.body, element + input.at);
    case 'raw-body':
      return sample.bodyText;
    case 'context':
      return sample.context.get(input.name);
    case 'stage-variable':
      return sample.stageVariables[input.name];
    default:
      return sample.params.get(`${input.from}:${input.name}`);
  }
}

/** As with `$input.json`, a path that matches nothing gives an empty JSON string. */
function asJson(value: Value): string {
  return value === undefined ? '""' : jsonText(value);
}

export function encode(encoding: Encoding, text: string): string {
  switch (encoding) {
    case 'json':
      return JSON.stringify(text);
    case 'escape-json':
      return encode('escape-javascript', text).replaceAll("\\'", "'");
    case 'lower-case':
      return text.toLowerCase();
    case 'upper-case':
      return text.toUpperCase();
    default:
      return printed(util.call(UTIL[encoding], [text]));
  }
}

const UTIL = {
  base64: 'base64Encode',
  'base64-decoded': 'base64Decode',
  'escape-javascript': 'escapeJavaScript',
  'url-encoded': 'urlEncode',
  'url-decoded': 'urlDecode',
} as const;
