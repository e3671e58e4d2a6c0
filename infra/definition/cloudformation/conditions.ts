import { join, type Resolver, textOf } from '../functions.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';

/** Evaluates the conditions of a template, each once. */
export class Conditions {
  readonly #declared: JsonObject;
  readonly #resolver: Resolver;
  readonly #known = new Map<string, boolean>();
  /** The conditions that are being evaluated, to detect circular references. */
  readonly #open: string[] = [];

  constructor(declared: JsonObject, resolver: Resolver) {
    this.#declared = declared;
    this.#resolver = resolver;
  }

  holds(name: string, place: string): boolean {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#declared, name))
      return this.#resolver.fail(place, `Conditions has no ${name}; add it, or correct the name`);
    if (this.#open.includes(name)) {
      const circle = [...this.#open.slice(this.#open.indexOf(name)), name].join(' -> ');
      return this.#resolver.fail(`Conditions.${name}`, `circular reference ${circle}; break the cycle`);
    }
    this.#open.push(name);
    const outcome = this.#evaluate(this.#declared[name], `Conditions.${name}`);
    this.#open.pop();
    this.#known.set(name, outcome);
    return outcome;
  }

  #evaluate(value: Json | undefined, place: string): boolean {
    if (!isObject(value)) return this.#truth(value, place);
    const [[name, argument] = ['', null]] = Object.entries(value);
    const at = join(place, name);
    const terms = Array.isArray(argument) ? argument : [argument];
    const holds = (term: Json, index: number) => this.#evaluate(term, `${at}[${index}]`);
    switch (name) {
      case 'Condition':
        return this.holds(String(argument), place);
      case 'Fn::And':
        return terms.every(holds);
      case 'Fn::Or':
        return terms.some(holds);
      case 'Fn::Not':
        return !holds(terms[0] ?? null, 0);
      case 'Fn::Equals': {
        const [left, right] = terms.map((term, index) => this.#resolver.resolve(term, `${at}[${index}]`));
        return (textOf(left) ?? JSON.stringify(left)) === (textOf(right) ?? JSON.stringify(right));
      }
      default:
        return this.#truth(this.#resolver.resolve(value, place), place);
    }
  }

  #truth(value: Json | undefined, place: string): boolean {
    const text = textOf(value)?.toLowerCase();
    if (text === 'true' || text === 'false') return text === 'true';
    return this.#resolver.fail(place, 'a condition is needed here, such as Fn::Equals; correct it');
  }
}
