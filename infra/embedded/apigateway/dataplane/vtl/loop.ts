import { callMethod } from './methods.ts';
import { TemplateError } from './scanner.ts';
import { printed, type Value, type VtlHost, type VtlMap } from './value.ts';

/**
 * `$foreach`: the position of a loop, and a map of what a template sets there (Velocity 1.7, ForeachScope). One object
 * serves all turns of its loop.
 */
export class VtlLoop implements VtlHost {
  readonly host = true;
  readonly #parent: VtlLoop | undefined;
  /** The value that the name had before the loop. */
  readonly #replaced: Value;
  readonly #own: VtlMap = new Map();
  #index = -1;
  #hasNext = false;

  constructor(before: Value) {
    if (before instanceof VtlLoop) this.#parent = before;
    else this.#replaced = before;
  }

  turn(index: number, hasNext: boolean): void {
    this.#index = index;
    this.#hasNext = hasNext;
  }

  /** A name may begin in either case, and a getter comes before what a template set. */
  property(name: string): Value {
    const getter = `get${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return GETTERS.has(getter) ? this.call(getter, []) : this.#own.get(name);
  }

  assign(name: string, value: Value): void {
    this.#own.set(name, value);
  }

  call(name: string, args: readonly Value[]): Value {
    switch (`${name}/${args.length}`) {
      case 'getIndex/0':
        return this.#index;
      case 'getCount/0':
        return this.#index + 1;
      case 'hasNext/0':
      case 'getHasNext/0':
        return this.#hasNext;
      case 'isFirst/0':
      case 'getFirst/0':
        return this.#index < 1;
      case 'isLast/0':
      case 'getLast/0':
        return !this.#hasNext;
      case 'getParent/0':
        return this.#parent;
      case 'getTopmost/0':
        return this.#parent?.call('getTopmost', []) ?? this;
      case 'getReplaced/0':
        return this.#replaced ?? this.#parent?.call('getReplaced', []);
      case 'getInfo/0':
        throw new TemplateError('the Java method ForeachScope.getInfo is not emulated');
      default:
        return callMethod(this.#own, name, args);
    }
  }

  text(): string {
    return printed(this.#own);
  }
}

const GETTERS: ReadonlySet<string> = new Set([
  'getIndex',
  'getCount',
  'getHasNext',
  'getFirst',
  'getLast',
  'getParent',
  'getTopmost',
  'getReplaced',
  'getInfo',
]);
