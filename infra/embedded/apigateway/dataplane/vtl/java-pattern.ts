import { TemplateError } from './scanner.ts';

export interface PatternOptions {
  /** Java's flags; `i`, `s` and `u` are supported. */
  readonly flags?: string;
  /** Whether it must match the whole text. */
  readonly whole?: boolean;
  readonly global?: boolean;
}

/**
 * Converts a Java regular expression to JavaScript: the constructs that both support, with Java's meaning if they
 * differ (`.`, `$`, `\s`, ASCII classes).
 *
 * @throws TemplateError for an invalid pattern, and for one that only Java supports.
 */
export function javaPattern(
  pattern: string,
  { flags = '', whole = false, global = false }: PatternOptions = {},
): RegExp {
  const inline = /^\(\?([is]+)\)/.exec(pattern);
  const all = flags + (inline?.[1] ?? '');
  if (/[^isu]/.test(all))
    throw new TemplateError(`the flags ${all} of a regular expression are not supported`);
  const source = new Translation(pattern.slice(inline?.[0].length ?? 0), all.includes('s')).source();
  const own = `u${all.includes('i') ? 'i' : ''}${global ? 'g' : ''}`;
  try {
    return new RegExp(whole ? `^(?:${source})$` : source, own);
  } catch {
    throw new TemplateError(`${pattern} is not a valid regular expression`);
  }
}

const SPACES = ' \\t\\n\\x0B\\f\\r';
const LINE_ENDS = '\\n\\r\\u0085\\u2028\\u2029';
/** Java's ASCII classes, as the contents of brackets. */
const NAMED: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: SPACES,
  XDigit: '0-9a-fA-F',
  ASCII: '\\x00-\\x7F',
};

class Translation {
  readonly #pattern: string;
  readonly #dotAll: boolean;
  #at = 0;

  constructor(pattern: string, dotAll: boolean) {
    this.#pattern = pattern;
    this.#dotAll = dotAll;
  }

  source(): string {
    let out = '';
    while (this.#at < this.#pattern.length) out += this.#part();
    return out;
  }

  #part(): string {
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})(\??)(\+?)/y);
    if (quantifier) return quantifier[2] ? this.#refuse(quantifier[0]) : quantifier[0];
    const group = this.#take(/\((?:\?(?:[:=!]|<[=!]|<[a-zA-Z][a-zA-Z0-9]*>))?(?!\?)/y);
    if (group) return group[0];
    const plain = this.#take(/[^\\.$[\](){}*+?/]+|[|)]/y);
    if (plain) return plain[0];
    const char = this.#next();
    switch (char) {
      case '.':
        return this.#dotAll ? '[\\s\\S]' : `[^${LINE_ENDS}]`;
      case '$':
        return `(?=(?:\\r\\n|[${LINE_ENDS}])?$)`;
      case '[':
        return this.#brackets();
      case '\\':
        return this.#escape(false);
      case ']':
      case '}':
      case '/':
        return `\\${char}`;
      default:
        return this.#refuse(char);
    }
  }

  #brackets(): string {
    let out = this.#take(/\^/y) ? '[^' : '[';
    for (let first = true; ; first = false) {
      const char = this.#next();
      if (char === ']' && !first) return `${out}]`;
      if (char === '[' || char === ']' || (char === '&' && this.#take(/&/y)))
        this.#refuse(`${char} in brackets`);
      out += char === '\\' ? this.#escape(true) : '(){}/|'.includes(char) ? `\\${char}` : char;
    }
  }

  #escape(inBrackets: boolean): string {
    const named = this.#take(/([pP])\{(\w+)\}/y);
    const set = named ? NAMED[named[2] as string] : this.#take(/s/y) ? SPACES : undefined;
    if (set !== undefined) {
      if (named?.[1] === 'P') return inBrackets ? this.#refuse('\\P in brackets') : `[^${set}]`;
      return inBrackets ? set : `[${set}]`;
    }
    if (named) this.#refuse(`\\${named[0]}`);
    if (!inBrackets && this.#take(/S/y)) return `[^${SPACES}]`;
    const known = this.#take(
      inBrackets
        ? /[dDwWtnrf]|x[\da-fA-F]{2}|u[\da-fA-F]{4}/y
        : /[dDwWbBtnrf1-9]|x[\da-fA-F]{2}|u[\da-fA-F]{4}/y,
    );
    if (known) return `\\${known[0]}`;
    const char = this.#next();
    if (/[a-zA-Z\d]/.test(char)) this.#refuse(`\\${char}`);
    return /[\^$\\.*+?()[\]{}|/-]/.test(char) && (inBrackets || char !== '-') ? `\\${char}` : char;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#pattern);
    if (match !== null) this.#at = pattern.lastIndex;
    return match ?? undefined;
  }

  #next(): string {
    const char = this.#pattern[this.#at];
    if (char === undefined) return this.#refuse('an open end');
    this.#at += 1;
    return char;
  }

  #refuse(what: string): never {
    throw new TemplateError(`${what} is not supported in the regular expression ${this.#pattern}`);
  }
}
