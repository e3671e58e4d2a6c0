import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { evaluate } from './evaluate.ts';
import type { Inputs } from './inputs.ts';
import { confirm, likeliest, type Matcher, memberText, type Parts, storedText } from './match.ts';
import { type Broken, isBroken, type Rendered } from './rendering.ts';
import type { Sample } from './sample.ts';
import { ELEMENTS } from './shape.ts';
import type { Input, Place, RecordPlaces, Records } from './types.ts';

/** A rendering and the sample that it was rendered for. */
export interface Observation {
  readonly sample: Sample;
  readonly rendered: Rendered | Broken;
}

/** The path of a member of Kinesis's request, or of a record in it: `Records/0/Data`. */
export type MemberPath = string;

/** The members of a request, with those of each record. */
export function membersIn(request: JsonObject): ReadonlyMap<MemberPath, Json> {
  const members = new Map<MemberPath, Json>();
  for (const [name, value] of Object.entries(request)) {
    if (name !== 'Records' || !Array.isArray(value)) {
      members.set(name, value);
      continue;
    }
    for (const [index, record] of value.entries())
      for (const [member, inner] of Object.entries(isObject(record) ? record : { '': record }))
        members.set(`Records/${index}/${member}`, inner);
  }
  return members;
}

/** The text of a member; for data, the text that Kinesis stores. */
export function textOfMember(path: MemberPath, value: Json): string {
  return isData(path) ? storedText(value) : memberText(value).text;
}

export function isData(path: MemberPath): boolean {
  return path === 'Data' || path.endsWith('/Data');
}

/** Determines where each member of the first rendering comes from, and checks it against the others. */
export function placesOf(
  request: JsonObject,
  matcher: Matcher,
  others: readonly Observation[],
): { readonly places: ReadonlyMap<MemberPath, Place>; readonly unknown: readonly MemberPath[] } {
  const places = new Map<MemberPath, Place>();
  const unknown: MemberPath[] = [];
  for (const [path, value] of membersIn(request)) {
    const parts = matcher.parts(textOfMember(path, value));
    if (parts.every((part) => typeof part === 'string')) {
      places.set(path, { fixed: isData(path) ? textOfMember(path, value) : value });
      if (!others.every((other) => isSame(other, path, value))) unknown.push(path);
      continue;
    }
    const { unquoted } = memberText(value);
    const place = settled(parts, path, others);
    if (place === undefined) unknown.push(path);
    const shown = place ?? likeliest(parts);
    places.set(path, unquoted && 'from' in shown ? { ...shown, unquoted: true } : shown);
  }
  return { places, unknown };
}

/** Whether a fixed member has the same value in another observation that can be read. */
function isSame(other: Observation, path: MemberPath, value: Json): boolean {
  if (isBroken(other.rendered)) return true;
  return JSON.stringify(membersIn(other.rendered.request).get(path)) === JSON.stringify(value);
}

/** The place with which all readable observations agree; at least one must be readable. */
function settled(parts: Parts, path: MemberPath, others: readonly Observation[]): Place | undefined {
  const texts = others.flatMap(({ sample, rendered }) => {
    const text = observedText(rendered, path);
    return text === undefined ? [] : [{ sample, text }];
  });
  const [telling, ...rest] = texts;
  if (telling === undefined) return undefined;
  const place = confirm(parts, telling.sample, telling.text);
  if (place === undefined) return undefined;
  return rest.every(({ sample, text }) => evaluate(place, sample) === text) ? place : undefined;
}

/** The text of a member. Data is base64, so it can be read even if another member broke the JSON around it. */
function observedText(rendered: Rendered | Broken, path: MemberPath): string | undefined {
  if (!isBroken(rendered)) {
    const value = membersIn(rendered.request).get(path);
    return value === undefined ? undefined : textOfMember(path, value);
  }
  const all = [...(rendered.text ?? '').matchAll(/"Data"\s*:\s*"([A-Za-z0-9+/=]*)"/g)];
  const index = Number(/^Records\/(\d+)\/Data$/.exec(path)?.[1] ?? (path === 'Data' ? 0 : Number.NaN));
  const found = all[index]?.[1];
  return found === undefined ? undefined : storedText(found);
}

/**
 * Derives the records of a batch from the places of their members.
 * @param unlike called with the members that differ from element to element of the list.
 */
export function recordsOf(
  places: ReadonlyMap<MemberPath, Place>,
  inputs: Inputs,
  unlike: (member: string) => void = () => undefined,
): Records | undefined {
  const count = countOf(places);
  if (count === undefined) return undefined;
  const written = Array.from({ length: count }, (_, index) => recordAt(places, index));
  // A loop may skip the first elements, which are then not stored.
  const from = Math.max(0, ELEMENTS - count);
  const list = inputs.lists
    .toSorted((a, b) => b.length - a.length)
    .find(
      (pointer) =>
        (count > 1 || from > 0) &&
        written.every((record, index) => readsElement(record, pointer, from + index)),
    );
  const [first, second] = written;
  if (list === undefined || first === undefined) return { written };
  const element = Object.fromEntries(
    Object.entries(first).map(([name, place]) => {
      const own = relative(place, `${list}/${from}`);
      if (second === undefined) return [name, own];
      const next = second[name as keyof RecordPlaces];
      const common = next && inCommon(own, relative(next, `${list}/${from + 1}`));
      if (common === undefined) unlike(name);
      return [name, common ?? own];
    }),
  );
  return { list: { from: 'body', at: list }, element };
}

/** The common place of two list elements, if they differ only by their positions. */
function inCommon(first: Place, second: Place): Place | undefined {
  if (isDeepStrictEqual(first, second)) return first;
  if ('from' in first && 'from' in second && first.put && second.put)
    return withCommonPut({ ...first, put: first.put }, { ...second, put: second.put });
  const [one, other] = [partsOf(first), partsOf(second)];
  if (one === undefined || one.length !== other?.length) return undefined;
  const parts: (string | Place)[] = [];
  for (const [index, part] of one.entries()) {
    const next = other[index] as string | Place;
    if (isDeepStrictEqual(part, next)) parts.push(part);
    else if (typeof part === 'string' && typeof next === 'string') {
      const positioned = byPosition(part, next);
      if (positioned === undefined) return undefined;
      parts.push(...positioned);
    } else {
      const common = withCommonDefault(part, next);
      if (common === undefined) return undefined;
      parts.push(common);
    }
  }
  const [only] = parts;
  return parts.length === 1 && typeof only === 'object' ? only : { template: parts };
}

type Putting = Extract<Place, { from: string }> & { readonly put: Readonly<Record<string, Place>> };

/** The common place of two objects into which a template puts what differs only by its position. */
function withCommonPut(
  { put: first, ...own }: Putting,
  { put: second, ...next }: Putting,
): Place | undefined {
  if (!isDeepStrictEqual(own, next) || !isDeepStrictEqual(Object.keys(first), Object.keys(second)))
    return undefined;
  const put: Record<string, Place> = {};
  for (const [at, place] of Object.entries(first)) {
    const common = inCommon(place, second[at] as Place) ?? numberedAlike(place, second[at] as Place);
    if (common === undefined) return undefined;
    put[at] = common;
  }
  return { ...own, put };
}

/** The element's position as a number. */
function numberedAlike(first: Place, second: Place): Place | undefined {
  if (!('fixed' in first && 'fixed' in second)) return undefined;
  if (first.fixed === 0 && second.fixed === 1)
    return { from: 'context', name: 'foreach.index', unquoted: true };
  if (first.fixed === 1 && second.fixed === 2)
    return { from: 'context', name: 'foreach.count', unquoted: true };
  return undefined;
}

/** The common place of two equal inputs whose defaults differ only by their positions. */
function withCommonDefault(one: string | Place, other: string | Place): Place | undefined {
  if (typeof one === 'string' || typeof other === 'string' || 'fixed' in one || 'fixed' in other)
    return undefined;
  const { whenAbsent: first, ...own } = one;
  const { whenAbsent: second, ...next } = other;
  if (typeof first !== 'object' || typeof second !== 'object' || !isDeepStrictEqual(own, next))
    return undefined;
  const whenAbsent = inCommon(first, second);
  return whenAbsent && { ...one, whenAbsent };
}

function partsOf(place: Place): readonly (string | Place)[] | undefined {
  if ('fixed' in place)
    return typeof place.fixed === 'string' && place.given === undefined ? [place.fixed] : undefined;
  return 'template' in place ? place.template : [place];
}

/** A text that contains its element's position, counted from 0 or from 1. */
function byPosition(first: string, second: string): (string | Place)[] | undefined {
  for (const [from, name] of [
    [0, 'foreach.index'],
    [1, 'foreach.count'],
  ] as const) {
    const at = [...first].findIndex((character, index) => character !== second[index]);
    const [before, after] = [first.slice(0, at), first.slice(at + 1)];
    if (first !== `${before}${from}${after}` || second !== `${before}${from + 1}${after}`) continue;
    const position: Place = { from: 'context', name };
    return [before, position, after].filter((part) => part !== '');
  }
  return undefined;
}

function countOf(places: ReadonlyMap<MemberPath, Place>): number | undefined {
  const indexes = [...places.keys()].flatMap((path) => {
    const index = /^Records\/(\d+)\//.exec(path)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  return indexes.length === 0 ? undefined : Math.max(...indexes) + 1;
}

function recordAt(places: ReadonlyMap<MemberPath, Place>, index: number): RecordPlaces {
  const of = (name: string) => places.get(`Records/${index}/${name}`);
  const [data, partitionKey, explicitHashKey] = [of('Data'), of('PartitionKey'), of('ExplicitHashKey')];
  return {
    ...(data && { data }),
    ...(partitionKey && { partitionKey }),
    ...(explicitHashKey && { explicitHashKey }),
  };
}

function readsElement(record: RecordPlaces, list: string, index: number): boolean {
  return Object.values(record).some((place) => reads(place, `${list}/${index}`));
}

/** Whether a place reads the value at a pointer, or below it. */
export function reads(place: Place, pointer: string): boolean {
  return inputsIn(place).some(
    (input) => input.from === 'body' && (input.at === pointer || input.at.startsWith(`${pointer}/`)),
  );
}

/** All inputs that a place reads, except in its conditions. */
export function inputsIn(place: Place): readonly Input[] {
  // A value that is fixed only if an input is given is otherwise that of the place behind it.
  if ('fixed' in place) return typeof place.whenAbsent === 'object' ? inputsIn(place.whenAbsent) : [];
  if ('template' in place)
    return place.template.flatMap((part) => (typeof part === 'string' ? [] : inputsIn(part)));
  return [place, ...Object.values(place.put ?? {}).flatMap(inputsIn)];
}

/** The inputs whose presence decides whether a fixed value applies. */
export function conditionsIn(place: Place): readonly Input[] {
  const rest = typeof place.whenAbsent === 'object' ? conditionsIn(place.whenAbsent) : [];
  return 'fixed' in place && place.given !== undefined ? [place.given, ...rest] : rest;
}

/**
 * The values that a place may have, if the definition fixes all of them: several where it depends on whether an input is
 * given. Undefined where a client, or the gateway, has a say in the value.
 */
export function fixedValues(place: Place | undefined): readonly Json[] | undefined {
  if (place === undefined || !('fixed' in place)) return undefined;
  if (typeof place.whenAbsent !== 'object') return [place.fixed];
  const rest = fixedValues(place.whenAbsent);
  return rest && [place.fixed, ...rest];
}

/** Makes a place relative to the list element at that pointer. */
export function relative(place: Place, element: string): Place {
  const rest = 'whenAbsent' in place && typeof place.whenAbsent === 'object' ? place.whenAbsent : undefined;
  const whenAbsent = rest && { whenAbsent: relative(rest, element) };
  if ('fixed' in place) {
    const given = place.given && { given: inElement(place.given, element) };
    return { ...place, ...given, ...whenAbsent };
  }
  if ('template' in place) {
    const template = place.template.map((part) =>
      typeof part === 'string' ? part : relative(part, element),
    );
    return { ...place, template, ...whenAbsent };
  }
  const put = place.put && {
    put: Object.fromEntries(Object.entries(place.put).map(([at, inner]) => [at, relative(inner, element)])),
  };
  return { ...inElement(place, element), ...put, ...whenAbsent };
}

function inElement<T extends Input>(input: T, element: string): T {
  if (input.from !== 'body' || !(input.at === element || input.at.startsWith(`${element}/`))) return input;
  return { ...input, from: 'element', at: input.at.slice(element.length) };
}
