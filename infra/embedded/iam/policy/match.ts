/** Whether a text fits a pattern with `*` (any text) and `?` (any one character). */
export function matchesPattern(text: string, pattern: string): boolean {
  return new RegExp(`^${toExpression(pattern)}$`, 's').test(text);
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

function toExpression(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\/-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll(STAR, '\\*')
    .replaceAll(MARK, '\\?');
}
