import { closestMatch } from 'leven';

/** The known word that differs from the given one by a typing error. Case is ignored. */
export function closest(written: string, known: readonly string[]): string | undefined {
  const alike = new Map(known.map((word) => [word.toLowerCase(), word]));
  const maxDistance = Math.max(1, Math.floor(written.length / 3));
  const lower = written.toLowerCase();
  const found =
    swapped(lower).find((word) => alike.has(word)) ?? closestMatch(lower, [...alike.keys()], { maxDistance });
  return found === undefined ? undefined : alike.get(found);
}

/** `; did you mean TARGET?` if a known word differs from the given one by a typing error, else an empty string. */
export function didYouMean(written: string, known: readonly string[]): string {
  const meant = closest(written, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** The word with each two neighbours changed about: one typing error, which counts as two differences. */
function swapped(word: string): string[] {
  return Array.from(
    { length: Math.max(word.length - 1, 0) },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  );
}
