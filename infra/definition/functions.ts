import { subnets } from './cidr.ts';
import { DefinitionError } from './errors.ts';
import { isObject, type Json, type JsonObject, type LeftOut } from './types.ts';

/** Looks up the names that functions refer to. Each method throws a DefinitionError for an unknown name. */
export interface Scope {
  readonly file: string;
  readonly region: string;
  /** The resources, by id, that functions have referred to so far and that a run does not deploy. */
  readonly foreign: Map<string, LeftOut>;
  /** @returns undefined for `AWS::NoValue`. */
  ref(name: string, place: string): Json | undefined;
  attribute(id: string, attribute: string, place: string): Json;
  condition(name: string, place: string): boolean;
  /** @returns undefined when the template's mappings have no such entry. */
  mapping(map: string, top: string, second: string, place: string): Json | undefined;
  /** What a file that `AWS::Include` names contains, as written; undefined where the scope reads no files. */
  include?(location: string, place: string): JsonObject;
  /** A value that only AWS knows: an export of another stack, or a dynamic reference. */
  external(name: string, what: string, place: string): string;
}

/** A function call such as `{ "Fn::Join": [...] }`, split into name and argument. */
interface Call {
  readonly name: string;
  readonly argument: Json;
}

/** A value and its place in the file. */
export interface Placed {
  readonly value: Json | undefined;
  readonly place: string;
}

type Function = (argument: Json, place: string, resolver: Resolver) => Json | undefined;

/** The maximum length of one text in characters; CloudFormation accepts templates of up to a million bytes. */
const MAX_TEXT = 1024 * 1024;

const DYNAMIC = /\{\{(resolve:[^}]+)\}\}/g;

/** Resolves CloudFormation's functions with the names of one scope. */
export class Resolver {
  readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  /** Resolves every function inside a value; leaves out members that resolve to `AWS::NoValue`. */
  resolve(value: Json | undefined, place: string): Json | undefined {
    if (typeof value === 'string') return this.#dynamic(value, place);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value))
      return value
        .map((item, index) => this.resolve(item, `${place}[${index}]`))
        .filter((item) => item !== undefined);
    const call = this.#callOf(value, place);
    if (call?.name === 'Fn::Transform') {
      const found = this.included(value, place);
      return this.resolve(found.value, found.place);
    }
    if (call !== undefined) return this.#evaluate(call, place);
    const resolved: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const outcome = this.resolve(member, join(place, key));
      if (outcome !== undefined) setOwn(resolved, key, outcome);
    }
    return resolved;
  }

  /** Resolves only the outermost functions of a value; nested values stay as written. */
  unwrap(value: Json | undefined, place: string): Placed {
    const call = isObject(value) ? this.#callOf(value, place) : undefined;
    if (call === undefined) return { value, place };
    if (call.name === 'Fn::Transform') return this.included(value as JsonObject, place);
    if (call.name !== 'Fn::If') return { value: this.#evaluate(call, place), place };
    const branch = this.branch(call.argument, join(place, call.name));
    return this.unwrap(branch.value, branch.place);
  }

  /** The entries of the object that `unwrap` returns; undefined if it is not an object. */
  entries(value: Json | undefined, place: string): [key: string, value: Json, place: string][] | undefined {
    const found = this.unwrap(value, place);
    if (!isObject(found.value)) return undefined;
    return Object.entries(found.value).map(([key, member]) => [key, member, join(found.place, key)]);
  }

  text(value: Json | undefined, place: string): string {
    const text = textOf(this.resolve(value, place));
    return text ?? this.fail(place, 'a string is needed here; give one');
  }

  list(value: Json | undefined, place: string): Json[] {
    const list = this.resolve(value, place);
    return Array.isArray(list) ? list : this.fail(place, 'a list is needed here; give one');
  }

  /** The content of a file that `AWS::Include` names, as written, with what is beside the function. */
  included(value: JsonObject, place: string): { readonly value: JsonObject; readonly place: string } {
    const { 'Fn::Transform': transform, ...beside } = value;
    const own = join(place, 'Fn::Transform');
    const given = isObject(transform) ? transform : {};
    const name = textOf(given.Name);
    if (name !== 'AWS::Include')
      return this.fail(
        own,
        `the macro ${name ?? 'without a name'} runs only on AWS; give the processed template (aws cloudformation get-template --template-stage Processed)`,
      );
    const at = `${own}.Parameters.Location`;
    const location = this.text(isObject(given.Parameters) ? given.Parameters.Location : undefined, at);
    if (this.scope.include === undefined || isRemote(location))
      return this.fail(
        at,
        'AWS::Include reads a file that only AWS can fetch; put its text here, or give that file to --definition',
      );
    return { value: { ...this.scope.include(location, at), ...beside }, place: `${own}(${location})` };
  }

  /** The branch that `Fn::If` selects, as written. */
  branch(argument: Json, place: string): Placed {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
      return this.fail(place, 'Fn::If takes the name of a condition and two values; correct it');
    const index = this.scope.condition(argument[0], place) ? 1 : 2;
    return { value: argument[index], place: `${place}[${index}]` };
  }

  fail(place: string, reason: string): never {
    throw new DefinitionError(this.scope.file, place, reason);
  }

  #callOf(value: JsonObject, place: string): Call | undefined {
    const keys = Object.keys(value);
    const name =
      keys.find((key) => key.startsWith('Fn::')) ?? (typeof value.Ref === 'string' ? 'Ref' : undefined);
    if (name === undefined || (name === 'Ref' && keys.length > 1)) return undefined;
    if (keys.length > 1 && name !== 'Fn::Transform')
      return this.fail(place, `${name} has other members beside it; remove them`);
    return { name, argument: value[name] as Json };
  }

  #evaluate({ name, argument }: Call, place: string): Json | undefined {
    const evaluate = FUNCTIONS.get(name);
    const own = join(place, name);
    if (evaluate === undefined)
      return this.fail(place, `${name} is not a CloudFormation function that is allowed here; correct it`);
    return evaluate(
      argument,
      name === 'Ref' || name === 'Fn::Sub' || name === 'Fn::GetAtt' ? place : own,
      this,
    );
  }

  #dynamic(text: string, place: string): string {
    if (!text.includes('{{resolve:')) return text;
    return text.replace(DYNAMIC, (whole, name: string) => this.scope.external(name, whole, place));
  }
}

/** Whether a location is a URL, such as `s3://bucket/key`. */
export function isRemote(location: string): boolean {
  return /^[a-z][\w+.-]+:/i.test(location);
}

/** Joins with a dot: `a.b`, or `b` if the first part is empty. */
export function join(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

/** A scalar as the string that CloudFormation makes of it; undefined for other values. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function setOwn(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function sub(argument: Json, place: string, resolver: Resolver): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument];
  const variables = new Map(resolver.entries(given, `${place}[1]`)?.map(([key, ...rest]) => [key, rest]));
  const text = Array.isArray(argument) ? resolver.text(template, `${place}[0]`) : template;
  if (typeof text !== 'string') return resolver.fail(place, 'Fn::Sub takes a text; give a string');
  const filled = text.replace(/\$\{([^}]*)\}/g, (shown, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (!/^[\w.:]+$/.test(name))
      return resolver.fail(
        place,
        `${shown} is not a name that Fn::Sub accepts; write \${!${name}} for the literal text`,
      );
    const own = variables.get(name);
    const dot = name.indexOf('.');
    const value = own
      ? resolver.resolve(...own)
      : dot > 0
        ? resolver.scope.attribute(name.slice(0, dot), name.slice(dot + 1), place)
        : resolver.scope.ref(name, place);
    return textOf(value) ?? resolver.fail(place, `${shown} is not a single text; use Fn::Join for a list`);
  });
  return bounded(filled, place, resolver);
}

/** Limits the length of a text, since nested names can double it at each step. */
function bounded(text: string, place: string, resolver: Resolver): string {
  if (text.length <= MAX_TEXT) return text;
  return resolver.fail(place, `the result is longer than ${MAX_TEXT} characters; shorten it`);
}

function attribute(argument: Json, place: string, resolver: Resolver): Json {
  const parts = typeof argument === 'string' ? argument.split('.') : argument;
  if (!Array.isArray(parts) || parts.length < 2)
    return resolver.fail(place, 'Fn::GetAtt takes a resource and an attribute; correct it');
  const [id = '', ...rest] = parts.map((part) => resolver.text(part, place));
  return resolver.scope.attribute(id, rest.join('.'), place);
}

/** The elements of a function's argument; fails unless their number is one that the function accepts. */
function parts(
  argument: Json,
  counts: readonly number[],
  name: string,
  place: string,
  resolver: Resolver,
): Json[] {
  if (!Array.isArray(argument) || !counts.includes(argument.length))
    return resolver.fail(place, `${name} takes a list of ${counts.join(' or ')} values; correct it`);
  return argument;
}

function select(argument: Json, place: string, resolver: Resolver): Json {
  const [which, from] = parts(argument, [2], 'Fn::Select', place, resolver);
  const index = Number(resolver.text(which, place));
  const list = resolver.list(from, place);
  return (
    list[index] ?? resolver.fail(place, `the list of ${list.length} has no item ${index}; correct the index`)
  );
}

function findInMap(argument: Json, place: string, resolver: Resolver): Json | undefined {
  const [map, top, second, options] = parts(argument, [3, 4], 'Fn::FindInMap', place, resolver);
  const [name, first, last] = [map, top, second].map((key) => resolver.text(key, place)) as [
    string,
    string,
    string,
  ];
  const found = resolver.scope.mapping(name, first, last, place);
  if (Array.isArray(found) || textOf(found) !== undefined) return found;
  if (found !== undefined)
    return resolver.fail(place, `Mappings.${name}.${first}.${last} is neither text nor a list; correct it`);
  if (isObject(options) && options.DefaultValue !== undefined)
    return resolver.resolve(options.DefaultValue, `${place}.DefaultValue`);
  return resolver.fail(place, `Mappings.${name} has no ${first}.${last}; add it, or choose other parameters`);
}

function cidr(argument: Json, place: string, resolver: Resolver): Json {
  const [block, count, bits] = parts(argument, [2, 3], 'Fn::Cidr', place, resolver);
  const [base, many] = [resolver.text(block, place), resolver.text(count, place)];
  const found = subnets(base, Number(many), Number(bits === undefined ? 8 : resolver.text(bits, place)));
  return found ?? resolver.fail(place, `${base} cannot be cut into ${many} such blocks; correct the values`);
}

const FUNCTIONS = new Map<string, Function>([
  ['Ref', (argument, place, resolver) => resolver.scope.ref(String(argument), place)],
  ['Fn::GetAtt', attribute],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  ['Fn::Cidr', cidr],
  [
    'Fn::Join',
    (argument, place, resolver) => {
      const [separator, items] = parts(argument, [2], 'Fn::Join', place, resolver);
      const joined = resolver
        .list(items, place)
        .map((item) => textOf(item) ?? resolver.fail(place, 'Fn::Join joins strings only; correct the list'))
        .join(resolver.text(separator, place));
      return bounded(joined, place, resolver);
    },
  ],
  [
    'Fn::Split',
    (argument, place, resolver) => {
      const [separator, text] = parts(argument, [2], 'Fn::Split', place, resolver);
      return resolver.text(text, place).split(resolver.text(separator, place));
    },
  ],
  [
    'Fn::If',
    (argument, place, resolver) => {
      const branch = resolver.branch(argument, place);
      return resolver.resolve(branch.value, branch.place);
    },
  ],
  [
    'Fn::Base64',
    (argument, place, resolver) => Buffer.from(resolver.text(argument, place)).toString('base64'),
  ],
  [
    'Fn::GetAZs',
    (argument, place, resolver) => {
      const region = resolver.text(argument, place) || resolver.scope.region;
      return ['a', 'b', 'c'].map((letter) => region + letter);
    },
  ],
  ['Fn::Length', (argument, place, resolver) => resolver.list(argument, place).length],
  [
    'Fn::ToJsonString',
    (argument, place, resolver) => JSON.stringify(resolver.resolve(argument, place) ?? null),
  ],
  [
    'Fn::ImportValue',
    (argument, place, resolver) => {
      const name = resolver.text(argument, place);
      return resolver.scope.external(name, `the export ${name} of another stack`, place);
    },
  ],
]);
