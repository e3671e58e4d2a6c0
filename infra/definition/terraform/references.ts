import { UsageError } from '../../errors.ts';
import type { Assumption, Json, JsonObject } from '../types.ts';
import { type Instance, objectAt, type Scope, type TerraformFile } from './document.ts';
import {
  expressionAt,
  isUnknown,
  type Path,
  referencesIn,
  type Steps,
  specific,
  stepsOf,
  valueAt,
} from './expressions.ts';
import {
  byPartOfKey,
  byText,
  type Clues,
  eachValue,
  type Index,
  isKey,
  keysGiven,
  keysOfBlock,
  pick,
} from './keys.ts';

/** What a value may refer to: resource types (`data.TYPE` for a data source) and their attributes. */
export type Wanted = Readonly<Record<string, readonly [string, ...string[]]>>;

/** The origin of a value: an attribute that AWS or the provider sets. */
export interface Origin {
  readonly instance: Instance;
  readonly attribute: string;
}

/** The result of resolving a value that should refer to another resource. */
export type Link =
  | { readonly kind: 'origin'; readonly origin: Origin }
  /** The attribute is not set. */
  | { readonly kind: 'none' }
  /** The value is known, but nothing in the file has it. */
  | { readonly kind: 'outside'; readonly value: string }
  /** The value is known only after apply and is ambiguous; the cause completes a sentence about it. */
  | { readonly kind: 'unclear'; readonly cause: string; readonly candidates: readonly Origin[] };

export const REMEDY = 'apply, then give terraform show -json of the state';
/** The search stops at this many candidates. */
const MAX_CANDIDATES = 8;

/** The context in which an expression is evaluated: a module, and the instance's own key of count or for_each. */
interface Viewpoint {
  readonly scope: Scope;
  readonly index: Index;
  readonly forEach: JsonObject | undefined;
  /** `each.value`, where the plan has it. */
  readonly value: Json | undefined;
  /** The address of the block that contains the expression. */
  readonly owner: string;
  /** The instance that contains the expression; undefined for inputs and outputs of modules. */
  readonly instance: Instance | undefined;
}

/** The state of following references from one value. */
interface Walk {
  readonly wanted: Wanted;
  /** The wanted attribute, since an indexed reference such as `aws_x.y[each.key].z` does not include it. */
  readonly asked: string;
  readonly found: Map<string, Origin>;
  readonly blocked: Set<string>;
  readonly seen: Set<string>;
}

/** Follows references to the resources that values come from. */
export class References {
  readonly #file: TerraformFile;
  readonly #assumed: Assumption[];
  readonly #byValue = new Map<string, Map<string, Instance>>();

  /** @param assumed collects the keys of references that are not certain. */
  constructor(file: TerraformFile, assumed: Assumption[] = []) {
    this.#file = file;
    this.#assumed = assumed;
  }

  /** The resource that a value refers to: found by the value if it is known, otherwise by the configuration. */
  link(instance: Instance, path: Path, wanted: Wanted): Link {
    if (!isUnknown(instance, path)) {
      const value = valueAt(instance.values, path);
      if (typeof value !== 'string' || value === '') return { kind: 'none' };
      const origin = this.byValue(value, wanted);
      return origin ? { kind: 'origin', origin } : { kind: 'outside', value };
    }
    const { candidates, blocked } = this.candidates(instance, path, wanted);
    const [origin] = candidates;
    if (origin && candidates.length === 1) return { kind: 'origin', origin };
    return { kind: 'unclear', cause: causeOf(candidates, blocked), candidates };
  }

  /** The resource with this value in one of the wanted attributes. */
  byValue(value: string, wanted: Wanted): Origin | undefined {
    for (const [type, attributes] of Object.entries(wanted))
      for (const attribute of attributes) {
        const instance = this.#index(type, attribute).get(value);
        if (instance) return { instance, attribute };
      }
    return undefined;
  }

  /** All wanted origins that a value may have, and the references that cannot be followed. */
  candidates(
    instance: Instance,
    path: Path,
    wanted: Wanted,
  ): { candidates: readonly Origin[]; blocked: readonly string[] } {
    const asked = path.findLast((step) => typeof step === 'string') ?? path[0];
    const walk: Walk = { wanted, asked, found: new Map(), blocked: new Set(), seen: new Set() };
    this.#expression(expressionAt(instance, path), this.#viewpointOf(instance), undefined, walk);
    return { candidates: [...walk.found.values()], blocked: [...walk.blocked] };
  }

  /** The references in the expression for a value, as the file writes them. */
  namesAt(instance: Instance, path: Path): string[] {
    return specific(referencesIn(expressionAt(instance, path))).filter(
      (reference) => !/^(each|count|path|terraform|self)\b/.test(reference),
    );
  }

  #index(type: string, attribute: string): Map<string, Instance> {
    const key = `${type} ${attribute}`;
    const known = this.#byValue.get(key);
    if (known) return known;
    const index = new Map<string, Instance>();
    for (const instance of this.#file.byType.get(type) ?? []) {
      const value = instance.values[attribute];
      if (typeof value === 'string' && value !== '' && !index.has(value)) index.set(value, instance);
    }
    this.#byValue.set(key, index);
    return index;
  }

  #expression(expression: Json | undefined, from: Viewpoint, tail: string | undefined, walk: Walk): void {
    const references = specific(referencesIn(expression));
    for (const reference of references) this.#reference(reference, references, from, tail, walk);
  }

  #reference(
    reference: string,
    references: readonly string[],
    from: Viewpoint,
    tail: string | undefined,
    walk: Walk,
  ): void {
    const key = `${from.owner} ${reference} ${tail}`;
    if (walk.seen.has(key) || walk.found.size > MAX_CANDIDATES) return;
    walk.seen.add(key);
    const steps = stepsOf(reference);
    const [head, second] = steps;
    if (head === 'var') this.#variable(String(second), from, nameAt(steps, 2) ?? tail, walk);
    else if (head === 'local') walk.blocked.add(reference);
    else if (head === 'each' && second === 'value')
      this.#expression(from.forEach, from, nameAt(steps, 2) ?? tail, walk);
    else if (head === 'module') this.#output(steps.slice(1), from, tail, walk);
    else if (head === 'data')
      this.#instances(`data.${second}.${steps[2]}`, steps.slice(3), references, from, tail, walk);
    else if (typeof head === 'string' && head.includes('_'))
      this.#instances(`${head}.${second}`, steps.slice(2), references, from, tail, walk);
  }

  #variable(name: string, { scope }: Viewpoint, tail: string | undefined, walk: Walk): void {
    if (!scope.parent) return;
    const { call } = scope.parent;
    const from: Viewpoint = {
      scope: scope.parent.scope,
      index: scope.index,
      forEach: objectAt(call, 'for_each_expression'),
      value: eachValue(this.#file, call, scope.parent.scope, scope.index),
      owner: scope.address,
      instance: undefined,
    };
    this.#expression(objectAt(call, 'expressions')?.[name], from, tail, walk);
  }

  #output(steps: Steps, from: Viewpoint, tail: string | undefined, walk: Walk): void {
    const [name, ...rest] = steps;
    const scopes = pick(from.scope.children.get(String(name)) ?? [], rest, from.index);
    const output = rest.find((step): step is string => typeof step === 'string');
    for (const scope of scopes) {
      const outputs = objectAt(scope.config, 'outputs') ?? {};
      const wantedOutputs = output === undefined ? Object.keys(outputs) : [output];
      for (const each of wantedOutputs)
        this.#expression(
          objectAt(outputs, each)?.expression,
          {
            scope,
            index: undefined,
            forEach: undefined,
            value: undefined,
            owner: `${scope.address} outputs`,
            instance: undefined,
          },
          tail,
          walk,
        );
    }
  }

  #instances(
    key: string,
    steps: Steps,
    references: readonly string[],
    from: Viewpoint,
    tail: string | undefined,
    walk: Walk,
  ): void {
    const attribute = steps.find((step): step is string => typeof step === 'string') ?? tail;
    for (const instance of this.#pick(key, steps, references, from, walk)) {
      const type = instance.mode === 'data' ? `data.${instance.type}` : instance.type;
      const attributes = Object.hasOwn(walk.wanted, type) ? walk.wanted[type] : undefined;
      if (attributes && (attribute === undefined || attributes.includes(attribute))) {
        const origin = { instance, attribute: attribute ?? attributes[0] };
        walk.found.set(`${instance.address}.${origin.attribute}`, origin);
      } else {
        const next = attribute ?? walk.asked;
        if (isUnknown(instance, [next]))
          this.#expression(expressionAt(instance, [next]), this.#viewpointOf(instance), undefined, walk);
      }
    }
  }

  /** As `pick`, where `each.value` does not give the key, or the key of the referring block has it. */
  #pick(
    key: string,
    steps: Steps,
    references: readonly string[],
    from: Viewpoint,
    { asked }: Walk,
  ): readonly Instance[] {
    const all = from.scope.instances.get(key) ?? [];
    if (all.length < 2 || steps.some(isKey)) return pick(all, steps, from.index);
    const { index, value, instance } = from;
    const picked = pick(all, steps, index);
    // Of an expression with both, `each.key` is the index and `each.value` something else.
    if (picked.length === 1 && references.includes('each.key')) return picked;
    const clues: Clues = { references, index, value, own: instance && keysOfBlock(instance) };
    const given = [...keysGiven(clues)].flatMap((text) => byText(all).get(text) ?? []);
    if (given.length === 1) return given;
    if (picked.length < 2 || instance === undefined) return picked;
    const part = byPartOfKey(all, clues);
    if (part === undefined) return picked;
    const block = `${instance.scope.address && `${instance.scope.address}.`}${instance.type}.${instance.name}`;
    const place = `${block}.${asked}`;
    if (!this.#assumed.some((each) => each.place === place))
      this.#assumed.push({ place, reading: `read as that of the ${key} whose key is a part of its own` });
    return [part];
  }

  #viewpointOf(instance: Instance): Viewpoint {
    const { scope, index, config, address } = instance;
    return {
      scope,
      index,
      forEach: objectAt(config, 'for_each_expression'),
      value: eachValue(this.#file, config, scope, index, keysOfBlock(instance)),
      owner: address,
      instance,
    };
  }
}

function nameAt(steps: Steps, at: number): string | undefined {
  const step = steps[at];
  return typeof step === 'string' ? step : undefined;
}

function causeOf(candidates: readonly Origin[], blocked: readonly string[]): string {
  if (candidates.length > 0) {
    const named = candidates.slice(0, 3).map(({ instance, attribute }) => `${instance.address}.${attribute}`);
    return `it is known only after apply and may be ${named.join(' or ')}`;
  }
  if (blocked.length > 0)
    return `it is known only after apply and comes from ${blocked.slice(0, 3).join(', ')}, which a plan does not contain`;
  return 'it is known only after apply, and the plan does not show its references';
}

/** `FILE: ADDRESS.attribute: cause; remedy`. Never holds a value of the file. */
export function failure(
  file: string,
  instance: Instance,
  path: Path | undefined,
  cause: string,
  remedy = REMEDY,
) {
  const place = path ? `${instance.address}.${path.join('.')}` : instance.address;
  return new UsageError(`${file}: ${place}: ${cause}; ${remedy}`);
}
