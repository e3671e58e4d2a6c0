import type { Resolver } from '../functions.ts';
import { inWords } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';

/** The parameters of a template with the user's values. */
export class Parameters {
  readonly #declared: JsonObject;
  readonly #given: ReadonlyMap<string, string>;
  readonly #resolver: Resolver;

  constructor(declared: JsonObject, given: ReadonlyMap<string, string>, resolver: Resolver) {
    this.#declared = declared;
    this.#given = given;
    this.#resolver = resolver;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#declared, name);
  }

  /** Fails for a value that the template does not allow, even if nothing refers to it. */
  check(): void {
    for (const name of Object.keys(this.#declared)) {
      const value = this.#raw(name);
      if (value !== undefined) this.#checkValue(name, value);
    }
  }

  names(): string[] {
    return Object.keys(this.#declared);
  }

  /** The value of a parameter in its declared type: a string or a list of strings. */
  value(name: string, place: string): Json {
    const type = this.#typeOf(name);
    const value = this.#raw(name);
    if (value === undefined) {
      const cause = type.startsWith('AWS::SSM::')
        ? `the parameter ${name} is stored in SSM, which is not read`
        : `the parameter ${name} has no default`;
      return this.#resolver.fail(place, `${cause}; give it with --parameter ${name}=VALUE`);
    }
    return /CommaDelimitedList|^List<|<List</.test(type)
      ? value.split(',').map((item) => item.trim())
      : value;
  }

  #typeOf(name: string): string {
    const declaration = this.#declared[name];
    return isObject(declaration) ? String(declaration.Type ?? 'String') : 'String';
  }

  /** The raw value. For a parameter that is stored in SSM the default is its name in SSM, so it does not count. */
  #raw(name: string): string | undefined {
    const given = this.#given.get(name);
    if (given !== undefined) return given;
    const declaration = this.#declared[name];
    if (!isObject(declaration) || this.#typeOf(name).startsWith('AWS::SSM::')) return undefined;
    const { Default: value } = declaration;
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value.join(',') : String(value);
  }

  #checkValue(name: string, value: string): void {
    const declaration = this.#declared[name];
    if (!isObject(declaration)) return;
    const shown = declaration.NoEcho === true || declaration.NoEcho === 'true' ? 'the value' : `"${value}"`;
    const refuse = (why: string) =>
      this.#resolver.fail(
        `Parameters.${name}`,
        `${shown} ${why}; give another with --parameter ${name}=VALUE`,
      );
    const { AllowedValues: allowed, AllowedPattern: pattern } = declaration;
    const isList = /CommaDelimitedList|^List</.test(this.#typeOf(name));
    const items = isList ? value.split(',').map((item) => item.trim()) : [value];
    if (Array.isArray(allowed) && !items.every((item) => allowed.map(String).includes(item)))
      refuse(`is not one of ${inWords(allowed.map(String), 'or')}`);
    if (typeof pattern === 'string' && !isList && matches(pattern, value) === false)
      refuse(`does not match ${pattern}`);
    if (
      /Number/.test(this.#typeOf(name)) &&
      !items.every((item) => item !== '' && Number.isFinite(Number(item)))
    )
      refuse('is not a number');
    const bound = (key: string) => (declaration[key] === undefined ? undefined : Number(declaration[key]));
    const [minLength, maxLength, min, max] = ['MinLength', 'MaxLength', 'MinValue', 'MaxValue'].map(bound);
    if (minLength !== undefined && value.length < minLength)
      refuse(`is shorter than ${minLength} characters`);
    if (maxLength !== undefined && value.length > maxLength) refuse(`is longer than ${maxLength} characters`);
    if (min !== undefined && Number(value) < min) refuse(`is less than ${min}`);
    if (max !== undefined && Number(value) > max) refuse(`is more than ${max}`);
  }
}

/** @returns undefined for a Java pattern that JavaScript does not support. */
function matches(pattern: string, value: string): boolean | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return undefined;
  }
}
