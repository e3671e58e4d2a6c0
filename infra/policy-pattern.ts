/** Whether a text fits a pattern with `*` (any text) and `?` (any one character). */
export function matchesPattern(text: string, pattern: string): boolean {
  return matches(text, pattern);
}

/** As `matchesPattern`, each of an ARN's six parts on its own, so that a `*` does not cross a colon. */
export function matchesArn(arn: string, pattern: string): boolean {
  const parts = arnParts(arn);
  const patterns = arnParts(pattern);
  return (
    parts.length === patterns.length &&
    parts.every((part, index) => matchesPattern(part, patterns[index] ?? ''))
  );
}

/** Stand for a `*` and a `?` that are themselves: private-use characters, of which no name is made. */
const STAR = '\uE000';
const MARK = '\uE001';

/** A text in which `*` and `?` mean nothing but themselves, as a part of a pattern. */
export function asLiteral(text: string): string {
  return text.replaceAll('*', STAR).replaceAll('?', MARK);
}

/** A pattern that is to be compared as it is. */
export function asWritten(pattern: string): string {
  return pattern.replaceAll(STAR, '*').replaceAll(MARK, '?');
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Goes back to the last `*` only, so that no pattern takes more than the product of both lengths. */
function matches(text: string, pattern: string): boolean {
  let [at, place, star, from] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = place;
      from = at;
      place += 1;
    } else if (wanted !== undefined && (wanted === '?' || literal(wanted) === text[at])) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      from += 1;
      at = from;
      place = star + 1;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}

function literal(char: string): string {
  if (char === STAR) return '*';
  return char === MARK ? '?' : char;
}
