import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../types.ts';
import { inputOf } from './inputs.ts';
import { isData, type MemberPath, membersIn, type Observation, textOfMember } from './members.ts';
import { isBroken } from './rendering.ts';
import type { Sample } from './sample.ts';
import { ELEMENTS, OTHER } from './shape.ts';
import type { Input, Place } from './types.ts';

/** What the renderings of one template with fewer inputs show. */
interface Seen {
  /** The names of the inputs that a client may leave out. */
  readonly names: readonly string[];
  /** The rendering with all inputs. */
  readonly request: JsonObject;
  without(names: readonly string[]): Observation;
  /** Where a value of a rendering most likely comes from. */
  likely(sample: Sample, path: MemberPath, value: Json): Place;
  /** Called with what the interface cannot hold. */
  unclear(path: MemberPath, why: string): void;
}

/** Without conditions in its template, nothing fixed depends on an input. */
export function hasConditions(template: string): boolean {
  return /#\{?(?:if|elseif)/.test(template);
}

/** Determines which fixed members depend on whether an input is given. */
export class Presence {
  readonly #seen: Seen;

  constructor(seen: Seen) {
    this.#seen = seen;
  }

  /**
   * Determines whether a fixed value depends on an input's being given.
   * @param absent the inputs that are left out for the value to be this.
   */
  placeOf(
    path: MemberPath,
    place: Extract<Place, { fixed: Json }>,
    names: readonly string[] = this.#seen.names,
    absent: readonly string[] = [],
  ): Place {
    const others = names.flatMap((name) => {
      const other = this.#other(path, place, [...absent, name]);
      return other === undefined ? [] : [{ name, other }];
    });
    const [first, ...more] = others;
    if (first === undefined) {
      // Several inputs may each be enough for the value.
      if (names.length > 1 && this.#other(path, place, [...absent, ...names]) !== undefined)
        this.#seen.unclear(path, `it is different without ${names.join(', ')}`);
      return place;
    }
    for (const { name } of more) this.#seen.unclear(path, `it is different without ${name}`);
    const { name, other } = first;
    const rest = names.filter((each) => each !== name);
    const whenAbsent =
      typeof other === 'object' && 'fixed' in other
        ? this.placeOf(path, other, rest, [...absent, name])
        : other;
    return { ...place, given: this.#inputFor(path, name), whenAbsent };
  }

  /** What a fixed member is without these inputs; undefined if it is the same, or if nothing is known about it. */
  #other(
    path: MemberPath,
    { fixed }: { readonly fixed: Json },
    absent: readonly string[],
  ): 'omitted' | Place | undefined {
    const { sample, rendered } = this.#seen.without(absent);
    if (isBroken(rendered)) return undefined;
    const members = membersIn(rendered.request);
    const value = members.get(path);
    if (value === undefined) {
      // A record that is left out as a whole says nothing about its members.
      const record = /^Records\/\d+\//.exec(path)?.[0];
      const isThere = record === undefined || [...members.keys()].some((other) => other.startsWith(record));
      return isThere ? 'omitted' : undefined;
    }
    const own = isData(path) ? textOfMember(path, value) : value;
    return isDeepStrictEqual(own, fixed) ? undefined : this.#seen.likely(sample, path, value);
  }

  /** The input of that name; in a list, that of the element from which the record is made. */
  #inputFor(path: MemberPath, name: string): Input {
    const input = inputOf(name);
    if (input.from !== 'body') return input;
    const { Records: records } = this.#seen.request;
    const skipped = Array.isArray(records) ? Math.max(0, ELEMENTS - records.length) : 0;
    const index = skipped + Number(/^Records\/(\d+)\//.exec(path)?.[1] ?? 0);
    return { ...input, at: input.at.replace('/*', `/${index}`).replaceAll('/*', '/0') };
  }

  /** Finds members that exist only when the client leaves out an input. */
  othersThan(places: ReadonlyMap<MemberPath, Place>): void {
    for (const name of this.#seen.names) {
      const { rendered } = this.#seen.without([name]);
      if (isBroken(rendered)) continue;
      for (const path of membersIn(rendered.request).keys())
        if (!places.has(path) && !path.split('/').includes(OTHER))
          this.#seen.unclear(path, `it is there only without ${name}`);
    }
  }
}
