import { affixOf, NAME_PART } from '../../infra/definition/interface/offers.ts';
import { isInput, listPointer, pointerForText, pointerOf } from '../../infra/definition/interface/places.ts';
import { jsonAt, stepsOf } from '../../infra/definition/interface/sample.ts';
import { schemaAt } from '../../infra/definition/interface/texts.ts';
import type {
  Call,
  Input,
  MemberField,
  Place,
  RecordPlaces,
} from '../../infra/definition/interface/types.ts';
import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { FILLING, fillingsOf } from './carriers.ts';
import { exampleOf } from './example.ts';
import { DEFAULTS, fitting, sentFor } from './fitting.ts';
import type { ProxyRequest } from './requests.ts';

/** One record that a client wants to store. */
export interface IntendedRecord {
  readonly data: string;
  /** Ignored if the client cannot choose it. */
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  /** Which of the ways to give a text to the parts of a template; the first if absent. */
  readonly way?: number;
}

/** A client's intended call of Kinesis: the fields of the call, and the content of each record. */
export type Intent = Partial<Readonly<Record<MemberField, string>>> & {
  readonly records?: readonly IntendedRecord[];
  readonly way?: number;
  /** Members of Kinesis's request without a field of their own, by name. */
  readonly others?: Readonly<Record<string, string>>;
};

/**
 * Builds the request for an intent as far as the call allows: fixed and generated values cannot be changed,
 * and inputs that do not reach Kinesis get what the method's model requires.
 */
export function requestOf(call: Call, intent: Intent): ProxyRequest {
  const request = new Draft(call);
  const wanted: Intent = { ...DEFAULTS, ...fitting(call, intent) };
  if (call.records) request.batch(call.records, wanted.records ?? [wanted as IntendedRecord]);
  for (const field of FIELDS) {
    const [place, value] = [call[field], wanted[field]];
    if (place !== undefined && value !== undefined)
      request.tell(place, value, { field, way: wanted.way, isNumber: NUMBERS.has(field) });
  }
  for (const [name, place] of Object.entries(call.others ?? {})) {
    const isDemanded = !('whenAbsent' in place) || place.whenAbsent !== 'omitted';
    const value = wanted.others?.[name] ?? (isDemanded ? 'some value' : undefined);
    if (value !== undefined) request.tell(place, value);
  }
  return request.done();
}

/** The fields that are numbers in Kinesis. */
const NUMBERS: ReadonlySet<MemberField> = new Set(['shardCount', 'limit', 'timestamp']);

/** Data comes first, since it may be the whole body, from which other members are read. */
const FIELDS: readonly MemberField[] = [
  'data',
  'stream',
  'partitionKey',
  'explicitHashKey',
  'shardId',
  'iterator',
  'iteratorType',
  'startingSequenceNumber',
  'timestamp',
  'limit',
  'shardCount',
  'exclusiveStartStreamName',
  'exclusiveStartShardId',
  'nextToken',
];

type InputPlace = Extract<Place, { from: string }>;

/** What a value is for. */
interface Telling {
  readonly field?: MemberField;
  /** Which of the ways to give a text to the parts of a template. */
  readonly way?: number | undefined;
  /** The pointer to the list element that the value belongs to. */
  readonly element?: string | undefined;
  /** Whether the field is a number in Kinesis. */
  readonly isNumber?: boolean;
}

/** A request that is being built. */
class Draft {
  readonly #call: Call;
  readonly #params = new Map<string, string>();
  #body: Json | undefined;

  constructor(call: Call) {
    this.#call = call;
    if (call.model) this.#body = exampleOf(call.model);
    for (const { from, ...input } of call.required)
      if ('name' in input) this.#params.set(`${from}:${input.name}`, 'some value');
  }

  tell(place: Place, value: string, how: Telling = {}): void {
    const { element } = how;
    if ('fixed' in place) {
      this.#choose(place, value, how);
      return;
    }
    if ('when' in place && place.when) this.#select(place.when, element);
    if ('template' in place) {
      const parts = place.template.filter((part) => typeof part !== 'string');
      const affix = parts.length === 1 || how.field === 'stream' ? affixOf(place) : undefined;
      const isWhole = affix && value.length >= affix.before.length + affix.after.length;
      if (isWhole && value.startsWith(affix.before) && value.endsWith(affix.after)) {
        const own = value.slice(affix.before.length, value.length - affix.after.length);
        for (const part of parts) this.tell(part, part === parts.at(-1) ? own : NAME_PART, how);
        return;
      }
      const fillings = fillingsOf(this.#call, place, how.field, value);
      for (const [part, text] of fillings[(how.way ?? 0) % fillings.length] ?? []) this.tell(part, text, how);
      return;
    }
    if (!isInput(place)) return;
    const inverted = sentFor(place, value);
    const isNumber = /^-?\d+$/.test(inverted) && this.#takesNumber(place, how.isNumber === true);
    this.#give(place, isNumber ? Number(inverted) : inverted, element, place.as?.[0] !== 'json');
  }

  /** Sets the input on which a fixed value depends, if that value is intended; another value needs another input. */
  #choose({ fixed, given, whenAbsent }: Extract<Place, { fixed: Json }>, value: string, how: Telling): void {
    if (given === undefined) return;
    if (String(fixed) !== value) {
      if (typeof whenAbsent === 'object') this.tell(whenAbsent, value, how);
    } else if (!this.#has(given, how.element)) this.#give(given, FILLING, how.element, true);
  }

  /** Gives an input a value with which a place applies, unless it has one: of several the one that reads on after a record. */
  #select({ input, is }: NonNullable<InputPlace['when']>, element: string | undefined): void {
    if (is.includes(String(this.#valueOf(input, element)))) return;
    this.#give(input, is.find((value) => /after/i.test(value)) ?? is[0] ?? '', element);
  }

  #has(input: Input, element?: string): boolean {
    return this.#valueOf(input, element) !== undefined;
  }

  #valueOf(input: Input, element = ''): Json | undefined {
    if ('name' in input) return this.#params.get(`${input.from}:${input.name}`);
    const at = 'at' in input ? input.at : '';
    return jsonAt(this.#body, input.from === 'element' ? element + at : at);
  }

  /**
   * Whether a client sends a number: a validator applies the call's model, whatever the template prints; without a
   * model, the template may print the member as JSON.
   */
  #takesNumber(input: Input & { readonly unquoted?: true }, isOfKinesis: boolean): boolean {
    if (input.from !== 'body') return input.unquoted === true;
    let at: Json | undefined = this.#call.model;
    for (const step of stepsOf(input.at)) {
      const properties: Json | undefined = isObject(at) ? at.properties : undefined;
      at = isObject(properties) ? properties[step] : undefined;
    }
    const type = isObject(at) ? at.type : undefined;
    if (type === 'integer' || type === 'number') return true;
    return input.unquoted === true || (isOfKinesis && type === undefined);
  }

  batch(records: NonNullable<Call['records']>, intended: readonly IntendedRecord[]): void {
    if ('written' in records) {
      for (const places of records.written) this.#record(places, intended[0] as IntendedRecord);
      return;
    }
    const at = listPointer(this.#call);
    const example = jsonAt(this.#body, at);
    const [model] = Array.isArray(example) ? example : [];
    this.#set(at, []);
    for (const [index, record] of intended.entries()) {
      if (model !== undefined) this.#set(`${at}/${index}`, structuredClone(model));
      this.#record(records.element, record, `${at}/${index}`);
    }
  }

  #record(places: RecordPlaces, record: IntendedRecord, element?: string): void {
    const { data, partitionKey, explicitHashKey } = places;
    const { way, explicitHashKey: hashKey } = record;
    if (explicitHashKey && hashKey !== undefined) this.tell(explicitHashKey, hashKey, { element });
    if (data) this.tell(data, record.data, { field: 'data', way, element });
    if (partitionKey) this.tell(partitionKey, record.partitionKey, { field: 'partitionKey', way, element });
  }

  /** @param isText whether the template treats the value as text rather than JSON. */
  #give(input: Input, value: string | number, element = '', isText = false): void {
    switch (input.from) {
      case 'path':
      case 'query':
      case 'header':
        this.#params.set(`${input.from}:${input.name}`, String(value));
        break;
      case 'raw-body':
        this.#whole(input, '', value);
        break;
      case 'body':
        this.#whole(input, input.at, value);
        break;
      case 'element':
        if (input.at === '' && this.#isText(element, isText)) this.#set(element, value);
        else this.#whole(input, element + input.at, value);
    }
  }

  /** Whether an element is text: according to its model, or else because the template reads no member of it. */
  #isText(element: string, isText: boolean): boolean {
    const model = jsonAt(this.#body, element);
    return model === undefined ? isText : typeof model === 'string';
  }

  /**
   * An object that is stored whole has a text in one of its members. What the call's model wants to be no text, and no
   * object with room for one, is what the model wants.
   */
  #whole(input: Input, pointer: string, value: string | number): void {
    const at = pointerOf(this.#call, input) ?? pointer;
    const schema = schemaAt(this.#call.model, at);
    const told = pointerForText(this.#call, at);
    if (told !== at && isObject(schema) && jsonAt(this.#body, pointer) === undefined)
      this.#set(pointer, exampleOf(schema));
    if (told !== undefined) this.#set(pointer + told.slice(at.length), value);
    else if (at !== '' && isObject(schema) && (typeof value === 'number' || schema.enum !== undefined))
      this.#set(pointer, value);
  }

  #set(pointer: string, value: Json): void {
    const steps = [...stepsOf(pointer)];
    const last = steps.pop();
    if (last === undefined) {
      this.#body = value;
      return;
    }
    const isIndex = (step: string) => /^\d+$/.test(step);
    const empty = (next: string): Json => (isIndex(next) ? [] : {});
    const chain = [...steps, last];
    if (typeof this.#body !== 'object' || this.#body === null) this.#body = empty(chain[0] as string);
    let at: Json = this.#body;
    for (const [index, step] of steps.entries()) {
      const container = at as JsonObject;
      const next = container[step];
      if (typeof next !== 'object' || next === null) container[step] = empty(chain[index + 1] as string);
      at = container[step] as Json;
    }
    (at as JsonObject)[last] = value;
  }

  done(): ProxyRequest {
    const { method, path, contentType } = this.#call;
    const query: [string, string][] = [];
    const headers: Record<string, string> = {};
    let filled = path;
    for (const [key, value] of this.#params) {
      const [from = '', name = ''] = key.split(/:(.*)/s);
      if (from === 'query') query.push([name, value]);
      else if (from === 'header') {
        // Names of headers that differ in their case only are one; what the call needs was given last.
        const same = Object.keys(headers).find((other) => other.toLowerCase() === name.toLowerCase());
        if (same !== undefined) delete headers[same];
        headers[name] = value;
      } else
        filled = filled.replace(new RegExp(`\\{${name.replaceAll(/[^\w]/g, '\\$&')}\\+?\\}`), () =>
          encodeURIComponent(value),
        );
    }
    // A required parameter must be present even if it does not reach Kinesis.
    filled = filled.replaceAll(/\{[^}]+\}/g, 'any');
    const hasBody = this.#body !== undefined || ['POST', 'PUT', 'PATCH'].includes(method);
    return {
      method,
      resource: path,
      path: filled,
      query,
      headers: hasBody ? { 'Content-Type': contentType, ...headers } : headers,
      ...(hasBody && { body: JSON.stringify(this.#body ?? {}) }),
    };
  }
}
