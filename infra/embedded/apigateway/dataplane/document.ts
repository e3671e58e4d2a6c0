import { NumberText } from './json.ts';
import { type Value, VtlList } from './vtl/value.ts';

/**
 * Parses a body into template values, which templates can change. Keys keep the order of the text, even those that
 * look like numbers, and numbers keep their text.
 *
 * @throws SyntaxError
 */
export function parseDocument(text: string): Value {
  const trimmed = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const value = new Parser(trimmed).document();
  if (value !== undefined) return value;
  // Its message says what is wrong and where.
  JSON.parse(trimmed);
  throw new SyntaxError('JSON nests too deep');
}

/** Well above json-smart's limit, and well below the stack's. */
const MAX_DEPTH = 2_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them in strings
const NOT_PLAIN = /[\\\u0000-\u001f]/;

/** A recursive-descent parser; each method returns undefined if the text is not JSON. */
class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Value {
    const value = this.#value();
    this.#blanks();
    return this.#at === this.#text.length ? value : undefined;
  }

  #value(): Value {
    switch (this.#blanks()) {
      case 0x7b:
        return this.#nested('object');
      case 0x5b:
        return this.#nested('array');
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #nested(kind: 'object' | 'array'): Value {
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#depth += 1;
    this.#at += 1;
    const value = kind === 'object' ? this.#object() : this.#array();
    this.#depth -= 1;
    return value;
  }

  #object(): Value {
    const map = new Map<string, Value>();
    if (this.#takes(0x7d)) return map;
    do {
      if (this.#blanks() !== 0x22) return undefined;
      const key = this.#string();
      if (key === undefined || !this.#takes(0x3a)) return undefined;
      const value = this.#value();
      if (value === undefined) return undefined;
      map.set(key, value);
    } while (this.#takes(0x2c));
    return this.#takes(0x7d) ? map : undefined;
  }

  #array(): Value {
    const items: Value[] = [];
    if (this.#takes(0x5d)) return new VtlList(items, 'json');
    do {
      const item = this.#value();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#takes(0x2c));
    return this.#takes(0x5d) ? new VtlList(items, 'json') : undefined;
  }

  #string(): string | undefined {
    const from = this.#at;
    let end = this.#text.indexOf('"', from + 1);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) return undefined;
    this.#at = end + 1;
    const plain = this.#text.slice(from + 1, end);
    if (!NOT_PLAIN.test(plain)) return plain;
    try {
      return JSON.parse(this.#text.slice(from, end + 1)) as string;
    } catch {
      return undefined;
    }
  }

  /** An odd number of backslashes escapes the next character. */
  #isEscaped(at: number): boolean {
    let before = at - 1;
    while (this.#text.charCodeAt(before) === 0x5c) before -= 1;
    return (at - before) % 2 === 0;
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) return undefined;
    this.#at += text.length;
    const value = Number(text);
    return String(value) === text ? value : new NumberText(text);
  }

  #word(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) return undefined;
    this.#at += word.length;
    return value;
  }

  /** Consumes a character, and any blanks before it. */
  #takes(code: number): boolean {
    if (this.#blanks() !== code) return false;
    this.#at += 1;
    return true;
  }

  /** Skips blanks. @returns the next character. */
  #blanks(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }
}
