/**
 * A mapping template that cannot be parsed or rendered; on AWS such a call fails with 500
 * (docs/facts/templates.md#directives, AIR).
 */
export class TemplateError extends Error {}

/** A position in a source text. Patterns must be sticky. */
export class Scanner {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** Consumes the pattern. @returns the match, or undefined if it does not match; then the position is unchanged. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match;
  }

  looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.source);
  }

  /** @throws TemplateError if the pattern does not match. */
  expect(pattern: RegExp, what: string): RegExpExecArray {
    return this.take(pattern) ?? this.fail(`${what} expected`);
  }

  fail(problem: string): never {
    const lines = this.source.slice(0, this.at).split('\n');
    throw new TemplateError(
      `template cannot be parsed: ${problem} at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`,
    );
  }
}
