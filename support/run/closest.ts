import { closestMatch } from 'leven';

/** The known word that differs from the given one by a typing error. Case is ignored. */
export function closest(written: string, known: readonly string[]): string | undefined {
  const alike = new Map(known.map((word) => [word.toLowerCase(), word]));
  const maxDistance = Math.max(1, Math.floor(written.length / 3));
  const found = closestMatch(written.toLowerCase(), [...alike.keys()], { maxDistance });
  return found === undefined ? undefined : alike.get(found);
}

/** `; did you mean TARGET?` if a known word differs from the given one by a typing error, else an empty string. */
export function didYouMean(written: string, known: readonly string[]): string {
  const meant = closest(written, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
