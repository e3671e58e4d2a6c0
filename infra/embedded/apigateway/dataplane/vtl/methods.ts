import { spend, spendText } from '../work.ts';
import { className } from './equality.ts';
import { choose, type Methods } from './method.ts';
import { ARRAY_LIST, JSON_LIST, LIST, MAP, VIEW } from './methods-of-collections.ts';
import { BIG_NUMBER, BOOLEAN, DOUBLE, INTEGER, LONG } from './methods-of-numbers.ts';
import { STRING } from './methods-of-text.ts';
import { isNotEmulated } from './not-emulated.ts';
import { TemplateError } from './scanner.ts';
import { isHost, type Value, VtlList } from './value.ts';

/**
 * Calls a method as Velocity resolves it: by name and argument types.
 *
 * @returns undefined if Java has no such method for these arguments, which prints as nothing.
 * @throws TemplateError if Java's method throws, or if Java has the method and this project lacks it: both end the
 * rendering (the first is Velocity's behaviour, not recorded on AWS).
 */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  if (!CHEAP.has(name)) for (const value of [self, ...args]) spendOn(value);
  const result = called(self, name, args);
  if (typeof result === 'string') spendText(result.length);
  return result;
}

/** Methods that read a single item. */
const CHEAP = new Set(['charAt', 'containsKey', 'get', 'isEmpty', 'length', 'path', 'put', 'size']);

/** The cost of a method that reads all of a text, list or map. */
function spendOn(value: Value): void {
  if (typeof value === 'string') spendText(value.length / 8);
  else if (value instanceof VtlList) spend(value.size);
  else if (value instanceof Map) spend(value.size);
}

function called(self: Value, name: string, args: readonly Value[]): Value {
  if (isHost(self)) return self.call(name, args) ?? refuseKnown(self, name, args.length);
  const methods = methodsOf(self);
  const overloads = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const chosen = overloads === undefined ? undefined : choose(overloads, args);
  if (chosen !== undefined) return chosen.run(self as never, args);
  refuseKnown(self, name, args.length);
  if (args.length > 0 && overloads?.some(({ takes }) => takes.length === 0))
    throw new TemplateError(`${name} takes no arguments, but Velocity 1.7 passes them anyway and fails`);
  return undefined;
}

function refuseKnown(self: Value, name: string, args: number): undefined {
  if (isNotEmulated(className(self), name, args))
    throw new TemplateError(`the Java method ${className(self)}.${name} is not emulated`);
}

/** Resolves `.name` as Velocity does: a getter, a member of a map, or an `is` method. */
export function propertyOf(self: Value, name: string): Value {
  if (isHost(self)) return self.property(name);
  // The only getter of a map; any other name is a key.
  if (self instanceof Map && !/^[cC]lass$/.test(name)) return self.get(name);
  const suffix = name.charAt(0).toUpperCase() + name.slice(1);
  const found = [`get${suffix}`, `is${suffix}`].find((method) => hasMethod(self, method));
  return found === undefined ? undefined : callMethod(self, found, []);
}

/** Whether Java has this method without arguments; an array has only those of every object. */
function hasMethod(self: Value, name: string): boolean {
  if (isNotEmulated(className(self), name, 0)) return true;
  if (self instanceof VtlList && self.kind === 'array') return false;
  const methods = methodsOf(self);
  return Object.hasOwn(methods, name) && methods[name]?.some(({ takes }) => takes.length === 0) === true;
}

function methodsOf(self: Value): Methods<never> {
  switch (className(self)) {
    case 'String':
      return STRING;
    case 'Integer':
      return INTEGER;
    case 'Long':
      return LONG;
    case 'Double':
      return DOUBLE;
    case 'BigInteger':
    case 'BigDecimal':
      return BIG_NUMBER;
    case 'Boolean':
      return BOOLEAN;
    case 'Map':
      return MAP;
    case 'ArrayList':
      return (self as VtlList).kind === 'json' ? JSON_LIST : ARRAY_LIST;
    case 'SubList':
    case 'String[]':
      return LIST;
    default:
      return VIEW;
  }
}
