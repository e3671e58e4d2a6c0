import { type Resolver, textOf } from '../functions.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';

const LOOP = 'Fn::ForEach::';

/** The maximum number of members that loops may create; CloudFormation accepts 500 resources. */
const MAX_MEMBERS = 10_000;

/** Expands every `Fn::ForEach` of a template, which AWS::LanguageExtensions allows among an object's members. */
export function withoutLoops(document: JsonObject, resolver: Resolver): JsonObject {
  if (!JSON.stringify(document).includes(`"${LOOP}`)) return document;
  return expand(document, '', resolver, { made: 0 }) as JsonObject;
}

interface Count {
  made: number;
}

function expand(value: Json, place: string, resolver: Resolver, count: Count): Json {
  if (Array.isArray(value))
    return value.map((item, index) => expand(item, `${place}[${index}]`, resolver, count));
  if (!isObject(value)) return value;
  const expanded: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const at = place === '' ? key : `${place}.${key}`;
    if (key.startsWith(LOOP)) expanded.push(...members(member, at, resolver, count));
    else expanded.push([key, expand(member, at, resolver, count)]);
  }
  return Object.fromEntries(expanded);
}

function members(loop: Json, place: string, resolver: Resolver, count: Count): [string, Json][] {
  const [name, collection, body] = Array.isArray(loop) ? loop : [];
  if (typeof name !== 'string' || collection === undefined || !isObject(body))
    return resolver.fail(place, 'Fn::ForEach takes a name, a list and what to repeat; correct it');
  return resolver.list(collection, `${place}[1]`).flatMap((item) => {
    const text =
      textOf(item) ?? resolver.fail(`${place}[1]`, 'Fn::ForEach loops over strings only; correct the list');
    count.made += Object.keys(body).length;
    if (count.made > MAX_MEMBERS)
      return resolver.fail(place, `it creates more than ${MAX_MEMBERS} members; shorten the list`);
    const filled = substitute(body, name, text) as JsonObject;
    return Object.entries(expand(filled, `${place}[2]`, resolver, count) as JsonObject);
  });
}

/** Replaces the loop's variable; `&{name}` drops the characters that a logical id cannot have. */
function substitute(value: Json, name: string, text: string): Json {
  const inText = (from: string) =>
    from.replaceAll(`\${${name}}`, text).replaceAll(`&{${name}}`, text.replace(/[^A-Za-z0-9]/g, ''));
  if (typeof value === 'string') return inText(value);
  if (Array.isArray(value)) return value.map((item) => substitute(item, name, text));
  if (!isObject(value)) return value;
  if (value.Ref === name && Object.keys(value).length === 1) return text;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [inText(key), substitute(member, name, text)]),
  );
}
