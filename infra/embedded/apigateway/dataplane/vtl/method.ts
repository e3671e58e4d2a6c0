import { className } from './equality.ts';
import { TemplateError } from './scanner.ts';
import { type Value, VtlList } from './value.ts';

/**
 * A parameter's Java type. If no method accepts the arguments, Velocity renders nothing. Null is accepted by all but
 * the first four, but Java's method then throws unless the type is `Object`.
 */
export type Parameter =
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'Object'
  | 'String'
  | 'Integer'
  | 'Long'
  | 'Double'
  | 'Boolean'
  | 'String[]'
  | 'Collection'
  | 'Map'
  | 'null';

export interface Method<T> {
  readonly takes: readonly Parameter[];
  /** The type of any further arguments. */
  readonly more?: Parameter;
  readonly run: (self: T, args: readonly Value[]) => Value;
}

/** By name; the most specific overload comes first, as Velocity chooses it. */
export type Methods<T> = Readonly<Record<string, readonly Method<T>[]>>;

/** Velocity's value for a method that returns void. */
export const VOID = '';

export function method<T>(takes: readonly Parameter[], run: Method<T>['run']): Method<T> {
  return { takes, run };
}

export function variadic<T>(takes: readonly Parameter[], more: Parameter, run: Method<T>['run']): Method<T> {
  return { takes, more, run };
}

/** The first overload that accepts the arguments. @throws TemplateError if Java's method throws because of a null. */
export function choose<T>(overloads: readonly Method<T>[], args: readonly Value[]): Method<T> | undefined {
  const chosen = overloads.find(({ takes, more }) => {
    if (more === undefined ? takes.length !== args.length : takes.length > args.length) return false;
    return args.every((argument, index) => fits(argument, (takes[index] ?? more) as Parameter));
  });
  const isNull = (argument: Value, index: number) => {
    const type = chosen?.takes[index];
    return (argument ?? null) === null && type !== undefined && type !== 'Object' && type !== 'null';
  };
  if (args.some(isNull)) throw new TemplateError('a method was given null');
  return chosen;
}

function fits(value: Value, type: Parameter): boolean {
  if (type === 'Object') return true;
  const name = className(value);
  if (type === 'int') return name === 'Integer';
  if (type === 'long') return name === 'Integer' || name === 'Long';
  if (type === 'double') return name === 'Integer' || name === 'Long' || name === 'Double';
  if (type === 'boolean') return name === 'Boolean';
  if (value === undefined || value === null) return true;
  if (type === 'Collection') return value instanceof VtlList && value.kind !== 'array';
  return type !== 'null' && name === type;
}

/** `compareTo` accepts any object, and throws for one of another class. */
export function ofAnotherClass<T>(): Method<T> {
  return method(['Object'], () => {
    throw new TemplateError('compareTo was given a value of another class');
  });
}

export function within(index: number, least: number, most: number): number {
  if (index >= least && index <= most) return index;
  throw new TemplateError(`index ${index} is out of range ${least} to ${most}`);
}
