import { isDeepStrictEqual } from 'node:util';
import type { Inputs } from './inputs.ts';
import { inputsIn } from './members.ts';
import { pointerTo, stepsOf } from './sample.ts';
import type { Input, Place } from './types.ts';

/** How a place changes when a client leaves out an input, known by its name as in `Inputs`. */

type InBody = Extract<Place, { from: 'body' | 'element' }>;

/** Whether what Kinesis gets from a place may be different without an input. */
export function dependsOn(place: Place, name: string, inputs: Inputs): boolean {
  return readsInput(place, name, inputs) || isMemberOf(place, name, inputs);
}

/**
 * A place with what applies without one of its inputs.
 * @param other what is rendered without the input.
 * @returns undefined where no place says both.
 */
export function withAbsent(
  place: Place,
  name: string,
  other: 'omitted' | Place,
  inputs: Inputs,
): Place | undefined {
  if ('fixed' in place) return place;
  const isPutThere = 'from' in place && place.put !== undefined;
  if (readsInput(place, name, inputs))
    return isPutThere ? withoutPut(place, other) : { ...place, whenAbsent: other };
  return 'from' in place && place.from === 'body'
    ? withDefault(place, name.slice(nameOf(place, inputs).length), other)
    : undefined;
}

/** An object into which the template puts some members only if the client sends what they are read from. */
function withoutPut(place: Extract<Place, { from: string }>, other: 'omitted' | Place): Place | undefined {
  if (other === 'omitted' || !('from' in other)) return undefined;
  const { put: some = {}, ...rest } = other;
  const { put: all = {}, ...own } = place;
  const isMore = Object.keys(some).some((at) => !Object.hasOwn(all, at));
  if (isMore || !isDeepStrictEqual(own, rest)) return undefined;
  const put = Object.entries(all).map(([at, member]): [string, Place] => {
    const whenAbsent = some[at] ?? 'omitted';
    return [at, isDeepStrictEqual(whenAbsent, member) ? member : { ...member, whenAbsent }];
  });
  return { ...own, put: Object.fromEntries(put) };
}

/**
 * An object into which the template puts a member that the client left out.
 * @param at the JSON pointer to the member in the object.
 */
function withDefault(place: InBody, at: string, other: 'omitted' | Place): Place | undefined {
  if (other === 'omitted' || !('from' in other) || other.put?.[at] === undefined) return undefined;
  const { put: some, ...rest } = other;
  const { [at]: whenAbsent, ...others } = some;
  const { put = {}, ...own } = place;
  if (!isDeepStrictEqual(own, rest) || !isDeepStrictEqual(put, others)) return undefined;
  const member: Place = { from: 'body', at: place.at + at, ...(whenAbsent && { whenAbsent }) };
  return { ...own, put: { ...put, [at]: member } };
}

/** Whether an input is a member of an object that a place prints. */
function isMemberOf(place: Place, name: string, inputs: Inputs): boolean {
  return 'from' in place && place.from === 'body' && name.startsWith(`${nameOf(place, inputs)}/`);
}

/** Whether a place reads the input with that name. */
export function readsInput(place: Place, name: string, inputs: Inputs): boolean {
  return inputsIn(place).some((input) => nameOf(input, inputs) === name);
}

/** The name of an input; the elements of one list share their names. */
export function nameOf(input: Input, { lists }: Pick<Inputs, 'lists'>): string {
  if (input.from !== 'body') return `${input.from}:${'name' in input ? input.name : ''}`;
  let pattern = '';
  let first = '';
  for (const step of stepsOf(input.at)) {
    const inList = lists.includes(first) && /^\d+$/.test(step);
    pattern = inList ? `${pattern}/*` : pointerTo(pattern, step);
    first = inList ? `${first}/0` : pointerTo(first, step);
  }
  return `body:${pattern}`;
}
