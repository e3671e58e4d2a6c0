import { inputsIn } from '../../infra/definition/interface/members.ts';
import { affixOf } from '../../infra/definition/interface/offers.ts';
import { isInput, memberForText } from '../../infra/definition/interface/places.ts';
import { stepsOf } from '../../infra/definition/interface/sample.ts';
import type {
  Call,
  Input,
  MemberField,
  Place,
  RecordPlaces,
} from '../../infra/definition/interface/types.ts';
import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { exampleOf } from './example.ts';
import { DEFAULTS, fitting } from './fitting.ts';
import type { ProxyRequest } from './requests.ts';

/** One record that a client wants stored. */
export interface IntendedRecord {
  readonly data: string;
  /** Ignored where the client does not choose it. */
  readonly partitionKey: string;
}

/** What a client asks of Kinesis, by the fields of a call, and the content of each record. */
export type Intent = Partial<Readonly<Record<MemberField, string>>> & {
  readonly records?: readonly IntendedRecord[];
};

/** The value of an input that cannot carry the intended text, if another input can. */
const FILLING = 'some data';

/** Bytes of a parameter: all headers and the request line together have 10,240 (docs/facts/gateway.md#limits). */
const MAX_PARAMETER = 2_048;

/**
 * The request by which a client asks Kinesis for what is intended, as far as the call allows: fixed and generated
 * values stay, and inputs that do not reach Kinesis get what the method's model requires.
 */
export function requestOf(call: Call, intent: Intent): ProxyRequest {
  const request = new Draft(call);
  const wanted: Intent = { ...DEFAULTS, ...fitting(call, intent) };
  if (call.records) request.batch(call.records, wanted.records ?? [wanted as IntendedRecord]);
  for (const field of FIELDS) {
    const [place, value] = [call[field], wanted[field]];
    if (place !== undefined && value !== undefined)
      request.tell(place, value, { isNumber: NUMBERS.has(field) });
  }
  for (const place of Object.values(call.others ?? {}))
    if (!isOptional(place)) request.tell(place, 'some value');
  return request.done();
}

function isOptional(place: Place): boolean {
  return 'whenAbsent' in place && place.whenAbsent === 'omitted';
}

/** Whether a client can send a text in any of the inputs that a place reads. */
export function maySend(place: Place | undefined, text: string): boolean {
  const inputs = place === undefined ? [] : inputsIn(place).filter(isInput);
  return inputs.length === 0 || inputs.some((input) => carries(input, text));
}

/** A header holds visible ASCII (RFC 9110), a place in the path cannot be empty, and neither they nor a query are long. */
function carries({ from }: Input, text: string): boolean {
  if (from === 'header' && !/^[!-~](?:[ -~]*[!-~])?$/.test(text)) return false;
  if (from === 'path' && text === '') return false;
  const isParameter = from === 'header' || from === 'path' || from === 'query';
  return !isParameter || encodeURIComponent(text).length <= MAX_PARAMETER;
}

/** Those that Kinesis takes as numbers. */
const NUMBERS: ReadonlySet<MemberField> = new Set(['shardCount', 'limit', 'timestamp']);

/** Data first, since it may be all of a body that further members are read from. */
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

/** A request in the making. */
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

  /** @param how.isNumber whether Kinesis takes a number there. */
  tell(
    place: Place,
    value: string,
    how: { readonly element?: string | undefined; readonly isNumber?: boolean } = {},
  ): void {
    const { element } = how;
    if ('fixed' in place) {
      this.#choose(place, value, how);
      return;
    }
    if ('when' in place && place.when) this.#give(place.when.input, place.when.is[0] ?? '', element);
    if ('template' in place) {
      const affix = affixOf(place);
      const isWhole = affix && value.length >= affix.before.length + affix.after.length;
      if (isWhole && value.startsWith(affix.before) && value.endsWith(affix.after)) {
        const [part] = place.template.filter((each) => typeof each !== 'string');
        const own = value.slice(affix.before.length, value.length - affix.after.length);
        if (part) this.tell(part, own, how);
        return;
      }
      const isCarried = maySend(place, value);
      for (const part of place.template)
        if (typeof part !== 'string')
          this.tell(part, isCarried && !maySend(part, value) ? FILLING : value, how);
      return;
    }
    if (!isInput(place)) return;
    const inverted = (place.as ?? []).toReversed().reduce(invert, value);
    const isNumber = /^-?\d+$/.test(inverted) && this.#takesNumber(place, how.isNumber === true);
    this.#give(place, isNumber ? Number(inverted) : inverted, element, place.as?.[0] !== 'json');
  }

  /** Gives the input on which a fixed value depends if that value is wanted; what applies without it is told otherwise. */
  #choose(
    { fixed, given, whenAbsent }: Extract<Place, { fixed: Json }>,
    value: string,
    how: { readonly element?: string | undefined; readonly isNumber?: boolean },
  ): void {
    if (given === undefined) return;
    if (String(fixed) !== value) {
      if (typeof whenAbsent === 'object') this.tell(whenAbsent, value, how);
    } else if (!this.#has(given, how.element)) this.#give(given, FILLING, how.element, true);
  }

  #has(input: Input, element = ''): boolean {
    if ('name' in input) return this.#params.has(`${input.from}:${input.name}`);
    const at = 'at' in input ? input.at : '';
    const value = stepsOf(input.from === 'element' ? element + at : at).reduce<Json | undefined>(
      (inner, step) =>
        typeof inner === 'object' && inner !== null ? (inner as JsonObject)[step] : undefined,
      this.#body,
    );
    return value !== undefined;
  }

  /**
   * Whether a client sends a number: a validator holds it to the call's model, whatever the template prints; without a
   * model a template may print the member as the JSON that it is.
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
    const at = 'at' in records.list ? records.list.at : '';
    const before = at === '' ? [] : stepsOf(at);
    const example = before.reduce<Json | undefined>(
      (value, step) => (isObject(value) ? value[step] : undefined),
      this.#body,
    );
    const [model] = Array.isArray(example) ? example : [];
    this.#set(at, []);
    for (const [index, record] of intended.entries()) {
      if (model !== undefined) this.#set(`${at}/${index}`, structuredClone(model));
      this.#record(records.element, record, `${at}/${index}`);
    }
  }

  #record({ data, partitionKey }: RecordPlaces, record: IntendedRecord, element?: string): void {
    if (data) this.tell(data, record.data, { element });
    if (partitionKey) this.tell(partitionKey, record.partitionKey, { element });
  }

  /** @param isText whether the template takes what is there for a text, not for JSON. */
  #give(input: Input, value: string | number, element = '', isText = false): void {
    switch (input.from) {
      case 'path':
      case 'query':
      case 'header':
        this.#params.set(`${input.from}:${input.name}`, String(value));
        break;
      case 'raw-body':
        this.#whole('', value);
        break;
      case 'body':
        this.#whole(input.at, value);
        break;
      case 'element':
        if (input.at === '' && this.#isText(element, isText)) this.#set(element, value);
        else this.#whole(element + input.at, value);
    }
  }

  /** Whether an element is a text, as its model has it, or else as the template, which reads no member of it. */
  #isText(element: string, isText: boolean): boolean {
    const model = stepsOf(element).reduce<Json | undefined>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as JsonObject)[step] : undefined,
      this.#body,
    );
    return model === undefined ? isText : typeof model === 'string';
  }

  /** A value that is stored whole is an object, from which the template may also read other members. */
  #whole(pointer: string, value: Json): void {
    const isWhole = pointer === '' || /\/\d+$/.test(pointer);
    const member = isWhole ? memberForText(this.#call, pointer.replace(/\/\d+$/, '/*')) : undefined;
    if (!isWhole) this.#set(pointer, value);
    else if (member !== undefined) this.#set(`${pointer}/${member}`, value);
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
      else if (from === 'header') headers[name] = value;
      else
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

/** The value from which the template makes the text. Transformations that a client cannot undo are ignored. */
function invert(text: string, encoding: string): string {
  if (encoding === 'base64-decoded') return Buffer.from(text).toString('base64');
  if (encoding === 'url-decoded') return encodeURIComponent(text);
  return text;
}
