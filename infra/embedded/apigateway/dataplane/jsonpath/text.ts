import { spendText } from '../work.ts';
import { InvalidPath } from './error.ts';

/**
 * A position in the text of a path or a filter, with the operations of Jayway's CharacterIndex. Of whitespace, only
 * the blank is skipped; `end` is the index of the last character, not the one after it.
 */
export class PathText {
  readonly text: string;
  at = 0;
  end: number;

  constructor(text: string) {
    this.text = text;
    this.end = text.length - 1;
    this.trim();
  }

  /** The character at an index. @throws InvalidPath beyond the end of the text. */
  char(at = this.at): string {
    const found = this.text[at];
    if (found === undefined) throw new InvalidPath(`JSONPath ends early: ${this.text}`);
    return found;
  }

  get inBounds(): boolean {
    return this.at <= this.end;
  }

  /** At or beyond the last character: after a complete step, that character is ignored. */
  get atTail(): boolean {
    return this.at >= this.end;
  }

  skipBlanks(): this {
    while (this.at < this.end && this.text[this.at] === ' ') this.at += 1;
    return this;
  }

  trim(): this {
    this.skipBlanks();
    while (this.at < this.end && this.text[this.end] === ' ') this.end -= 1;
    return this;
  }

  /** The index of the next character that is not a blank. */
  significant(after = this.at): number {
    let at = after + 1;
    while (at <= this.end && this.text[at] === ' ') at += 1;
    return at;
  }

  /** That index, if it has the given character. */
  significantIs(char: string, after = this.at): number | undefined {
    const at = this.significant(after);
    return at <= this.end && this.text[at] === char ? at : undefined;
  }

  take(char: string): void {
    if (this.skipBlanks().char() !== char) this.fail(`${char} expected`);
    this.at += 1;
  }

  /** Consumes a word, if the text continues with it. */
  takes(word: string): boolean {
    this.skipBlanks();
    if (!this.text.startsWith(word, this.at) || this.at + word.length - 1 > this.end) return false;
    this.at += word.length;
    return true;
  }

  /** The index of the next unescaped occurrence of a character; undefined if there is none. */
  unescaped(char: string, after = this.at): number | undefined {
    for (let at = after + 1; at <= this.end; at += 1) {
      if (this.text[at] === '\\') at += 1;
      else if (this.text[at] === char) return at;
    }
    return undefined;
  }

  /**
   * The index of the bracket that closes the one at `from`; strings and, optionally, regular expressions are skipped.
   */
  closing(from: number, open: string, close: string, skipPatterns: boolean): number | undefined {
    spendText(this.end - from);
    let depth = 1;
    for (let at = from + 1; at <= this.end; at += 1) {
      for (const quote of skipPatterns ? ['quote', '/'] : ['quote']) {
        const char = this.text[at] as string;
        if (quote === 'quote' ? char !== "'" && char !== '"' : char !== '/') continue;
        at = (this.unescaped(char, at) ?? this.fail(`${char} is not closed`)) + 1;
      }
      if (this.text[at] === open) depth += 1;
      if (this.text[at] === close) depth -= 1;
      if (depth === 0) return at;
    }
    return undefined;
  }

  fail(problem: string): never {
    throw new InvalidPath(`not a JSONPath: ${this.text} (${problem} at ${this.at})`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', f: '\f', t: '\t', n: '\n', b: '\b' };

/** Decodes the escapes of a name or a string. @throws InvalidPath */
export function unescaped(text: string): string {
  return text.replace(/\\(?:u(.{0,4})|(.))/gs, (_all, code: string | undefined, char: string | undefined) => {
    if (code === undefined) return ESCAPES[char ?? ''] ?? (char as string);
    if (!/^[\da-fA-F]{4}$/.test(code)) throw new InvalidPath(`not a code of a character: ${code}`);
    return String.fromCharCode(Number.parseInt(code, 16));
  });
}
