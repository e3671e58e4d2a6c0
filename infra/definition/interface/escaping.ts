import { TemplateError } from '../../embedded/apigateway/dataplane/vtl/scanner.ts';
import type { Node, Nodes } from '../../embedded/apigateway/dataplane/vtl/syntax.ts';
import { parseTemplate } from '../../embedded/apigateway/dataplane/vtl/template.ts';
import { Origins } from './origins.ts';

/** What was changed in a template: each text with the one in its place. */
export interface Escaped {
  readonly template: string;
  readonly changes: readonly { readonly before: string; readonly after: string }[];
  /** The client's values that are printed as they are, with the reason. */
  readonly left: readonly Unescaped[];
}

interface Unescaped {
  readonly what: string;
  readonly line: number;
  readonly why: string;
  readonly isUnquoted: boolean;
}

type Printed = Extract<Node, { kind: 'reference' }>;
/** Whether a place is between the quotes of a JSON text; `unclear` where that depends on the request. */
type Quotes = 'inside' | 'outside' | 'nested' | 'unclear';

/** escapeJavaScript makes `\'` of `'`, which JSON does not know (docs/facts/templates.md). */
const APOSTROPHES_BACK = `.replaceAll("\\\\'", "'")`;

/**
 * Escapes the client's values between the quotes of a template's JSON. Of what a client sends, JSON reads the escaped
 * text as the text that was sent, so only a value that may be escaped already, or is not between quotes, is left.
 */
export function escapeTexts(template: string): Escaped {
  const nodes = parsed(template);
  if (nodes === undefined)
    return {
      template,
      changes: [],
      left: [{ what: 'the template', line: 1, why: 'it cannot be parsed', isUnquoted: false }],
    };
  // A template that is the client's body alone forwards the request as the client wrote it.
  if (/^\s*\$!?\{?input\.body\}?\s*$/.test(template)) return { template, changes: [], left: [] };
  const origins = new Origins(nodes);
  const changes: { before: string; after: string; from: number }[] = [];
  const left: Unescaped[] = [];
  for (const { node, quotes } of new Quoting(origins).places(nodes)) {
    const { isClients, form } = origins.of(node.reference);
    if (!isClients || form === 'safe') continue;
    if (quotes === 'outside' && form === 'json') continue;
    const before = template.slice(node.from, node.to);
    const after = escapedForm(template, node, form);
    const why = reasonToLeave(form, quotes, after);
    if (why === undefined) changes.push({ before, after: after as string, from: node.from });
    else {
      const line = template.slice(0, node.from).split('\n').length;
      left.push({ what: before, line, why, isUnquoted: quotes === 'outside' });
    }
  }
  let result = template;
  for (const { before, after, from } of [...changes].reverse())
    result = result.slice(0, from) + after + result.slice(from + before.length);
  return { template: result, changes: changes.map(({ before, after }) => ({ before, after })), left };
}

function parsed(template: string): Nodes | undefined {
  try {
    return parseTemplate(template);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

function reasonToLeave(form: string, quotes: Quotes, after: string | undefined): string | undefined {
  if (form === 'unsure') return 'it may be escaped or built of JSON already';
  if (quotes === 'outside')
    return 'it is outside of quotes; put a text in quotes, and have a validator demand a number';
  if (quotes === 'nested') return 'it is in JSON that is itself a text, where escaping once is not enough';
  if (quotes === 'unclear') return 'whether it is between quotes cannot be told';
  if (form === 'json') return '$input.json prints quotes of its own; use $input.path';
  return after === undefined ? 'its own quotes cannot stand in another text; hold it in a #set' : undefined;
}

/** A reference with its value escaped; undefined if it cannot be written inside a text. */
function escapedForm(template: string, { from, to }: Printed, form: string): string | undefined {
  const [, brace, rest = ''] = /^\$!?(\{?)([\s\S]*)$/.exec(template.slice(from, to)) ?? [];
  const text = brace ? rest.slice(0, -1) : rest;
  // What follows would become a step of the reference.
  const isContinued = /^(?:\.[a-zA-Z]|\[)/.test(template.slice(to));
  const printed = (call: string) => (isContinued ? `\${${call}}` : `$${call}`);
  if (form === 'escaped') return printed(text + APOSTROPHES_BACK);
  const inText = inSingleQuotes(text);
  // Convert to a string first: escapeJavaScript accepts nothing else.
  return inText && printed(`util.escapeJavaScript("$!${inText}")${APOSTROPHES_BACK}`);
}

/** The text of a reference with single quotes in place of double ones, where that means the same. */
function inSingleQuotes(text: string): string | undefined {
  if (/"[^"]*(?:'|\\u|\$[a-zA-Z_!{]|#|"")[^"]*"/.test(text)) return undefined;
  return text.replaceAll('"', "'");
}

/** Follows the quotes of the JSON that a template prints. */
class Quoting {
  readonly #origins: Origins;
  #isInside = false;
  #afterBackslash = false;
  #isNested = false;
  #isClear = true;

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** What #define holds is printed by the references to it. */
  *places(nodes: Nodes): Generator<{ node: Printed; quotes: Quotes }> {
    for (const node of nodes)
      if (node.kind === 'text') this.#read(node.text);
      else if (node.kind === 'reference') {
        yield { node, quotes: this.#quotes() };
        const { isClients, form } = this.#origins.of(node.reference);
        // A literal that holds quotes opens or closes a text.
        if (!isClients && form === 'unsure') this.#isClear = false;
      } else if (node.kind === 'if') {
        const ends: boolean[] = [];
        const start = this.#isInside;
        for (const { body } of node.branches) {
          this.#isInside = start;
          yield* this.places(body);
          ends.push(this.#isInside);
        }
        if (node.branches.every(({ condition }) => condition !== undefined)) ends.push(start);
        if (new Set(ends).size > 1) this.#isClear = false;
      } else if (node.kind === 'foreach') {
        const start = this.#isInside;
        yield* this.places(node.body);
        if (this.#isInside !== start) this.#isClear = false;
      }
  }

  #quotes(): Quotes {
    if (!this.#isClear) return 'unclear';
    if (!this.#isInside) return 'outside';
    return this.#isNested ? 'nested' : 'inside';
  }

  #read(text: string): void {
    for (const character of text)
      if (this.#afterBackslash) {
        this.#afterBackslash = false;
        if (character === '"') this.#isNested = true;
      } else if (character === '\\') this.#afterBackslash = this.#isInside;
      else if (character === '"') {
        this.#isInside = !this.#isInside;
        this.#isNested = false;
      }
  }
}
