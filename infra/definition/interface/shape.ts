import type { Json, JsonObject } from '../types.ts';
import { pointerTo } from './sample.ts';

/** What a template expects of one part of the body, as far as it has shown. */
export class Shape {
  kind: 'unknown' | 'text' | 'object' | 'list' = 'unknown';
  readonly members = new Map<string, Shape>();
  #item: Shape | undefined;

  /** @returns whether it was new. */
  become(kind: 'text' | 'object' | 'list'): boolean {
    const weaker = this.kind === 'unknown' || (this.kind === 'text' && kind !== 'text');
    if (weaker) this.kind = kind;
    return weaker;
  }

  get item(): Shape {
    this.#item ??= new Shape();
    return this.#item;
  }

  member(name: string): Shape {
    const known = this.members.get(name);
    if (known) return known;
    const shape = new Shape();
    this.members.set(name, shape);
    return shape;
  }
}

/** A value of the body that a marker can stand for. */
export interface Leaf {
  readonly pointer: string;
  /** The pointer with `*` for each index: all of one kind. */
  readonly pattern: string;
}

export interface BuiltBody {
  readonly body: Json;
  readonly leaves: readonly Leaf[];
}

/** In every object of a sample: where it shows up, the object went as a whole. */
export const OTHER = 'kpcOther';
/** How many elements a sample's lists have: with one, a list could not be told from a single value. */
export const ELEMENTS = 2;

/**
 * A body of that shape.
 * @param textOf the text of a leaf; undefined leaves it out.
 */
export function buildBody(root: Shape, textOf: (leaf: Leaf) => Json | undefined): BuiltBody {
  const leaves: Leaf[] = [];
  const build = (shape: Shape, pointer: string, pattern: string): Json | undefined => {
    switch (shape.kind) {
      case 'list':
        return Array.from({ length: ELEMENTS }, (_, index) =>
          build(shape.item, pointerTo(pointer, index), `${pattern}/*`),
        ).filter((item) => item !== undefined);
      case 'object': {
        const object: JsonObject = {};
        for (const [name, member] of [...shape.members, [OTHER, TEXT] as const]) {
          const value = build(member, pointerTo(pointer, name), pointerTo(pattern, name));
          if (value !== undefined) object[name] = value;
        }
        return object;
      }
      default: {
        const leaf = { pointer, pattern };
        leaves.push(leaf);
        return textOf(leaf);
      }
    }
  };
  const rooted = root.kind === 'list' || root.kind === 'object' ? root : OBJECT;
  return { body: build(rooted, '', '') ?? {}, leaves };
}

const TEXT = new Shape();
TEXT.kind = 'text';
const OBJECT = new Shape();
OBJECT.kind = 'object';
