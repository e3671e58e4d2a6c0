import { TemplateError } from './scanner.ts';
import { changesOf, type Key, type Value, VtlList, VtlView } from './value.ts';

/**
 * A place in what a loop goes through: the items of a list, or the values of a map. As Java's, it refuses to go on
 * once items or keys were added or removed, unless it is at the end by then.
 */
export class Cursor {
  readonly #source: Value;
  readonly #changes: number;
  /** Of a map, or of what it gives of itself, what was there at first: values are read when it is their turn. */
  readonly #keys: readonly Key[] | undefined;
  #at = 0;

  /** Anything but a list and a map has no items. */
  constructor(source: Value) {
    this.#source = source;
    this.#changes = changesIn(source);
    if (source instanceof Map) this.#keys = [...source.keys()];
    else if (source instanceof VtlView) this.#keys = [...source.map.keys()];
    else if (!(source instanceof VtlList)) this.#keys = [];
  }

  get hasNext(): boolean {
    if (this.#keys !== undefined) return this.#at < this.#keys.length;
    return this.#at !== (this.#source as VtlList).items.length;
  }

  next(): Value {
    if (changesIn(this.#source) !== this.#changes)
      throw new TemplateError('a loop cannot go on after its list or map was made longer or shorter');
    const at = this.#at;
    this.#at += 1;
    if (this.#keys === undefined) return (this.#source as VtlList).items[at];
    const key = this.#keys[at] as Key;
    if (this.#source instanceof Map) return this.#source.get(key);
    return (this.#source as VtlView).itemAt(key);
  }
}

function changesIn(source: Value): number {
  if (source instanceof VtlList) return source.changes;
  return source instanceof Map ? changesOf(source) : 0;
}
