import type { Json, JsonObject } from '../types.ts';
import { pointerTo } from './sample.ts';

/** The shape that a template expects for one part of the body, as far as it is known. */
export class Shape {
  kind: 'unknown' | 'text' | 'object' | 'list' = 'unknown';
  readonly members = new Map<string, Shape>();
  #item: Shape | undefined;

  /** @returns whether the kind was new. */
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

/** A value of the body that can be replaced by a marker. */
export interface Leaf {
  readonly pointer: string;
  /** The pointer with `*` for each index. */
  readonly pattern: string;
}

export interface BuiltBody {
  readonly body: Json;
  readonly leaves: readonly Leaf[];
}

/** A member that every object of a sample has: if it is rendered, the template prints the whole object. */
export const OTHER = 'kpcOther';
/** The length of lists in samples: with one element a list could not be distinguished from a single value. */
export const ELEMENTS = 2;

/**
 * Builds a body of that shape.
 * @param textOf returns the value of a leaf; undefined leaves it out.
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
