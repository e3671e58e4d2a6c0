import type { Expression, Nodes, Reference, Step } from '../../embedded/apigateway/dataplane/vtl/syntax.ts';

/**
 * What an expression of a template prints: whether any of it is the client's, and in which form. `raw` text needs to be
 * escaped between the quotes of JSON; of `safe` text, escaping changes nothing; `escaped` text was escaped, and its
 * apostrophes with it; `json` is JSON already; `unsure` may be any of these.
 */
export interface Origin {
  readonly isClients: boolean;
  readonly form: 'raw' | 'safe' | 'escaped' | 'json' | 'unsure';
}

const SAFE: Origin = { isClients: false, form: 'safe' };
/** Methods of texts, lists and maps whose result is as raw as the value itself. */
const KEEPING: ReadonlySet<string> = new Set([
  'toString',
  'trim',
  'toLowerCase',
  'toUpperCase',
  'substring',
  'concat',
  'get',
  'getOrDefault',
  'values',
  'entrySet',
  'keySet',
  'split',
]);
/** Methods that return a number, a Boolean or nothing. */
const TELLING: ReadonlySet<string> = new Set([
  'size',
  'length',
  'isEmpty',
  'contains',
  'containsKey',
  'equals',
  'indexOf',
  'matches',
  'hashCode',
  'startsWith',
  'endsWith',
]);
/** Methods that put their arguments into the list or map they are called on. */
const FILLING: ReadonlySet<string> = new Set(['put', 'putAll', 'add', 'addAll', 'set']);

/** Reads where the values of a template's references come from. */
export class Origins {
  readonly #known = new Map<string, Origin>();
  readonly #sources = new Map<string, Expression[]>();

  constructor(nodes: Nodes) {
    this.#collect(nodes);
  }

  of(reference: Reference): Origin {
    return this.#reference(reference, new Set());
  }

  #collect(nodes: Nodes): void {
    for (const node of nodes) {
      if (node.kind === 'reference') this.#fill(node.reference);
      else if (node.kind === 'set') {
        this.#add(node.target.name, node.value);
        this.#fromExpression(node.value);
      } else if (node.kind === 'foreach') {
        this.#add(node.variable, node.list);
        this.#fromExpression(node.list);
        this.#collect(node.body);
      } else if (node.kind === 'define') {
        this.#add(node.name, { kind: 'interpolated', nodes: node.body });
        this.#collect(node.body);
      } else if (node.kind === 'if')
        for (const { condition, body } of node.branches) {
          if (condition) this.#fromExpression(condition);
          this.#collect(body);
        }
    }
  }

  #fromExpression(expression: Expression): void {
    if (expression.kind === 'reference') this.#fill(expression.reference);
  }

  /** `$map.put('key', $value)` gives `$map` a value. */
  #fill({ name, steps }: Reference): void {
    for (const step of steps)
      if (step.kind === 'method' && FILLING.has(step.name))
        for (const value of step.args) this.#add(name, value);
  }

  #add(name: string, value: Expression): void {
    this.#sources.set(name, [...(this.#sources.get(name) ?? []), value]);
  }

  #reference({ name, steps }: Reference, open: ReadonlySet<string>): Origin {
    const [first, ...rest] = steps;
    if (name === 'input') return after(ofInput(first), rest, this, open);
    if (name === 'util') return after(this.#util(first, open), rest, this, open);
    return after(this.#variable(name, open), steps, this, open);
  }

  #variable(name: string, open: ReadonlySet<string>): Origin {
    const known = this.#known.get(name);
    if (known) return known;
    // What a variable adds to itself is what its other values are.
    if (open.has(name)) return SAFE;
    const origin = combined(
      (this.#sources.get(name) ?? []).map((value) => this.expression(value, new Set([...open, name]))),
    );
    if (open.size === 0) this.#known.set(name, origin);
    return origin;
  }

  #util(step: Step | undefined, open: ReadonlySet<string>): Origin {
    if (step?.kind !== 'method') return SAFE;
    const argument = combined(step.args.map((each) => this.expression(each, open)));
    switch (step.name) {
      case 'base64Encode':
      case 'urlEncode':
        return { ...argument, form: 'safe' };
      case 'escapeJavaScript':
        return { ...argument, form: argument.isClients ? 'escaped' : argument.form };
      default:
        return { ...argument, form: argument.isClients ? 'raw' : argument.form };
    }
  }

  expression(expression: Expression, open: ReadonlySet<string>): Origin {
    switch (expression.kind) {
      case 'literal':
        // Escaping alters what a literal holds of JSON.
        return typeof expression.value === 'string' && /["\\\n\r\t]/.test(expression.value)
          ? { isClients: false, form: 'unsure' }
          : SAFE;
      case 'reference':
        return this.#reference(expression.reference, open);
      case 'interpolated':
        return combined(this.#nodes(expression.nodes, open));
      case 'list':
        return combined(expression.items.map((item) => this.expression(item, open)));
      case 'map':
        return combined(expression.entries.map(([, value]) => this.expression(value, open)));
      case 'binary':
        return combined([this.expression(expression.left, open), this.expression(expression.right, open)]);
      default:
        return SAFE;
    }
  }

  #nodes(nodes: Nodes, open: ReadonlySet<string>): Origin[] {
    return nodes.flatMap((node): Origin[] => {
      if (node.kind === 'text') return [this.expression({ kind: 'literal', value: node.text }, open)];
      if (node.kind === 'reference') return [this.#reference(node.reference, open)];
      if (node.kind === 'if') return node.branches.flatMap(({ body }) => this.#nodes(body, open));
      return node.kind === 'foreach' ? this.#nodes(node.body, open) : [];
    });
  }
}

function ofInput(step: Step | undefined): Origin {
  if (step?.kind === 'method' && step.name === 'json') return { isClients: true, form: 'json' };
  return { isClients: true, form: 'raw' };
}

/** The origin of what a chain of steps makes of a value. */
function after(origin: Origin, steps: readonly Step[], origins: Origins, open: ReadonlySet<string>): Origin {
  let now = origin;
  for (const step of steps) {
    if (step.kind !== 'method' || FILLING.has(step.name)) continue;
    if (TELLING.has(step.name)) now = SAFE;
    else if (now.form === 'escaped') now = { ...now, form: ofEscaped(step) };
    else if (KEEPING.has(step.name)) {
      // The name of a member is not printed.
      const added = step.name === 'concat' ? step.args.map((each) => origins.expression(each, open)) : [];
      now = combined([now, ...added]);
    } else if (!isPlainReplacement(step)) now = { ...now, form: 'unsure' };
  }
  return now;
}

type Method = Extract<Step, { kind: 'method' }>;

/** Other methods may cut an escape, or change its letters. */
function ofEscaped(step: Method): Origin['form'] {
  if (isApostrophesBack(step)) return 'safe';
  return step.name === 'toString' || step.name === 'get' ? 'escaped' : 'unsure';
}

/** `replaceAll("\\'", "'")`, which takes the backslash from before an apostrophe. */
function isApostrophesBack({ name, args }: Method): boolean {
  const [from, to] = args.map((each) => (each.kind === 'literal' ? each.value : undefined));
  return (
    to === "'" && ((name === 'replaceAll' && from === "\\\\'") || (name === 'replace' && from === "\\'"))
  );
}

/** Whether a replacement adds nothing that JSON escapes, and so is no escaping of its own. */
function isPlainReplacement({ name, args }: Method): boolean {
  const to = args.at(-1);
  return /^replace(?:All|First)?$/.test(name) && to?.kind === 'literal' && !/["\\]/.test(String(to.value));
}

/** The origin of a value that may be any of these, or that consists of them. */
function combined(origins: readonly Origin[]): Origin {
  const isClients = origins.some((origin) => origin.isClients);
  const forms = new Set(origins.map(({ form }) => form));
  if (forms.size > 1) forms.delete('safe');
  const [form = 'safe'] = forms;
  return { isClients, form: forms.size > 1 ? 'unsure' : form };
}
