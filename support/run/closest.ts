import { closestMatch } from 'leven';

/**
 * `; did you mean TARGET?` where one of the known words is a slip away from what was written, else nothing.
 * Case does not count as a slip.
 */
export function didYouMean(written: string, known: readonly string[]): string {
  const alike = new Map(known.map((word) => [word.toLowerCase(), word]));
  const maxDistance = Math.max(1, Math.floor(written.length / 3));
  const found = closestMatch(written.toLowerCase(), [...alike.keys()], { maxDistance });
  return found === undefined ? '' : `; did you mean ${alike.get(found)}?`;
}
