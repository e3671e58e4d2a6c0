/** Whether a text matches a pattern with `*` (any text) and `?` (any one character). */
export function matchesPattern(text: string, pattern: string): boolean {
  return matches(text, pattern);
}

/** As `matchesPattern`, but for each of an ARN's six parts, so that a `*` does not match across a colon. */
export function matchesArn(arn: string, pattern: string): boolean {
  const parts = arnParts(arn);
  const patterns = arnParts(pattern);
  return (
    parts.length === patterns.length &&
    parts.every((part, index) => matchesPattern(part, patterns[index] ?? ''))
  );
}

/** Private-use characters that represent a literal `*` and `?`; no name contains them. */
const STAR = '\uE000';
const MARK = '\uE001';

/** Escapes `*` and `?` in a text, for use in a pattern. */
export function asLiteral(text: string): string {
  return text.replaceAll('*', STAR).replaceAll('?', MARK);
}

/** Unescapes a pattern. */
export function asWritten(pattern: string): string {
  return pattern.replaceAll(STAR, '*').replaceAll(MARK, '?');
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Backtracks to the last `*` only, so that the time is at most the product of both lengths. */
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
