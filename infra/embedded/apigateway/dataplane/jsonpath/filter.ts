import { parseDocument } from '../document.ts';
import { javaPattern } from '../vtl/java-pattern.ts';
import { TemplateError } from '../vtl/scanner.ts';
import type { Value } from '../vtl/value.ts';
import { InvalidPath, JsonPathError } from './error.ts';
import type { Path } from './path.ts';
import { PathText, unescaped } from './text.ts';

/** The contents of `[?( )]`. */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | {
      readonly kind: 'relation';
      readonly operator: Relation;
      readonly left: Operand;
      readonly right: Operand;
    };

export type Operand =
  | { readonly kind: 'path'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'value'; readonly value: Exclude<Value, undefined> }
  /** A number literal of the filter. */
  | { readonly kind: 'number'; readonly text: string }
  /** A JSON literal of the filter. On the left of an operator, Jayway treats it as text. */
  | { readonly kind: 'json'; readonly value: Value }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

const RELATIONS = [
  '>=',
  '<=',
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '>',
  '=~',
  'NIN',
  'IN',
  'CONTAINS',
  'ALL',
  'SIZE',
  'EXISTS',
  'TYPE',
  'MATCHES',
  'EMPTY',
  'SUBSETOF',
  'ANYOF',
  'NONEOF',
] as const;
export type Relation = (typeof RELATIONS)[number];

type CompilePath = (path: string) => Path;

/**
 * Compiles a filter, from its opening parenthesis to the closing one, with the grammar of Jayway's JsonPath 2.9. The
 * result is data; nothing in it is executed as code.
 *
 * @throws JsonPathError
 */
export function compileFilter(source: string, compilePath: CompilePath): Filter {
  const text = new PathText(source);
  const filter = readOr(text, compilePath);
  if (text.skipBlanks().inBounds) text.fail('the end of the filter expected');
  return filter;
}

function readOr(text: PathText, compilePath: CompilePath): Filter {
  const operands = [readAnd(text, compilePath)];
  while (takesOrReturns(text, '||')) operands.push(readAnd(text, compilePath));
  return operands.length === 1 ? (operands[0] as Filter) : { kind: 'or', operands };
}

function readAnd(text: PathText, compilePath: CompilePath): Filter {
  const operands = [readOperand(text, compilePath)];
  while (takesOrReturns(text, '&&')) operands.push(readOperand(text, compilePath));
  return operands.length === 1 ? (operands[0] as Filter) : { kind: 'and', operands };
}

function takesOrReturns(text: PathText, word: string): boolean {
  const before = text.at;
  if (text.takes(word)) return true;
  text.at = before;
  return false;
}

function readOperand(text: PathText, compilePath: CompilePath): Filter {
  const before = text.skipBlanks().at;
  if (text.char() === '!') {
    text.at += 1;
    // A `!` before a path belongs to the path.
    if (!'$@'.includes(text.skipBlanks().char()))
      return { kind: 'not', operand: readOperand(text, compilePath) };
    text.at = before;
  }
  if (text.char() !== '(') return readRelation(text, compilePath);
  text.at += 1;
  const inner = readOr(text, compilePath);
  text.take(')');
  return inner;
}

/** `left operator right`, or a path alone, which tests whether it exists. */
function readRelation(text: PathText, compilePath: CompilePath): Filter {
  const left = readValue(text, compilePath);
  const behind = text.at;
  try {
    const operator = readOperator(text);
    return { kind: 'relation', operator, left, right: readValue(text, compilePath) };
  } catch (error) {
    if (!(error instanceof InvalidPath) || left.kind !== 'path') throw error;
    text.at = behind;
    return { kind: 'exists', path: left.path, wanted: left.wanted };
  }
}

function readOperator(text: PathText): Relation {
  const from = text.skipBlanks().at;
  const part = isRelationChar(text.char()) ? isRelationChar : (char: string) => char !== ' ';
  while (text.inBounds && part(text.char())) text.at += 1;
  const word = text.text.slice(from, text.at).toUpperCase();
  return RELATIONS.find((relation) => relation === word) ?? text.fail(`${word} is not an operator`);
}

function isRelationChar(char: string): boolean {
  return '<>=~!'.includes(char);
}

function readValue(text: PathText, compilePath: CompilePath): Operand {
  const char = text.skipBlanks().char();
  if (char === '$' || char === '@') return readPathOperand(text, compilePath);
  if (char === '!') {
    text.at += 1;
    if ('$@'.includes(text.skipBlanks().char())) return readPathOperand(text, compilePath);
    text.fail('! expects a path');
  }
  switch (char) {
    case "'":
    case '"': {
      const close = text.unescaped(char) ?? text.fail(`${char} is not closed`);
      const inside = text.text.slice(text.at + 1, close);
      text.at = close + 1;
      return { kind: 'value', value: unescaped(inside) };
    }
    case 't':
      return readWord(text, 'true', true);
    case 'f':
      return readWord(text, 'false', false);
    case 'n':
      return readWord(text, 'null', null);
    case '{':
      return readJson(text, '{', '}');
    case '[':
      return readJson(text, '[', ']');
    case '/':
      return readPattern(text);
    default:
      return readNumber(text);
  }
}

function readWord(text: PathText, word: string, value: boolean | null): Operand {
  if (!text.takes(word)) text.fail(`${word} expected`);
  return { kind: 'value', value };
}

function readNumber(text: PathText): Operand {
  const from = text.at;
  while (text.inBounds && /[\d.eE-]/.test(text.char())) text.at += 1;
  const digits = text.text.slice(from, text.at);
  // Not an InvalidPath: Jayway's library does not backtrack from here.
  if (!isDecimal(digits))
    throw new JsonPathError(`not a JSONPath: ${text.text} (a value expected at ${from})`);
  return { kind: 'number', text: digits };
}

export function isDecimal(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

/** Strict JSON only; json-smart would accept more. */
function readJson(text: PathText, open: string, close: string): Operand {
  const end = text.closing(text.at, open, close, false) ?? text.fail(`${open} is not closed`);
  const source = text.text.slice(text.at, end + 1);
  text.at = end + 1;
  try {
    return { kind: 'json', value: parseDocument(singleQuotesDoubled(source)) };
  } catch {
    throw new JsonPathError(`not JSON in a filter: ${source}`);
  }
}

/** json-smart also accepts strings in single quotes, which most filters use. */
function singleQuotesDoubled(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\"]|\\[^'])*)'/g, (all, single: string | undefined) =>
    single === undefined ? all : `"${single}"`,
  );
}

function readPattern(text: PathText): Operand {
  const close = text.unescaped('/') ?? text.fail('/ is not closed');
  const source = text.text.slice(text.at + 1, close);
  const flags = /^[dixmsuU]*/.exec(text.text.slice(close + 1, text.end + 1))?.[0] ?? '';
  text.at = close + 1 + flags.length;
  try {
    return { kind: 'pattern', pattern: javaPattern(source, { flags, whole: true }) };
  } catch (error) {
    if (error instanceof TemplateError) throw new JsonPathError(error.message);
    throw error;
  }
}

/** Up to an operator, a blank, or a closing parenthesis that the path did not open. */
function readPathOperand(text: PathText, compilePath: CompilePath): Operand {
  const from = text.at;
  const wanted = previous(text, from) !== '!';
  text.at += 1;
  while (text.inBounds) {
    if (text.char() === '[')
      text.at = (text.closing(text.at, '[', ']', false) ?? text.fail('[ is not closed')) + 1;
    const char = text.char();
    if (!text.inBounds || isRelationChar(char) || char === ' ') break;
    if (char === ')' && !closesFunction(text, from)) break;
    text.at += 1;
  }
  return { kind: 'path', path: compilePath(text.text.slice(from, text.at)), wanted };
}

function previous(text: PathText, at: number): string {
  let before = at - 1;
  while (before > 0 && text.text[before] === ' ') before -= 1;
  return text.text[before] ?? ' ';
}

function closesFunction(text: PathText, from: number): boolean {
  let before = text.at - 1;
  while (before > from && text.text[before] === ' ') before -= 1;
  return text.text[before] === '(' && text.text.slice(from + 1, before).includes('.');
}
