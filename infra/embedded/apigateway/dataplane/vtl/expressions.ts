import { NumberText } from '../json.ts';
import { doubleText } from './number.ts';
import type { Scanner } from './scanner.ts';
import type { Expression, Nodes, Operator, Reference, Step } from './syntax.ts';

/** Names may contain hyphens in Velocity 1.x: `$elem.partition-key` (docs/facts/templates.md#names). */
const NAME = /[a-zA-Z_][\w-]*/y;
const BLANKS = /\s*/y;
const PARAMETER_OR_CLOSE = /\(\s*(?:[$"'[{)a-zA-Z]|-?\.?\d)/y;

/** From lowest to highest precedence; operators of one level are left-associative. */
const LEVELS: readonly RegExp[] = [
  /\s*(\|\||or\b)/y,
  /\s*(&&|and\b)/y,
  /\s*(==|!=|eq\b|ne\b)/y,
  /\s*(<=|>=|<|>|lt\b|le\b|gt\b|ge\b)/y,
  // A minus right before a digit belongs to the number, as in Velocity.
  /\s*(\+|-(?![\d.]))/y,
  /\s*([*/%])/y,
];

const WORDS: Readonly<Record<string, Operator>> = {
  or: '||',
  and: '&&',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** Parses the inside of a double-quoted literal. */
export type ParseText = (text: string) => Nodes;

/** An expression, as in `#if` and `#set`: operators around parameters. */
export function parseExpression(scanner: Scanner, parseText: ParseText, level = 0): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(scanner, parseText);
  let left = parseExpression(scanner, parseText, level + 1);
  for (let match = scanner.take(operators); match !== undefined; match = scanner.take(operators)) {
    const word = match[1] as string;
    const right = parseExpression(scanner, parseText, level + 1);
    left = { kind: 'binary', operator: WORDS[word] ?? (word as Operator), left, right };
  }
  return left;
}

function parseUnary(scanner: Scanner, parseText: ParseText): Expression {
  if (scanner.take(/\s*(?:!|not\b)/y)) return { kind: 'not', operand: parseUnary(scanner, parseText) };
  if (!scanner.take(/\s*\(/y)) return parseParameter(scanner, parseText);
  const inner = parseExpression(scanner, parseText);
  scanner.expect(/\s*\)/y, 'a closing parenthesis');
  return inner;
}

/** An argument, an index, a list item or the operand of `in`: no operators. */
export function parseParameter(scanner: Scanner, parseText: ParseText): Expression {
  scanner.take(BLANKS);
  const string = scanner.take(/"((?:[^"]|"")*)"|'((?:[^']|'')*)'/y);
  if (string) return stringLiteral(string, parseText);
  if (scanner.take(/\[/y)) return parseList(scanner, parseText);
  if (scanner.take(/\{/y)) return parseMap(scanner, parseText);
  const number = scanner.take(/-?\d+(?=\.\.)|-?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?|-?\d+/y);
  if (number) return { kind: 'literal', value: numberValue(number[0]) };
  const boolean = scanner.take(/(true|false)\b/y);
  if (boolean) return { kind: 'literal', value: boolean[1] === 'true' };
  const reference = parseReference(scanner, parseText);
  return reference === undefined ? scanner.fail('a value is expected') : { kind: 'reference', reference };
}

/** In either kind of quotes, a doubled quote is a literal one; only double quotes support escapes and references. */
function stringLiteral([, double, single]: RegExpExecArray, parseText: ParseText): Expression {
  if (double === undefined) return { kind: 'literal', value: (single ?? '').replaceAll("''", "'") };
  const text = double
    .replace(/\\u([0-9a-fA-F]{4})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('""', '"');
  return /[$#]/.test(text)
    ? { kind: 'interpolated', nodes: parseText(text) }
    : { kind: 'literal', value: text };
}

function parseList(scanner: Scanner, parseText: ParseText): Expression {
  if (scanner.take(/\]/y)) return { kind: 'list', items: [] };
  const first = parseParameter(scanner, parseText);
  if (scanner.take(/\s*\.\./y)) {
    const to = parseParameter(scanner, parseText);
    scanner.expect(/\s*\]/y, 'the end of a range');
    return { kind: 'range', from: first, to };
  }
  const items = [first];
  while (scanner.take(/\s*,/y)) items.push(parseParameter(scanner, parseText));
  scanner.expect(/\s*\]/y, 'the end of a list');
  return { kind: 'list', items };
}

function parseMap(scanner: Scanner, parseText: ParseText): Expression {
  if (scanner.take(/\s*\}/y)) return { kind: 'map', entries: [] };
  const entries: [Expression, Expression][] = [];
  do {
    const key = parseParameter(scanner, parseText);
    scanner.expect(/\s*:/y, 'a colon');
    entries.push([key, parseParameter(scanner, parseText)]);
  } while (scanner.take(/\s*,/y));
  scanner.expect(/\s*\}/y, 'the end of a map');
  return { kind: 'map', entries };
}

function numberValue(text: string): number | NumberText {
  const value = Number(text);
  if (!/^-?\d+$/.test(text)) return new NumberText(doubleText(value));
  return Number.isSafeInteger(value) ? value : new NumberText(text.replace(/^(-?)0+(?=\d)/, '$1'));
}

/**
 * A reference: `$a`, `$!a`, `${a}` or `$!{a}` with what follows the name. Undefined, with nothing consumed, if the
 * text only resembles a reference.
 */
export function parseReference(scanner: Scanner, parseText: ParseText): Reference | undefined {
  const open = scanner.take(/\$!?(\{?)(?=[a-zA-Z_])/y);
  if (open === undefined) return undefined;
  const name = scanner.expect(NAME, 'a name')[0];
  const steps: Step[] = [];
  for (let step = parseStep(scanner, parseText); step; step = parseStep(scanner, parseText)) steps.push(step);
  if (open[1]) scanner.expect(/\}/y, 'the end of a formal reference');
  return { name, steps };
}

function parseStep(scanner: Scanner, parseText: ParseText): Step | undefined {
  if (scanner.take(/\[/y)) {
    const at = parseParameter(scanner, parseText);
    scanner.expect(/\s*\]/y, 'the end of an index');
    return { kind: 'index', at };
  }
  if (!scanner.take(/\.(?=[a-zA-Z])/y)) return undefined;
  const name = scanner.expect(NAME, 'a name')[0];
  if (!scanner.looksAt(PARAMETER_OR_CLOSE)) return { kind: 'property', name };
  scanner.take(/\(\s*/y);
  if (scanner.take(/\)/y)) return { kind: 'method', name, args: [] };
  const args: Expression[] = [];
  do args.push(parseArgument(scanner, parseText));
  while (scanner.take(/\s*,/y));
  scanner.expect(/\s*\)/y, 'the end of the arguments');
  return { kind: 'method', name, args };
}

/** An argument may be a bare word, whose value is null: `$map.put('k', null)` (docs/facts/templates.md#values, AIR). */
function parseArgument(scanner: Scanner, parseText: ParseText): Expression {
  return scanner.take(/\s*(?!(?:true|false)\b)[a-zA-Z]\w*/y)
    ? { kind: 'literal', value: null }
    : parseParameter(scanner, parseText);
}
