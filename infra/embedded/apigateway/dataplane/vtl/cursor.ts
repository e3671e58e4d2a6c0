import { TemplateError } from './scanner.ts';
import { changesOf, type Key, type Value, VtlList, VtlView } from './value.ts';

/**
 * A loop's iterator over the items of a list, or the values of a map. Like Java's, it fails after items or keys were
 * added or removed, unless it has reached the end.
 */
export class Cursor {
  readonly #source: Value;
  readonly #changes: number;
  /** For a map or one of its views, the keys at the start; each value is read in its iteration. */
  readonly #keys: readonly Key[] | undefined;
  #at = 0;

  /** Anything but a list or a map has no items. */
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
