import { compilePath } from '../../embedded/apigateway/dataplane/jsonpath/path.ts';
import { readJsonPath } from '../../embedded/apigateway/dataplane/jsonpath.ts';
import { render } from '../../embedded/apigateway/dataplane/vtl/evaluator.ts';
import { util } from '../../embedded/apigateway/dataplane/vtl/util.ts';
import {
  jsonText,
  type Key,
  printed,
  SilentMap,
  type Value,
  type VtlHost,
  VtlList,
} from '../../embedded/apigateway/dataplane/vtl/value.ts';
import { pointerTo } from './sample.ts';
import { ELEMENTS, type Shape } from './shape.ts';

/** What a template has read so far. It grows with each rendering. */
export interface Asked {
  /** `path:`, `query:` or `header:` and a name, or `any:` for `$input.params(NAME)`, which searches all three. */
  readonly params: Set<string>;
  readonly root: Shape;
  /** Members of `$context` whose values are not known beforehand, such as `authorizer.principalId`. */
  readonly context: Set<string>;
  readonly stageVariables: Set<string>;
}

/** One rendering to record: the input that is left out, and values that replace markers. */
export interface Trial {
  /** A name as in `Asked.params`, or the pattern of a body leaf such as `body:/records/*\/data`. */
  readonly absent?: string;
  readonly given?: readonly [name: string, value: string];
  /** All strings are numbers. */
  readonly numeric?: true;
}

/** The value of string inputs; only the template's own conditions look at it. */
const MARKER = 'a2V5MDAwMDAw';
const NUMBER = '7';
const WHOLE = '{"kpcWholeBody":true}';
const PLACES = { path: 'path', querystring: 'query', header: 'header' } as const;

/**
 * Renders a template with inputs that record what it reads. A rendering that fails has recorded the reads before.
 * @returns whether the template read anything new.
 */
export function traceReads(
  template: string,
  asked: Asked,
  trial: Trial,
  known: { readonly context: Value; readonly stageVariables: Readonly<Record<string, string>> },
): boolean {
  const recorder = new Recorder(asked, trial);
  try {
    render(template, {
      input: recorder.input(),
      context: recorder.context(known.context),
      stageVariables: new Noting((name) => {
        const value = known.stageVariables[name];
        if (value === undefined) recorder.note(asked.stageVariables, name);
        return value ?? MARKER;
      }),
      util: recorder.util(),
    });
  } catch {
    // Ignore the error: the actual rendering will report it.
  }
  recorder.settle();
  return recorder.changed;
}

class Recorder {
  changed = false;
  readonly #asked: Asked;
  readonly #trial: Trial;
  readonly #probes = new Set<Probe>();
  /** Values by the texts that `$input.json` and `$input.body` returned for them, for `$util.parseJson`. */
  readonly #texts = new Map<string, Value>();

  constructor(asked: Asked, trial: Trial) {
    this.#asked = asked;
    this.#trial = trial;
  }

  get #text(): string {
    return this.#trial.numeric ? NUMBER : MARKER;
  }

  note(set: Set<string>, name: string): void {
    if (set.has(name)) return;
    set.add(name);
    this.changed = true;
  }

  input(): VtlHost {
    const { root } = this.#asked;
    if (root.kind === 'text') root.kind = 'unknown';
    const document = this.value(root, '', '');
    this.#texts.set(WHOLE, document);
    const read = (path: Value) => {
      const text = path === undefined ? '$' : printed(path);
      // A recursive search would find the name in everything that it creates itself.
      if (compilePath(text).steps.some(({ kind }) => kind === 'scan' || kind === 'filter')) return this.#text;
      this.#touch(text);
      return readJsonPath(document, text);
    };
    return {
      host: true,
      property: (name) => (name === 'body' ? WHOLE : undefined),
      call: (name, [argument]) => {
        if (name === 'path') return read(argument) ?? null;
        if (name === 'json') {
          const found = read(argument);
          const text = found === undefined ? '""' : jsonText(found);
          this.#texts.set(text, found);
          return text;
        }
        if (name !== 'params') return undefined;
        return argument === undefined ? this.#allParams() : this.#param(`any:${printed(argument)}`);
      },
    };
  }

  util(): VtlHost {
    return {
      ...util,
      call: (name, args) => {
        const known = name === 'parseJson' ? this.#texts.get(printed(args[0])) : undefined;
        return known ?? util.call(name, args);
      },
    };
  }

  context(known: Value): Value {
    if (!(known instanceof Map)) return known;
    const authorizer = (prefix: string): Noting =>
      new Noting((name) => {
        if (name === 'claims') return authorizer(`${prefix}.claims`);
        this.note(this.#asked.context, `${prefix}.${name}`);
        return MARKER;
      });
    return new Map(known).set('authorizer', authorizer('authorizer'));
  }

  /** The value of a part of the body in this rendering. */
  value(shape: Shape, pointer: string, pattern: string): Value {
    const { absent, given } = this.#trial;
    if (absent === `body:${pattern}` && pattern !== '') return undefined;
    if (given?.[0] === `body:${pattern}`) return given[1];
    switch (shape.kind) {
      case 'text':
        return this.#text;
      case 'list':
        return new VtlList(
          Array.from({ length: ELEMENTS }, (_, index) =>
            this.value(shape.item, pointerTo(pointer, index), `${pattern}/*`),
          ),
          'json',
        );
      default: {
        const probe: Probe = new Probe(shape, (name) => {
          if (typeof name === 'number') {
            if (shape.become('list')) this.changed = true;
            return this.value(shape.item, pointerTo(pointer, 0), `${pattern}/*`);
          }
          if (shape.become('object') || !shape.members.has(name)) this.changed = true;
          return this.value(shape.member(name), pointerTo(pointer, name), pointerTo(pattern, name));
        });
        this.#probes.add(probe);
        return probe;
      }
    }
  }

  /** Treats parts that the template only printed or compared as strings. */
  settle(): void {
    for (const { shape, used } of this.#probes)
      if (shape.kind === 'unknown' && shape.become(used)) this.changed = true;
  }

  #param(name: string): Value {
    this.note(this.#asked.params, name);
    if (this.#trial.absent === name) return undefined;
    return this.#trial.given?.[0] === name ? this.#trial.given[1] : this.#text;
  }

  #allParams(): Value {
    return new Map<Key, Value>(
      Object.entries(PLACES).map(([group, place]) => [
        group,
        new Noting((name) => this.#param(`${place}:${name}`)),
      ]),
    );
  }

  /** Adds a path to the shape, so that the next rendering has a value there. */
  #touch(path: string): void {
    let shape = this.#asked.root;
    for (const step of compilePath(path).steps) {
      if (step.kind === 'property' && step.names.length === 1) {
        const [name] = step.names as readonly [string];
        if (shape.become('object') || !shape.members.has(name)) this.changed = true;
        shape = shape.member(name);
      } else if (step.kind === 'indexes' || step.kind === 'wildcard' || step.kind === 'slice') {
        if (shape.become('list')) this.changed = true;
        shape = shape.item;
      } else if (step.kind === 'function' && /^(?:length|size)$/.test(step.name)) {
        if (shape.become('list')) this.changed = true;
        return;
      } else return;
    }
  }
}

/** A map that creates its members when they are read. It prints as nothing. */
class Noting extends SilentMap {
  readonly #ask: (name: string) => Value;

  constructor(ask: (name: string) => Value) {
    super();
    this.#ask = ask;
  }

  override has(key: Key): boolean {
    return super.has(key) || this.get(key) !== undefined;
  }

  override get(key: Key): Value {
    if (!super.has(key)) {
      const value = this.#ask(String(key));
      if (value !== undefined) super.set(key, value);
    }
    return super.get(key);
  }
}

/** A part of the body whose kind is not known yet. */
class Probe extends Noting {
  readonly shape: Shape;
  /** Its kind, as far as the template's use of it shows. */
  used: 'text' | 'object' | 'list' = 'text';
  readonly #askAt: (name: string | number) => Value;

  constructor(shape: Shape, ask: (name: string | number) => Value) {
    super(ask);
    this.shape = shape;
    this.#askAt = ask;
  }

  /** A numeric key is an index, so this part is a list. */
  override get(key: Key): Value {
    return typeof key === 'number' ? this.#askAt(key) : super.get(key);
  }

  /**
   * The size of a sample list, so that a template that checks for elements continues. The engine's budget calls it too.
   */
  override get size(): number {
    return ELEMENTS;
  }

  /** Called by a loop. */
  override keys(): MapIterator<Key> {
    if (this.used === 'text') this.used = 'list';
    return super.keys();
  }

  override viewed(): void {
    this.used = 'object';
  }
}
