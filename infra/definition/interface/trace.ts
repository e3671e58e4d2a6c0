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

/** What a template was seen to ask for. It grows over renderings. */
export interface Asked {
  /** `path:`, `query:`, `header:`, or `any:` for what `$input.params(NAME)` searches in all three, and the name. */
  readonly params: Set<string>;
  readonly root: Shape;
  /** Names below `$context` whose value nobody can know before: `authorizer.principalId`. */
  readonly context: Set<string>;
  readonly stageVariables: Set<string>;
}

/** One rendering to record: what is left out, and what stands in place of a marker. */
export interface Trial {
  /** Names as in `Asked.params`, and patterns of body leaves such as `body:/records/*\/data`. */
  readonly absent?: string;
  readonly given?: readonly [name: string, value: string];
  /** All texts are numbers. */
  readonly numeric?: true;
}

/** A text for what is known to be one; nothing looks at it but the template's own conditions. */
const MARKER = 'a2V5MDAwMDAw';
const NUMBER = '7';
const WHOLE = '{"kpcWholeBody":true}';
const PLACES = { path: 'path', querystring: 'query', header: 'header' } as const;

/**
 * Renders a template with inputs that note what is asked of them. A rendering that fails has noted what came before.
 * @returns whether anything was asked for the first time.
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
    // The rendering that counts will say so.
  }
  recorder.settle();
  return recorder.changed;
}

class Recorder {
  changed = false;
  readonly #asked: Asked;
  readonly #trial: Trial;
  readonly #probes = new Set<Probe>();
  /** Values by the texts that `$input.json` and `$input.body` gave of them, for `$util.parseJson`. */
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
      // A search for a name everywhere would find it in all that it brings into being.
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

  /** What a part of the body is taken for, for this rendering. */
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

  /** What nothing was asked of but to print it, or to compare it, is a text. */
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

  /** Follows a path through the shape, so that the next rendering has what it leads to. */
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

/** A map whose members come into being as they are asked for. It prints as nothing. */
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

/** A part of the body of which it is not known yet what it is. */
class Probe extends Noting {
  readonly shape: Shape;
  /** What it is taken for, as far as it was used. */
  used: 'text' | 'object' | 'list' = 'text';
  readonly #askAt: (name: string | number) => Value;

  constructor(shape: Shape, ask: (name: string | number) => Value) {
    super(ask);
    this.shape = shape;
    this.#askAt = ask;
  }

  /** A number is the place of an element. */
  override get(key: Key): Value {
    return typeof key === 'number' ? this.#askAt(key) : super.get(key);
  }

  /** That of a list, so that a template which asks whether there are any goes on. The engine's budget asks as well. */
  override get size(): number {
    return ELEMENTS;
  }

  /** Asked by a loop. */
  override keys(): MapIterator<Key> {
    if (this.used === 'text') this.used = 'list';
    return super.keys();
  }

  override viewed(): void {
    this.used = 'object';
  }
}
