import { ITEM, STEP, spend, spendText } from '../work.ts';
import { arithmetic, isArithmetic } from './arithmetic.ts';
import { Cursor } from './cursor.ts';
import { equal } from './equality.ts';
import { VtlLoop } from './loop.ts';
import { callMethod, propertyOf } from './methods.ts';
import { TemplateError } from './scanner.ts';
import type { Expression, Node, Nodes, Operator, Reference, Step } from './syntax.ts';
import { parseTemplate } from './template.ts';
import { isHost, keyOf, printed, putMember, type Value, VtlList, type VtlMap } from './value.ts';

/** AWS ends a `#foreach` after this many items (docs/facts/templates.md#variables, DOC). */
const FOREACH_LIMIT = 1000;
/** An iteration sets four variables, one of them a map. */
const ITERATION = 4 * STEP;
/** `#define` blocks may refer to each other; Java would overflow its stack. */
const DEPTH_LIMIT = 100;

/**
 * Renders a template with AWS's semantics (docs/facts/templates.md#values), which are those of Apache Velocity 1.7,
 * except that undefined references are empty (docs/facts/templates.md#velocity); `npm run oracle` compares them. Only
 * the template and its double-quoted literals are parsed; data never is.
 *
 * @throws TemplateError if AWS answers 500.
 */
export function render(source: string, variables: Readonly<Record<string, Value>>): string {
  return new Evaluator(variables).text(parseTemplate(source));
}

class Evaluator {
  readonly #variables: Map<string, Value>;
  readonly #defines = new Map<string, Nodes>();
  /** Loop variables whose item is null: until the next item, they hide outer variables of the same name (Velocity). */
  readonly #hidden = new Set<string>();
  #stopped = false;
  #broken = false;
  #depth = 0;

  constructor(variables: Readonly<Record<string, Value>>) {
    this.#variables = new Map(Object.entries(variables));
  }

  text(nodes: Nodes): string {
    let out = '';
    for (const node of nodes) {
      if (this.#stopped || this.#broken) break;
      out += this.#node(node);
    }
    return out;
  }

  #node(node: Node): string {
    spend(STEP);
    switch (node.kind) {
      case 'text':
        spendText(node.text.length);
        return node.text;
      case 'reference':
        return counted(printed(this.#reference(node.reference)));
      case 'if': {
        const branch = node.branches.find(
          ({ condition }) => condition === undefined || this.#isTrue(condition),
        );
        return branch === undefined ? '' : this.text(branch.body);
      }
      case 'foreach':
        return this.#foreach(node.variable, new Cursor(this.#value(node.list)), node.body);
      case 'set':
        this.#set(node.target, this.#value(node.value));
        return '';
      case 'define':
        this.#variables.delete(node.name);
        this.#defines.set(node.name, node.body);
        return '';
      case 'break':
        this.#broken = true;
        return '';
      case 'stop':
        this.#stopped = true;
        return '';
    }
  }

  #foreach(variable: string, items: Cursor, body: Nodes): string {
    const own = [variable, 'foreach', 'velocityCount', 'velocityHasNext'];
    const outer = own.map((name) => [name, this.#variables.get(name)] as const);
    const loop = new VtlLoop(outer[1]?.[1]);
    let out = '';
    for (let index = 0; index < FOREACH_LIMIT && items.hasNext; index += 1) {
      if (this.#stopped || this.#broken) break;
      const item = items.next();
      const { hasNext } = items;
      loop.turn(index, hasNext);
      spend(ITERATION);
      this.#variables.set(variable, item);
      this.#variables.set('foreach', loop);
      this.#variables.set('velocityCount', index + 1);
      this.#variables.set('velocityHasNext', hasNext);
      const hides = (item === undefined || item === null) && !this.#hidden.has(variable);
      if (hides) this.#hidden.add(variable);
      out += this.text(body);
      if (hides) this.#hidden.delete(variable);
    }
    this.#broken = false;
    for (const [name, value] of outer) {
      if (value === undefined) this.#variables.delete(name);
      else this.#variables.set(name, value);
    }
    return out;
  }

  /** Assigns nothing if the value is null, as after a division by zero, or if the target does not exist (Velocity). */
  #set({ name, steps }: Reference, value: Value): void {
    if (value === undefined || value === null) return;
    const last = steps.at(-1);
    if (last === undefined) {
      this.#variables.set(name, value);
      return;
    }
    const base = this.#walk(this.#variable(name), steps.slice(0, -1));
    if (last.kind === 'method') throw new TemplateError('#set cannot assign to a method call');
    const key = last.kind === 'property' ? last.name : this.#value(last.at);
    if (base instanceof Map) putMember(base, keyOf(placeIn(base, key)), value);
    else if (isHost(base) && last.kind === 'property') base.assign?.(last.name, value);
    else if (base instanceof VtlList && last.kind === 'index')
      callMethod(base, 'set', [placeIn(base, key), value]);
  }

  /**
   * An undefined reference is the empty string: it prints as nothing and is true (docs/facts/templates.md#directives).
   */
  #reference({ name, steps }: Reference): Value {
    const root = this.#variable(name);
    const defined = this.#defines.get(name);
    if (root === undefined && defined !== undefined) return this.#walk(this.#rendered(defined), steps) ?? '';
    return this.#walk(root, steps) ?? '';
  }

  #variable(name: string): Value {
    return this.#hidden.has(name) ? undefined : this.#variables.get(name);
  }

  #rendered(nodes: Nodes): string {
    if (this.#depth >= DEPTH_LIMIT) throw new TemplateError('template nests too deep');
    this.#depth += 1;
    const text = this.text(nodes);
    this.#depth -= 1;
    return text;
  }

  #walk(root: Value, steps: readonly Step[]): Value {
    let at = root;
    for (const step of steps) {
      if (at === undefined || at === null) return undefined;
      if (step.kind === 'method') at = this.#call(at, step.name, step.args);
      else if (step.kind === 'property') at = propertyOf(at, step.name);
      else at = elementOf(at, this.#value(step.at));
    }
    return at;
  }

  #call(self: Value, name: string, expressions: readonly Expression[]): Value {
    const args = expressions.map((expression) => this.#value(expression));
    return callMethod(self, name, args);
  }

  #value(expression: Expression): Value {
    spend(STEP);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'interpolated':
        return this.#rendered(expression.nodes);
      case 'reference':
        return this.#reference(expression.reference);
      case 'list':
        return new VtlList(expression.items.map((item) => this.#value(item)));
      case 'map':
        return new Map(
          expression.entries.map(([key, value]) => [keyOf(this.#value(key)), this.#value(value)]),
        );
      case 'range':
        return rangeOf(this.#value(expression.from), this.#value(expression.to));
      case 'not':
        return !this.#isTrue(expression.operand);
      case 'binary':
        return this.#operation(expression.operator, expression.left, expression.right);
    }
  }

  #operation(operator: Operator, first: Expression, second: Expression): Value {
    if (operator === '&&') return this.#isTrue(first) && this.#isTrue(second);
    if (operator === '||') return this.#isTrue(first) || this.#isTrue(second);
    const left = this.#value(first);
    const right = this.#value(second);
    if (operator === '==') return equal(left, right);
    if (operator === '!=') return !equal(left, right);
    return operator === '+' && (typeof left === 'string' || typeof right === 'string')
      ? counted(printed(left) + printed(right))
      : arithmetic(operator, left, right);
  }

  /**
   * A reference is true unless it is null or false (docs/facts/templates.md#directives, AIR): 0, "" and empty
   * collections are true. Any other expression is true only if its value is the Boolean true; strings and sums are not
   * even evaluated (Velocity).
   */
  #isTrue(expression: Expression): boolean {
    switch (expression.kind) {
      case 'reference':
        return this.#value(expression) !== false;
      case 'literal':
      case 'not':
        return this.#value(expression) === true;
      case 'binary':
        return !isArithmetic(expression.operator) && this.#value(expression) === true;
      default:
        return false;
    }
  }
}

/** Counts a string that a template built, since larger ones may be built from it. */
function counted(text: string): string {
  spendText(text.length);
  return text;
}

function elementOf(self: Value, key: Value): Value {
  return isNegative(key) || self instanceof VtlList || self instanceof Map
    ? callMethod(self, 'get', [placeIn(self, key)])
    : undefined;
}

/**
 * A negative index counts from the end of a value that has a size, and is an error for any other value (Velocity 1.7).
 */
function placeIn(self: Value, key: Value): Value {
  if (!isNegative(key)) return key;
  if (self instanceof VtlList) return self.items.length + key;
  if (self instanceof Map) return (self as VtlMap).size + key;
  throw new TemplateError(`template has a negative index ${key} on what is not a list`);
}

function isNegative(key: Value): key is number {
  return typeof key === 'number' && key < 0;
}

function rangeOf(from: Value, to: Value): Value {
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  if (!Number.isInteger(from) || !Number.isInteger(to)) return undefined;
  const step = to < from ? -1 : 1;
  const length = Math.abs(to - from) + 1;
  spend(length * ITEM);
  return new VtlList(Array.from({ length }, (_, index) => from + index * step));
}
