import { parseExpression, parseParameter, parseReference } from './expressions.ts';
import { Scanner, TemplateError } from './scanner.ts';
import type { Branch, Node, Nodes } from './syntax.ts';

const REMEMBERED = 500;
const parsed = new Map<string, Nodes>();

/**
 * Parses a template with the grammar of Apache Velocity 1.7, whose results match AWS's recorded ones, and caches it:
 * an API has few templates, which are rendered for every call.
 *
 * @throws TemplateError
 */
export function parseTemplate(source: string): Nodes {
  const known = parsed.get(source);
  if (known) return known;
  const nodes = parseText(source);
  const last = nodes.at(-1);
  // A lone `$` at the end is refused by AWS (docs/facts/templates.md#directives, AIR), a lone `#` by Velocity.
  if (last?.kind === 'text' && /^[$#]$/.test(last.text) && !source.endsWith(']]#'))
    throw new TemplateError(`template ends in a lone ${last.text}`);
  if (parsed.size >= REMEMBERED) parsed.delete(parsed.keys().next().value as string);
  parsed.set(source, nodes);
  return nodes;
}

/** A template, or the contents of a double-quoted literal, which is also a template. */
function parseText(source: string): Nodes {
  const scanner = new Scanner(source);
  const nodes = parseBlock(scanner);
  if (!scanner.atEnd) scanner.fail('nothing is open that is closed here');
  return nodes;
}

/** After a directive, the rest of a blank line is removed, including its line end. */
const REST_OF_LINE = /(?:[ \t]*(?:\r\n|\n|\r))?/y;
const CLOSING = /#(?:(?:end|else|elseif)(?!\w)|\{(?:end|else|elseif)\})/y;
const DIRECTIVE = /#(?:([a-zA-Z_]\w*)|\{([a-zA-Z_]\w*)\})/y;
const ESCAPABLE = /\$!?\{?[a-zA-Z_]|#\{?(?:if|elseif|else|end|set|foreach|define|macro|break|stop)(?!\w)/y;

/** Parses nodes until the end of the text or a directive that closes a block. */
function parseBlock(scanner: Scanner): Nodes {
  const nodes: Node[] = [];
  const addText = (text: string) => nodes.push({ kind: 'text', text });
  while (!scanner.atEnd && !scanner.looksAt(CLOSING)) {
    // Blanks between a directive, a reference or a comment and a #set are removed; after text, including a line end,
    // they stay (the first is Velocity's, the second also AWS's: docs/facts/templates.md#directives, AIR).
    scanner.take(/[ \t]+(?=#(?:set|\{set\})\s*\()/y);
    const plain = scanner.take(/[^$#\\]+/y) ?? scanner.take(/##[^\n]*\n?|#\*[\s\S]*?(?:\*#|$)/y);
    if (plain) {
      if (!plain[0].startsWith('#')) addText(plain[0]);
      continue;
    }
    const raw = scanner.take(/#\[\[([\s\S]*?)\]\]#/y);
    if (raw) {
      addText(raw[1] as string);
      continue;
    }
    if (scanner.looksAt(/#\[\[/y)) scanner.fail('raw text is not closed');
    const backslashes = scanner.take(/\\+/y);
    if (backslashes && !scanner.looksAt(ESCAPABLE)) {
      addText(backslashes[0]);
      continue;
    }
    if (backslashes) {
      addText(escaped(scanner, backslashes[0].length));
      continue;
    }
    const from = scanner.at;
    const reference = parseReference(scanner, parseText);
    if (reference) nodes.push({ kind: 'reference', reference, from, to: scanner.at });
    else if (scanner.looksAt(DIRECTIVE)) nodes.push(...parseDirective(scanner));
    else addText(scanner.expect(/[\s\S]/y, 'text')[0]);
  }
  return nodes;
}

/** Before a reference or directive, two backslashes become one, and an odd one escapes what follows. */
function escaped(scanner: Scanner, backslashes: number): string {
  const kept = '\\'.repeat(Math.floor(backslashes / 2));
  if (backslashes % 2 === 0) return kept;
  const from = scanner.at;
  if (parseReference(scanner, parseText) === undefined) scanner.take(DIRECTIVE);
  return kept + scanner.source.slice(from, scanner.at);
}

function parseDirective(scanner: Scanner): Node[] {
  const from = scanner.at;
  const match = scanner.expect(DIRECTIVE, 'a directive');
  const name = match[1] ?? match[2];
  switch (name) {
    case 'if':
      return [parseIf(scanner)];
    case 'set':
      return [parseSet(scanner)];
    case 'foreach':
      return [parseForeach(scanner)];
    case 'define': {
      const [, variable = ''] = scanner.expect(/\s*\(\s*\$([a-zA-Z_][\w-]*)\s*\)/y, 'a reference to define');
      return [{ kind: 'define', name: variable, body: parseBody(scanner) }];
    }
    case 'macro':
      scanner.expect(/\s*\([^)]*\)/y, 'the name of a macro');
      parseBody(scanner);
      return [];
    case 'break':
    case 'stop':
      return [{ kind: name }];
    default:
      takeArguments(scanner);
      // Printed, not run: #evaluate, #parse, #include and every macro (docs/facts/templates.md#directives, AIR).
      return [{ kind: 'text', text: scanner.source.slice(from, scanner.at) }];
  }
}

function takeArguments(scanner: Scanner): void {
  if (!scanner.take(/[ \t]*\(/y)) return;
  for (let depth = 1; depth > 0; ) {
    const part = scanner.expect(/"[^"]*"|'[^']*'|[()]|[^()"']+/y, 'the end of the arguments')[0];
    if (part === '(') depth += 1;
    else if (part === ')') depth -= 1;
  }
}

function parseCondition(scanner: Scanner) {
  scanner.expect(/\s*\(/y, 'a condition');
  const condition = parseExpression(scanner, parseText);
  scanner.expect(/\s*\)/y, 'the end of a condition');
  return condition;
}

function parseIf(scanner: Scanner): Node {
  const condition = parseCondition(scanner);
  scanner.take(REST_OF_LINE);
  const branches: Branch[] = [{ condition, body: parseBlock(scanner) }];
  while (scanner.take(/#(?:elseif(?!\w)|\{elseif\})/y)) {
    const next = parseCondition(scanner);
    scanner.take(REST_OF_LINE);
    branches.push({ condition: next, body: parseBlock(scanner) });
  }
  if (scanner.take(/#(?:else(?!\w)|\{else\})/y)) {
    scanner.take(REST_OF_LINE);
    branches.push({ condition: undefined, body: parseBlock(scanner) });
  }
  takeEnd(scanner);
  return { kind: 'if', branches };
}

function parseSet(scanner: Scanner): Node {
  scanner.expect(/\s*\(\s*/y, 'an assignment');
  const target = parseReference(scanner, parseText) ?? scanner.fail('a reference is expected');
  if (target.steps.at(-1)?.kind === 'method') scanner.fail('a method call cannot be assigned to');
  scanner.expect(/\s*=/y, 'an equals sign');
  const value = parseExpression(scanner, parseText);
  scanner.expect(/\s*\)/y, 'the end of an assignment');
  scanner.take(REST_OF_LINE);
  return { kind: 'set', target, value };
}

function parseForeach(scanner: Scanner): Node {
  const [, formal, plain] = scanner.expect(
    /\s*\(\s*\$!?(?:\{([a-zA-Z_][\w-]*)\}|([a-zA-Z_][\w-]*))\s+in(?!\w)/y,
    'a loop variable and in',
  );
  const list = parseParameter(scanner, parseText);
  scanner.expect(/\s*\)/y, 'the end of the loop');
  return { kind: 'foreach', variable: formal ?? plain ?? '', list, body: parseBody(scanner) };
}

function parseBody(scanner: Scanner): Nodes {
  scanner.take(REST_OF_LINE);
  const body = parseBlock(scanner);
  takeEnd(scanner);
  return body;
}

function takeEnd(scanner: Scanner): void {
  scanner.expect(/#(?:end(?!\w)|\{end\})/y, '#end');
  scanner.take(REST_OF_LINE);
}
