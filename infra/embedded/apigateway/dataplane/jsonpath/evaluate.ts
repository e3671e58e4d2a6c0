import { type Value, VtlList, type VtlMap } from '../vtl/value.ts';
import { ITEM, spend } from '../work.ts';
import { InvalidPath, JsonPathError, OutOfBounds, PathNotFound } from './error.ts';
import type { Filter } from './filter.ts';
import { callFunction } from './functions.ts';
import { isDefinite, isDefiniteStep, type Path, type PathStep } from './path.ts';
import { isTrue } from './predicate.ts';

export interface EvaluationOptions {
  /** A missing member is always an error, as a filter needs that only tests whether a path exists. */
  readonly requireMembers?: boolean;
}

/**
 * Evaluates a path with the semantics of Jayway's JsonPath 2.9.
 *
 * @param item the value at which the path begins. @param root the value of `$` in its filters.
 * @returns the value of a definite path, else a list of matches.
 * @throws PathNotFound if there is no match; JsonPathError
 */
export function evaluatePath(path: Path, item: Value, root: Value, options: EvaluationOptions = {}): Value {
  const evaluation = new Evaluation(path, root, options);
  evaluation.step(0, item);
  const { results } = evaluation;
  if (!isDefinite(path)) return new VtlList(results, 'json');
  if (results.length === 0) throw new PathNotFound('nothing is there');
  return results.at(-1);
}

class Evaluation {
  readonly results: Value[] = [];
  readonly #steps: readonly PathStep[];
  readonly #root: Value;
  readonly #requires: boolean;

  constructor({ steps }: Path, root: Value, { requireMembers = false }: EvaluationOptions) {
    this.#steps = steps;
    this.#root = root;
    this.#requires = requireMembers;
  }

  /** Continues from a value with the step at that index. */
  step(at: number, from: Value): void {
    spend(ITEM);
    const step = this.#steps[at];
    switch (step?.kind) {
      case undefined:
        this.results.push(from);
        return;
      case 'property':
        this.#properties(at, step.names, from);
        return;
      case 'indexes':
        if (this.#isList(at, from)) for (const index of step.indexes) this.#index(at, from, index);
        return;
      case 'slice':
        if (this.#isList(at, from)) this.#slice(at, from, step);
        return;
      case 'wildcard':
        this.#wildcard(at, from);
        return;
      case 'scan':
        this.#scan(at + 1, from);
        return;
      case 'filter':
        this.#filter(at, from, step.filter);
        return;
      case 'function':
        this.results.push(callFunction(step.name, from));
    }
  }

  #properties(at: number, names: readonly string[], from: Value): void {
    if (!(from instanceof Map)) {
      if (this.#isDefiniteBefore(at)) throw new PathNotFound('no object is there');
    } else if (names.length > 1 && this.#isLast(at)) {
      if (this.#requires && !names.every((name) => from.has(name)))
        throw new PathNotFound('a member is missing');
      this.results.push(
        new Map(names.filter((name) => from.has(name)).map((name) => [name, from.get(name)])),
      );
    } else {
      for (const name of names) this.#member(at, from, name);
    }
  }

  #member(at: number, from: VtlMap, name: string): void {
    if (from.has(name)) {
      this.step(at + 1, from.get(name));
      return;
    }
    const matters = this.#isLast(at) ? false : this.#isDefiniteBefore(at) && this.#isDefiniteAt(at);
    if (this.#requires || matters) throw new PathNotFound(`${name} is missing`);
  }

  /** An index out of bounds matches nothing, and neither does an index for which a later one is out of bounds. */
  #index(at: number, { items }: VtlList, index: number): void {
    const place = index < 0 ? items.length + index : index;
    if (place < 0 || place >= items.length) return;
    try {
      this.step(at + 1, items[place] ?? null);
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
    }
  }

  #slice(at: number, list: VtlList, { from, to }: { readonly from?: number; readonly to?: number }): void {
    const { length } = list.items;
    let [first, end] = [from ?? 0, Math.min(length, to ?? length)];
    if (to === undefined && first < 0) first = Math.max(0, length + first);
    if (from === undefined && end < 0) end = length + end;
    for (let index = first; index < end; index += 1) this.#index(at, list, index);
  }

  #wildcard(at: number, from: Value): void {
    if (from instanceof Map) {
      for (const name of namesOf(from)) this.#member(at, from, name);
    } else if (isList(from)) {
      for (let index = 0; index < from.items.length; index += 1) {
        try {
          this.#index(at, from, index);
        } catch (error) {
          if (!(error instanceof PathNotFound) || this.#requires) throw error;
        }
      }
    }
  }

  /** Tries the step at that index on a value and on all its descendants, outer before inner. */
  #scan(at: number, from: Value): void {
    spend(ITEM);
    const step = this.#steps[at] as PathStep;
    if (from instanceof Map) {
      if (this.#suits(step, at, from)) this.step(at, from);
      for (const name of namesOf(from)) this.#scan(at, from.get(name));
    } else if (isList(from)) {
      if (this.#suits(step, at, from)) {
        // Jayway's library then continues from the items, but finds only some of them.
        if (!this.#isLast(at))
          throw new JsonPathError(
            'a step behind a filter that a list itself passes is not supported in a JSONPath',
          );
        this.step(at, from);
      }
      for (const item of from.items) this.#scan(at, item);
    }
  }

  #suits(step: PathStep, at: number, model: Value): boolean {
    switch (step.kind) {
      case 'property':
        if (!(model instanceof Map)) return false;
        return !this.#isDefiniteAt(at) || step.names.every((name) => model.has(name));
      case 'indexes':
      case 'slice':
        return isList(model);
      case 'filter':
        return this.#accepts(step.filter, model);
      default:
        return true;
    }
  }

  #filter(at: number, from: Value, filter: Filter): void {
    if (from instanceof Map) {
      if (this.#accepts(filter, from)) this.step(at + 1, from);
    } else if (isList(from)) {
      for (const [index, item] of from.items.entries())
        if (this.#accepts(filter, item)) this.#index(at, from, index);
    } else if (this.#isDefiniteBefore(at)) {
      throw new InvalidPath('a JSONPath has a filter where neither an object nor a list is');
    }
  }

  #accepts(filter: Filter, item: Value): boolean {
    try {
      return isTrue(filter, { item, root: this.#root, evaluate: evaluatePath });
    } catch (error) {
      if (error instanceof InvalidPath) return false;
      throw error;
    }
  }

  #isList(at: number, value: Value): value is VtlList {
    if (isList(value)) return true;
    if (this.#isDefiniteBefore(at)) throw new PathNotFound('no list is there');
    return false;
  }

  #isLast(at: number): boolean {
    return at === this.#steps.length - 1;
  }

  #isDefiniteAt(at: number): boolean {
    return isDefiniteStep(this.#steps[at] as PathStep, this.#isLast(at));
  }

  #isDefiniteBefore(at: number): boolean {
    return this.#steps.slice(0, at).every((_step, before) => this.#isDefiniteAt(before));
  }
}

/** A Java list: arrays and views of a map are not lists. */
export function isList(value: Value): value is VtlList {
  return value instanceof VtlList && value.kind !== 'array' && !('map' in value);
}

/** @throws JsonPathError if a template has inserted a key that is not text: Java fails on it. */
export function namesOf(map: VtlMap): readonly string[] {
  const names = [...map.keys()];
  if (names.every((name) => typeof name === 'string')) return names;
  throw new JsonPathError('a JSONPath meets a key that is not a text');
}
