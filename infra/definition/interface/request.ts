import type { Json } from '../types.ts';
import { dependsOn, nameOf, withAbsent } from './absence.ts';
import { type Base, baseOf, extend, type Source } from './base.ts';
import { comparedLiterals, discover, nothingAsked } from './discover.ts';
import { evaluate } from './evaluate.ts';
import { type Inputs, inputOf, inputsOf, numberOf } from './inputs.ts';
import { likeliest, Matcher, memberText, placesIn } from './match.ts';
import {
  inputsIn,
  isData,
  type MemberPath,
  membersIn,
  type Observation,
  placesOf,
  reads,
  textOfMember,
} from './members.ts';
import { hasConditions, Presence } from './presence.ts';
import { isBroken, renderRequest } from './rendering.ts';
import type { Sample } from './sample.ts';
import { OTHER } from './shape.ts';
import type { Asked } from './trace.ts';
import type { Input, Place, Undetermined } from './types.ts';

/** Characters that break no template and that each encoding changes differently. */
export const HARMLESS = 'é +%41/&<A';
/** The same, with characters that break a request unless they are escaped. */
export const SPECIAL = `${HARMLESS}"\\\n'`;

/** How the request to Kinesis follows from the client's. */
export interface DerivedRequest {
  readonly action: string;
  readonly inputs: Inputs;
  readonly base: Base | undefined;
  /** Absolute places: those of list elements refer to the first element. */
  readonly places: ReadonlyMap<MemberPath, Place>;
  /** The names of inputs that are printed outside quotes, where only a number or JSON is valid. */
  readonly unquoted: ReadonlySet<string>;
  readonly undetermined: readonly Undetermined[];
}

const MAX_EXTENSIONS = 4;

export function deriveRequest(source: Source): DerivedRequest {
  const asked = nothingAsked();
  if (source.template !== undefined) discover(source.template, asked, source.stageVariables, source.budget);
  askMappings(source, asked);
  const text = `${source.template ?? ''} ${Object.values(source.integration.requestParameters ?? {}).join(' ')}`;
  const current = () => inputsOf(asked, source.declared, source.stageVariables, text);
  let inputs = current();
  let base = baseOf(source, inputs);
  for (let round = 0; round < MAX_EXTENSIONS && !isBroken(base); round += 1) {
    if (!extend(asked, base, inputs)) break;
    inputs = current();
    base = baseOf(source, inputs);
  }
  if (isBroken(base)) {
    const why = base.broken;
    return {
      action: base.action ?? '',
      inputs,
      base: undefined,
      places: new Map(),
      unquoted: new Set(),
      undetermined: [{ what: /cannot be parsed/.test(why) ? 'template' : 'request', why }],
    };
  }
  return new Derivation(source, inputs, base).result();
}

/** Adds the inputs that parameter mappings read. */
function askMappings({ integration }: Source, asked: Asked): void {
  for (const expression of Object.values(integration.requestParameters ?? {})) {
    const [, place, name = ''] =
      /^method\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/s.exec(expression) ?? [];
    if (place) asked.params.add(`${place === 'querystring' ? 'query' : place}:${name}`);
  }
}

class Derivation {
  readonly #source: Source;
  readonly #inputs: Inputs;
  readonly #base: Base;
  readonly #matcher: Matcher;
  readonly #undetermined: Undetermined[] = [];
  readonly #observed = new Map<string, Observation>();

  constructor(source: Source, inputs: Inputs, base: Base) {
    this.#source = source;
    this.#inputs = inputs;
    this.#base = base;
    this.#matcher = new Matcher(base.sample, inputs);
  }

  result(): DerivedRequest {
    const { action, request } = this.#base.rendered;
    const unquoted = this.#unquoted();
    const others = [SPECIAL, HARMLESS, ''].map((added, index) =>
      this.#observe(String(index + 2), (name, marker) => (unquoted.has(name) ? marker : marker + added)),
    );
    const { places, unknown } = placesOf(request, this.#matcher, others);
    const found = new Map([...places].filter(([path]) => !path.split('/').includes(OTHER)));
    for (const path of unknown)
      this.#undetermined.push({
        what: path,
        why: 'its value does not follow from the inputs in a known way',
      });
    for (const [path, place] of found)
      if (inputsIn(place).some(isOther))
        this.#undetermined.push({
          what: path,
          why: 'it contains all parameters or members that the client sends',
        });
    for (const [path, place] of found)
      if (this.#inputs.lists.some((list) => reads(place, `${list}/0`) && reads(place, `${list}/1`)))
        this.#undetermined.push({ what: path, why: 'it contains all elements of a list' });
    this.#withoutInputs(found);
    this.#ifGiven(found, unknown);
    this.#atLiterals(found);
    return {
      action,
      inputs: this.#inputs,
      base: this.#base,
      places: found,
      unquoted,
      undetermined: this.#undetermined,
    };
  }

  #observe(seed: string, change: (name: string, marker: string) => string | undefined): Observation {
    const { given, numbers } = this.#base;
    const sample = this.#inputs.sample(seed, (name, marker) => {
      const number = numbers.has(name) ? numberOf(marker) : undefined;
      const text = given.get(name) ?? change(name, number ?? marker);
      // A text is not valid after a number.
      return number !== undefined && text?.startsWith(number) ? number : text;
    });
    return { sample, rendered: renderRequest(this.#source, sample) };
  }

  #unquoted(): ReadonlySet<string> {
    const names = new Set<string>();
    for (const value of Object.values(this.#base.rendered.request)) {
      const { text, unquoted } = memberText(value);
      if (!unquoted || typeof value !== 'string') continue;
      for (const place of placesIn(this.#matcher.parts(text)))
        for (const input of inputsIn(place)) names.add(nameOf(input, this.#inputs));
    }
    return names;
  }

  /** Determines what happens to the members when the client leaves out an input. */
  #withoutInputs(places: Map<MemberPath, Place>): void {
    for (const name of this.#inputs.names) {
      if (!mayBeAbsent(name)) continue;
      const read = [...places].filter(([, place]) => dependsOn(place, name, this.#inputs));
      if (read.length === 0) continue;
      const { sample, rendered } = this.#without([name]);
      if (isBroken(rendered)) continue;
      const members = membersIn(rendered.request);
      for (const [path, place] of read) {
        const value = members.get(path);
        if (value !== undefined && textOfMember(path, value) === evaluate(place, sample)) continue;
        const other = value === undefined ? 'omitted' : this.#likely(sample, path, value);
        const complete = withAbsent(place, name, other, this.#inputs);
        if (complete) places.set(path, complete);
        else if (!this.#undetermined.some(({ what }) => what === path))
          this.#sometimes(path, `it is different without ${name}`);
      }
    }
  }

  /** The rendering without these inputs. */
  #without(names: readonly string[]): Observation {
    const key = JSON.stringify(names);
    const known = this.#observed.get(key);
    if (known) return known;
    const observation = this.#observe('1', (name, marker) => (names.includes(name) ? undefined : marker));
    this.#observed.set(key, observation);
    return observation;
  }

  /** Determines which fixed members are others, or are there at all, only without an input. */
  #ifGiven(places: Map<MemberPath, Place>, unknown: readonly MemberPath[]): void {
    const { given, rendered } = this.#base;
    if (!hasConditions(this.#source.template ?? '')) return;
    const names = this.#inputs.names.filter(
      (name) =>
        mayBeAbsent(name) &&
        !name.endsWith(`/${OTHER}`) &&
        !given.has(name) &&
        !this.#source.isDemanded(name),
    );
    const presence = new Presence({
      names: names.slice(0, MAX_CONDITIONS),
      request: rendered.request,
      without: (absent) => this.#without(absent),
      likely: (sample, path, value) => this.#likely(sample, path, value),
      unclear: (what, why) => this.#sometimes(what, why),
    });
    for (const [path, place] of places)
      if ('fixed' in place && !unknown.includes(path)) places.set(path, presence.placeOf(path, place));
    presence.othersThan(places);
  }

  #sometimes(what: MemberPath, why: string): void {
    if (!this.#undetermined.some((one) => one.what === what && one.why === why))
      this.#undetermined.push({ what, why, sometimes: true });
  }

  /** Finds members that exist or differ only when an input has a value with which the template compares it. */
  #atLiterals(places: Map<MemberPath, Place>): void {
    const always = new Set(places.keys());
    for (const [name, literal] of this.#conditions(places)) {
      if (this.#base.given.has(name)) continue;
      const { sample, rendered } = this.#observe('1', (other, marker) => (other === name ? literal : marker));
      if (isBroken(rendered)) continue;
      for (const [path, value] of membersIn(rendered.request)) {
        if (path.split('/').includes(OTHER)) continue;
        const known = places.get(path);
        if (known === undefined || !always.has(path)) {
          const is = known && 'when' in known ? (known.when?.is ?? []) : [];
          const when = { input: inputOf(name), is: [...is, literal] };
          places.set(path, { ...(known ?? this.#likely(sample, path, value)), when });
        } else if (textOfMember(path, value) !== evaluate(known, sample))
          this.#undetermined.push({
            what: path,
            why: `it is different when ${name} is ${literal}`,
            sometimes: true,
          });
      }
    }
  }

  #likely(sample: Sample, path: MemberPath, value: Json): Place {
    const parts = new Matcher(sample, this.#inputs).parts(textOfMember(path, value));
    if (parts.every((part) => typeof part === 'string'))
      return { fixed: isData(path) ? textOfMember(path, value) : value };
    const place = likeliest(parts);
    return memberText(value).unquoted && 'from' in place ? { ...place, unquoted: true } : place;
  }

  #conditions(places: ReadonlyMap<MemberPath, Place>): readonly (readonly [string, string])[] {
    const literals = comparedLiterals(this.#source.template ?? '');
    const pairs = this.#inputs.names.flatMap((name) => literals.map((literal) => [name, literal] as const));
    const type = places.get('ShardIteratorType');
    const [from] = type ? inputsIn(type) : [];
    const further = ITERATOR_TYPES.filter((value) => !literals.includes(value));
    const types = from ? further.map((value) => [nameOf(from, this.#inputs), value] as const) : [];
    return [...pairs, ...types].slice(0, MAX_CONDITIONS);
  }
}

const ITERATOR_TYPES = ['AT_SEQUENCE_NUMBER', 'AT_TIMESTAMP'] as const;
const MAX_CONDITIONS = 40;
/** Without a path parameter it is another call, and elements are not left out one by one. */
function mayBeAbsent(name: string): boolean {
  return !name.startsWith('path:') && !name.endsWith('/*');
}

/** Whether the template did not read the input by its name. */
function isOther(input: Input): boolean {
  return ('name' in input && input.name === OTHER) || ('at' in input && input.at.endsWith(`/${OTHER}`));
}
