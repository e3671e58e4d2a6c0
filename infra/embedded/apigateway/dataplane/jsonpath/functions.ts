import { NumberText } from '../json.ts';
import { doubleText } from '../vtl/number.ts';
import { asNumber, type Value, VtlList, VtlView } from '../vtl/value.ts';
import { JsonPathError, OutOfBounds } from './error.ts';

/** Calls a function at the end of a path, such as `.length()`. @throws JsonPathError */
export function callFunction(name: string, model: Value): Value {
  const items =
    model instanceof VtlList && model.kind !== 'array' && !(model instanceof VtlView)
      ? model.items
      : undefined;
  switch (name) {
    case 'length':
    case 'size':
      return items?.length ?? (model instanceof Map ? model.size : null);
    case 'keys':
      return model instanceof Map ? new VtlView(model, 'keys') : null;
    case 'append':
      return model;
    case 'concat':
      return (items ?? []).filter((item) => typeof item === 'string').join('');
    case 'first':
    case 'last':
      return edgeOf(name, items);
    case 'min':
    case 'max':
    case 'avg':
    case 'sum':
    case 'stddev':
      return aggregate(name, items ?? []);
    default:
      throw new JsonPathError(`no such function in a JSONPath: ${name}`);
  }
}

/** Jayway's `last` does not find the only item of a list. */
function edgeOf(name: 'first' | 'last', items: readonly Value[] | undefined): Value {
  if (items === undefined) throw new JsonPathError(`${name} in a JSONPath needs a list`);
  if (name === 'last' && items.length < 2) throw new JsonPathError('last in a JSONPath needs two items');
  if (items.length === 0) throw new OutOfBounds('first in a JSONPath needs an item');
  return items.at(name === 'first' ? 0 : -1);
}

function aggregate(name: 'min' | 'max' | 'avg' | 'sum' | 'stddev', items: readonly Value[]): Value {
  const numbers = items.map(asNumber).filter((number) => number !== undefined);
  if (numbers.length === 0) throw new JsonPathError(`${name} in a JSONPath needs numbers`);
  const sum = numbers.reduce((total, number) => total + number, 0);
  const squares = numbers.reduce((total, number) => total + number * number, 0);
  const count = numbers.length;
  const results = {
    min: () => numbers.reduce((least, number) => Math.min(least, number), Number.MAX_VALUE),
    // The library starts with the smallest positive double, which is thus the maximum of negative numbers.
    max: () => numbers.reduce((most, number) => Math.max(most, number), Number.MIN_VALUE),
    avg: () => sum / count,
    sum: () => sum,
    stddev: () => Math.sqrt(squares / count - (sum * sum) / count / count),
  };
  return new NumberText(doubleText(results[name]()));
}
