import { parseDocument } from '../document.ts';
import { spendText } from '../work.ts';
import { printed, type Value, type VtlHost } from './value.ts';

/**
 * `$util` (docs/facts/templates.md#variables). Arguments that are not text are printed first: base64 of a map is that
 * of `{k=v}`.
 */
export const util: VtlHost = {
  host: true,
  property: () => undefined,
  call: (name, [argument]) => {
    if (!Object.hasOwn(FUNCTIONS, name)) return undefined;
    const text = printed(argument);
    spendText(text.length * PASSES);
    return FUNCTIONS[name]?.(text);
  },
};

/** Reading a text character by character costs more than copying it. */
const PASSES = 3;

const FUNCTIONS: Readonly<Record<string, (text: string) => Value>> = {
  base64Decode: (text) => Buffer.from(text, 'base64').toString('utf8'),
  base64Encode: (text) => Buffer.from(encodable(text), 'utf8').toString('base64'),
  escapeJavaScript,
  parseJson: (text) => {
    try {
      return parseDocument(text);
    } catch {
      return undefined;
    }
  },
  urlDecode: (text) => {
    const spaced = text.replaceAll('+', ' ');
    try {
      return decodeURIComponent(spaced);
    } catch {
      return spaced;
    }
  },
  urlEncode: (text) =>
    encodeURIComponent(encodable(text))
      .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'),
};

/** A lone surrogate has no UTF-8 encoding; Java writes a question mark for it. */
function encodable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '?');
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '/': '\\/',
};

/**
 * A quote becomes `\'`, which is invalid JSON (docs/facts/templates.md#variables, DOC). As in the Java library of that
 * name, slashes and all non-ASCII characters are escaped as well (inferred, docs/facts/README.md#unrecorded).
 */
function escapeJavaScript(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are escaped
    /["'\\/\u0000-\u001f\u007f-\uffff]/g,
    (character) =>
      SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
