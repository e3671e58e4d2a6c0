import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Instance, objectAt, type Scope, type TerraformFile } from './document.ts';
import { referencesIn, type Steps, specific, stepsOf, valueAt } from './expressions.ts';

/** The key of count or for_each. */
export type Index = string | number | undefined;

/** What may tell the key in a reference such as `aws_x.y[each.value.z].id`, which a plan writes as `aws_x.y`. */
export interface Clues {
  /** The references of the whole expression. */
  readonly references: readonly string[];
  /** The key of the block that has the expression, and `each.value` where the plan has it. */
  readonly index: Index;
  readonly value: Json | undefined;
  /** The keys of all instances of that block; undefined where its key is not to be compared. */
  readonly own: readonly Index[] | undefined;
}

/**
 * The value of `each.value` for an instance of a block or module: a plan has the values of literals, and of variables, to which
 * for_each may refer in a `for` expression too.
 * @param own the keys of all instances; those of a variable have to be the same. Without them a variable tells nothing.
 */
export function eachValue(
  { variables }: TerraformFile,
  block: JsonObject | undefined,
  scope: Scope,
  index: Index,
  own?: readonly Index[],
): Json | undefined {
  const expression = objectAt(block, 'for_each_expression');
  if (expression === undefined || index === undefined) return undefined;
  if ('constant_value' in expression) return valueAt(expression.constant_value, [String(index)]);
  const [reference = '', ...others] = specific(referencesIn(expression));
  const [head, name, ...rest] = stepsOf(reference);
  if (head !== 'var' || others.length > 0 || scope.parent !== undefined || own === undefined)
    return undefined;
  const all = valueAt(variables, [String(name), 'value', ...namesIn(rest)]);
  if (!isObject(all) || Object.keys(all).length !== own.length) return undefined;
  const areSame = () => own.every((key) => Object.hasOwn(all, String(key)));
  return once(all, own, areSame) ? all[String(index)] : undefined;
}

/** The keys that `each.value` gives; empty if it gives none, or the plan does not have it. */
export function keysGiven({ references, value }: Clues): ReadonlySet<string> {
  const texts = references.flatMap((reference) => {
    const [head, second, ...rest] = stepsOf(reference);
    const found = head === 'each' && second === 'value' ? valueAt(value, namesIn(rest)) : undefined;
    return typeof found === 'string' || typeof found === 'number' ? [String(found)] : [];
  });
  return new Set(texts);
}

const namesIn = (steps: Steps) => steps.map((step) => (typeof step === 'object' ? step.key : step));

/**
 * The only one whose key is a part of the referring block's key, as `users` is of `users-GET`. It is a guess, made only if
 * `each.value` alone can give the key and every instance of the block has exactly one such part.
 */
export function byPartOfKey<T extends { readonly index: Index }>(
  all: readonly T[],
  { references, index, own }: Clues,
): T | undefined {
  if (typeof index !== 'string' || own === undefined) return undefined;
  if (!references.some((reference) => /^each\.value\b/.test(reference))) return undefined;
  if (references.some((reference) => /^(?:local|var|module|data|count)\b/.test(reference))) return undefined;
  if (all.some((one) => typeof one.index !== 'string' || one.index === '')) return undefined;
  const fits = (key: Index) => all.filter((one) => isPart(String(one.index), String(key)));
  return once(all, own, () => own.every((key) => fits(key).length === 1)) ? fits(index)[0] : undefined;
}

const known = new WeakMap<object, WeakMap<object, boolean>>();

/** What two objects that do not change give, computed once, since each instance of a block asks again. */
function once(one: object, other: object, compute: () => boolean): boolean {
  const answers = known.get(one) ?? new WeakMap<object, boolean>();
  known.set(one, answers);
  const answer = answers.get(other) ?? compute();
  answers.set(other, answer);
  return answer;
}

/** Whether a text is a part of another, with no letter or digit before and behind it. */
function isPart(part: string, whole: string): boolean {
  const isEdge = (character: string | undefined) =>
    character === undefined || !/[\p{L}\p{N}]/u.test(character);
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1))
    if (isEdge(whole[at - 1]) && isEdge(whole[at + part.length])) return true;
  return false;
}

const keyLists = new WeakMap<object, readonly Index[]>();

/** The keys of all instances of an instance's block; always the same list. */
export function keysOfBlock({ scope, mode, type, name }: Instance): readonly Index[] {
  const all = scope.instances.get(`${mode === 'data' ? 'data.' : ''}${type}.${name}`) ?? [];
  const keys = keyLists.get(all) ?? all.map(({ index }) => index);
  keyLists.set(all, keys);
  return keys;
}

/** Picks the instances with the reference's key, else those with the referring instance's key, else all. */
export function pick<T extends { readonly index: Index }>(
  all: readonly T[],
  steps: Steps,
  index: Index,
): readonly T[] {
  const [first] = steps.filter((step) => typeof step !== 'string');
  if (isKey(first)) return keyed(all).get(first.key) ?? [];
  if (all.length < 2 || index === undefined) return all;
  return keyed(all).get(index) ?? all;
}

type Keyed<T> = ReadonlyMap<Index, readonly T[]>;
/** Indexes of lists, since searching a list for each of its members takes quadratic time. Lists do not change. */
const keyedLists = new WeakMap<object, Keyed<unknown>>();

function keyed<T extends { readonly index: Index }>(all: readonly T[]): Keyed<T> {
  const known = keyedLists.get(all) as Keyed<T> | undefined;
  const made = known ?? Map.groupBy(all, ({ index }) => index);
  if (!known) keyedLists.set(all, made);
  return made;
}

const textLists = new WeakMap<object, ReadonlyMap<string, readonly Instance[]>>();

/** By keys as texts, since a count's may be written either way. */
export function byText(all: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> {
  const made = textLists.get(all) ?? Map.groupBy(all, ({ index }) => String(index));
  textLists.set(all, made);
  return made;
}

export const isKey = (step: Steps[number] | undefined): step is { readonly key: string | number } =>
  typeof step === 'object';
