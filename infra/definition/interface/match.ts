import { jsonText, type Value } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import type { Json } from '../types.ts';
import { type Changes, changedObjectIn, objectAt } from './changed.ts';
import { evaluate } from './evaluate.ts';
import type { Inputs } from './inputs.ts';
import { UNQUOTED } from './rendering.ts';
import { nodesOf, type Sample, valueAt } from './sample.ts';
import type { Encoding, Input, Place } from './types.ts';

/**
 * A text split into literals, alternatives, and objects that the template changed. A list of alternatives has all
 * places that give the same text for this sample.
 */
export type Parts = readonly Part[];
export type Part = string | readonly Place[] | ChangedPart;

/** The JSON of an object that the template changed, with the parts of each value that it put there. */
export interface ChangedPart extends Changes<{ readonly parts: Parts; readonly isText: boolean }> {
  readonly at: string;
}

/** The ways in which a template can encode a text, most likely first. */
const OF_TEXT: readonly (readonly Encoding[])[] = [
  [],
  ['escape-javascript'],
  ['escape-json'],
  ['url-decoded'],
  ['url-encoded'],
  ['lower-case'],
  ['upper-case'],
  ['lower-case', 'escape-javascript'],
  ['lower-case', 'escape-json'],
  ['upper-case', 'escape-javascript'],
  ['upper-case', 'escape-json'],
  ['base64'],
  ['base64-decoded'],
];
const OF_VALUE: readonly (readonly Encoding[])[] = [
  ['json'],
  ['json', 'escape-javascript'],
  ['json', 'escape-json'],
  ['json', 'url-encoded'],
  ['json', 'base64'],
];

/** Finds the inputs of one sample, in all encodings, in rendered text. */
export class Matcher {
  readonly #places = new Map<string, Place[]>();
  readonly #body: Value;
  #longestFirst: readonly string[] | undefined;

  constructor(sample: Sample, inputs: Pick<Inputs, 'stageVariables'>) {
    const add = (input: Input, encodings: readonly (readonly Encoding[])[]) => {
      for (const as of encodings) {
        const place: Place = as.length === 0 ? input : { ...input, as };
        const text = evaluate(place, sample);
        if (text.length < SHORTEST) continue;
        this.#places.set(text, [...(this.#places.get(text) ?? []), place]);
      }
    };
    this.#body = sample.body;
    for (const name of sample.params.keys()) {
      const [from, rest = ''] = name.split(/:(.*)/s) as ['path' | 'query' | 'header', string];
      add({ from, name: rest }, OF_TEXT);
    }
    for (const [at, value] of nodesOf(sample.body))
      add({ from: 'body', at }, typeof value === 'string' ? [...OF_TEXT, ...OF_VALUE] : [[], ...OF_VALUE]);
    add({ from: 'raw-body' }, OF_TEXT);
    for (const name of inputs.stageVariables) add({ from: 'stage-variable', name }, OF_TEXT);
    for (const name of sample.context.keys()) add({ from: 'context', name }, OF_TEXT);
  }

  /** Splits the text at the inputs in it; a fixed text has no places. */
  parts(text: string): Parts {
    const exact = this.#places.get(text);
    if (exact) return [exact];
    const changed = changedObjectIn(text, this.#body);
    if (changed) {
      const { at, removed, from, to } = changed;
      const put = new Map([...changed.put].map(([pointer, value]) => [pointer, this.#partsOf(value)]));
      return [
        ...(from === 0 ? [] : this.parts(text.slice(0, from))),
        { at, put, removed },
        ...this.parts(text.slice(to)),
      ];
    }
    this.#longestFirst ??= [...this.#places.keys()].sort((a, b) => b.length - a.length);
    return split(text, this.#longestFirst, this.#places);
  }

  #partsOf(value: Value): { readonly parts: Parts; readonly isText: boolean } {
    const isText = typeof value === 'string';
    return { parts: this.parts(isText ? value : jsonText(value)), isText };
  }
}

/** The minimum length of a marker in any encoding. */
const SHORTEST = 9;

function split(text: string, keys: readonly string[], places: ReadonlyMap<string, Place[]>): Parts {
  const found = keys.find((key) => text.includes(key));
  if (found === undefined) return text === '' ? [] : [text];
  const at = text.indexOf(found);
  return [
    ...split(text.slice(0, at), keys, places),
    alternatives(found, places),
    ...split(text.slice(at + found.length), keys, places),
  ];
}

/** The JSON of a text may also be the plain text between quotes that the template has. */
function alternatives(found: string, places: ReadonlyMap<string, Place[]>): readonly Place[] {
  const own = places.get(found) ?? [];
  if (!/^".*"$/s.test(found)) return own;
  const inside = places.get(found.slice(1, -1)) ?? [];
  return [...own, ...inside.map((place): Place => ({ template: ['"', place, '"'] }))];
}

/**
 * Chooses the alternative that also fits what another sample renders.
 * @returns undefined if none fits: the text does not follow from the inputs in a known way.
 */
export function confirm(parts: Parts, sample: Sample, text: string): Place | undefined {
  const chosen = choose(parts, sample, text, 0, 0);
  return chosen && placeOf(chosen);
}

function choose(
  parts: Parts,
  sample: Sample,
  text: string,
  at: number,
  from: number,
): (string | Place)[] | undefined {
  const part = parts[at];
  if (part === undefined) return from === text.length ? [] : undefined;
  if (typeof part === 'string') {
    const rest = text.startsWith(part, from) && choose(parts, sample, text, at + 1, from + part.length);
    return rest ? [part, ...rest] : undefined;
  }
  for (const place of isChanged(part) ? confirmedChanges(part, sample, text, from) : part) {
    const expected = evaluate(place, sample);
    const rest =
      text.startsWith(expected, from) && choose(parts, sample, text, at + 1, from + expected.length);
    if (rest) return [place, ...rest];
  }
  return undefined;
}

function isChanged(part: Exclude<Part, string>): part is ChangedPart {
  return 'put' in part;
}

/** Chooses where the values come from that the template put into an object, by what another sample renders there. */
function confirmedChanges(part: ChangedPart, sample: Sample, text: string, from: number): Place[] {
  const printed = objectAt(text, from);
  const put: Record<string, Place> = {};
  for (const [at, { parts, isText }] of part.put) {
    const value = valueAt(printed, at);
    if ((typeof value === 'string') !== isText) return [];
    const place = confirmedPut(parts, sample, value);
    if (place === undefined) return [];
    put[at] = place;
  }
  return [changedPlace(part, put)];
}

function confirmedPut(parts: Parts, sample: Sample, value: Value): Place | undefined {
  const isText = typeof value === 'string';
  const text = isText ? value : jsonText(value);
  if (parts.every((part) => typeof part === 'string'))
    return parts.join('') === text ? fixedPut(text, isText) : undefined;
  const place = confirm(parts, sample, text);
  return place && !isText && 'from' in place ? { ...place, unquoted: true } : place;
}

function fixedPut(text: string, isText: boolean): Place {
  return { fixed: isText ? text : (JSON.parse(text) as Json) };
}

function changedPlace({ at, removed }: ChangedPart, put: Readonly<Record<string, Place>>): Place {
  return {
    from: 'body',
    at,
    as: ['json'],
    ...(Object.keys(put).length > 0 && { put }),
    ...(removed.length > 0 && { removed }),
  };
}

/** All the places of a text's parts, whichever applies. */
export function* placesIn(parts: Parts): Generator<Place> {
  for (const part of parts) {
    if (typeof part === 'string') continue;
    if (!isChanged(part)) yield* part;
    else {
      yield changedPlace(part, {});
      for (const { parts: inner } of part.put.values()) yield* placesIn(inner);
    }
  }
}

/** Chooses the most likely alternatives, for use when no other sample can be rendered. */
export function likeliest(parts: Parts): Place {
  return placeOf(
    parts.map((part) => {
      if (typeof part === 'string') return part;
      return isChanged(part) ? changedPlace(part, likeliestPut(part)) : (part[0] as Place);
    }),
  );
}

function likeliestPut({ put }: ChangedPart): Readonly<Record<string, Place>> {
  return Object.fromEntries(
    [...put].map(([at, { parts, isText }]) => {
      if (parts.every((part) => typeof part === 'string')) return [at, fixedPut(parts.join(''), isText)];
      const place = likeliest(parts);
      return [at, !isText && 'from' in place ? { ...place, unquoted: true } : place];
    }),
  );
}

function placeOf(chosen: readonly (string | Place)[]): Place {
  const flat = chosen.flatMap((part) =>
    typeof part !== 'string' && 'template' in part ? [...part.template] : [part],
  );
  const joined = flat.reduce<(string | Place)[]>((parts, part) => {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
    return parts;
  }, []);
  const [only] = joined;
  if (only === undefined) return { fixed: '' };
  if (joined.length > 1) return { template: joined };
  return typeof only === 'string' ? { fixed: only } : only;
}

/** The text of a member of Kinesis's request, and whether it was outside quotes. */
export function memberText(value: unknown): { readonly text: string; readonly unquoted: boolean } {
  if (typeof value !== 'string') return { text: JSON.stringify(value), unquoted: true };
  if (value.startsWith(UNQUOTED)) return { text: value.slice(UNQUOTED.length), unquoted: true };
  return { text: value, unquoted: false };
}

/** The text that Kinesis stores for a Data member. */
export function storedText(value: unknown): string {
  return Buffer.from(memberText(value).text, 'base64').toString('utf8');
}
