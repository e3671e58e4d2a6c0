import { evaluate } from '../../infra/definition/interface/evaluate.ts';
import { type Sample, sampleOfTexts, stepsOf } from '../../infra/definition/interface/sample.ts';
import type {
  Call,
  Input,
  MemberField,
  Place,
  RecordPlaces,
} from '../../infra/definition/interface/types.ts';
import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { exampleOf } from './example.ts';
import type { ProxyRequest } from './requests.ts';

/** One record that a client wants stored. */
export interface IntendedRecord {
  readonly data: string;
  /** Ignored where the client does not choose it. */
  readonly partitionKey: string;
}

/** What a client wants Kinesis to be told, by the fields of a call; of records, what each is to hold. */
export type Intent = Partial<Readonly<Record<MemberField, string>>> & {
  readonly records?: readonly IntendedRecord[];
};

/** What Kinesis is told by a request, and stores of it, as the interface says. */
export interface Told {
  readonly stream: string;
  readonly records: readonly ToldRecord[];
}

export interface ToldRecord {
  readonly data: string;
  /** Undefined where the gateway makes it up. */
  readonly partitionKey: string | undefined;
}

/** What a client sends where nothing else is asked for, so that the call is a good one. */
const DEFAULTS: Intent = { iteratorType: 'TRIM_HORIZON', partitionKey: 'some key', data: 'some data' };

/** A member of a body that is stored whole. */
const PAYLOAD = 'payload';

/**
 * The request by which a client of the call tells Kinesis what is intended, as far as the call lets it say so: what is
 * fixed or generated stays as it is, and inputs that Kinesis is told nothing of get what the method's model asks for.
 */
export function requestOf(call: Call, intent: Intent): ProxyRequest {
  const request = new Draft(call);
  const wanted: Intent = { ...DEFAULTS, ...intent };
  if (call.records) request.batch(call.records, intent.records ?? [wanted as IntendedRecord]);
  for (const field of FIELDS) {
    const [place, value] = [call[field], wanted[field]];
    if (place !== undefined && value !== undefined) request.tell(place, value);
  }
  for (const place of Object.values(call.others ?? {})) request.tell(place, 'some value');
  return request.done();
}

/** What the interface says that Kinesis is told by a request. */
export function toldBy(
  call: Call,
  request: ProxyRequest,
  stageVariables: Readonly<Record<string, string>>,
): Told {
  const sample = sampleOf(call, request, stageVariables);
  const stream = call.stream === undefined ? '' : evaluate(call.stream, sample);
  const { records } = call;
  if (records === undefined) return { stream, records: call.data ? [toldRecord(call, sample)] : [] };
  if ('written' in records)
    return { stream, records: records.written.map((places) => toldRecord(places, sample)) };
  const { list, element } = records;
  const at = 'at' in list ? list.at : '';
  const elements = stepsOf(at).reduce<Json | undefined>(
    (value, step) => (isObject(value) ? value[step] : undefined),
    parsed(request.body),
  );
  const count = Array.isArray(elements) ? elements.length : 0;
  return {
    stream,
    records: Array.from({ length: count }, (_, index) => toldRecord(element, sample, `${at}/${index}`)),
  };
}

/** @returns null for a body that is not JSON, in which no template finds a list. */
function parsed(body = 'null'): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function toldRecord({ data, partitionKey }: RecordPlaces, sample: Sample, element = ''): ToldRecord {
  return {
    data: data === undefined ? '' : evaluate(data, sample, element),
    partitionKey:
      partitionKey === undefined || isGenerated(partitionKey)
        ? undefined
        : evaluate(partitionKey, sample, element),
  };
}

function isGenerated(place: Place): boolean {
  if ('fixed' in place) return false;
  if ('template' in place)
    return place.template.some((part) => typeof part !== 'string' && isGenerated(part));
  return place.from === 'context' || place.from === 'stage-variable';
}

const FIELDS: readonly MemberField[] = [
  'stream',
  'data',
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

  tell(place: Place, value: string, element?: string): void {
    if ('fixed' in place) return;
    if ('when' in place && place.when) this.#give(place.when.input, place.when.is[0] ?? '', element);
    if ('template' in place) {
      for (const part of place.template) if (typeof part !== 'string') this.tell(part, value, element);
      return;
    }
    const inverted = (place.as ?? []).toReversed().reduce(invert, value);
    const isNumber = /^-?\d+$/.test(inverted) && (place.unquoted || this.#takesNumber(place));
    this.#give(place, isNumber ? Number(inverted) : inverted, element);
  }

  /** Whether the call's model has a number there, which a validator holds the client to whatever the template prints. */
  #takesNumber(input: Input): boolean {
    if (input.from !== 'body') return false;
    let at: Json | undefined = this.#call.model;
    for (const step of stepsOf(input.at)) {
      const properties: Json | undefined = isObject(at) ? at.properties : undefined;
      at = isObject(properties) ? properties[step] : undefined;
    }
    return isObject(at) && (at.type === 'integer' || at.type === 'number');
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
    if (data) this.tell(data, record.data, element);
    if (partitionKey) this.tell(partitionKey, record.partitionKey, element);
  }

  #give(input: Input, value: string | number, element = ''): void {
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
        this.#whole(element + input.at, value);
    }
  }

  /** Where all of something is stored, it is an object, which other members may be read from. */
  #whole(pointer: string, value: Json): void {
    const isWhole = pointer === '' || /\/\d+$/.test(pointer);
    this.#set(isWhole ? `${pointer}/${PAYLOAD}` : pointer, value);
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
    // A parameter that Kinesis is told nothing of still has to be there.
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

/** What a client sends for a template to make the text of it; what no client can undo is left to be evaluated. */
function invert(text: string, encoding: string): string {
  if (encoding === 'base64-decoded') return Buffer.from(text).toString('base64');
  if (encoding === 'url-decoded') return encodeURIComponent(text);
  return text;
}

/** A request as its template sees it. */
function sampleOf(
  { path }: Call,
  request: ProxyRequest,
  stageVariables: Readonly<Record<string, string>>,
): Sample {
  const params = new Map<string, string>();
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
  const pattern = path
    .replaceAll(/[.*?^$|()[\]\\]/g, '\\$&')
    .replaceAll(/\{[^}]+?(\+?)\}/g, (_, greedy) => (greedy ? '(.+)' : '([^/]+)'));
  for (const [index, value] of (new RegExp(`^${pattern}$`).exec(request.path) ?? []).slice(1).entries())
    params.set(`path:${names[index]}`, decodeURIComponent(value));
  for (const [name, value] of request.query) params.set(`query:${name}`, value);
  for (const [name, value] of Object.entries(request.headers)) params.set(`header:${name}`, value);
  return sampleOfTexts(params, request.body ?? '', stageVariables);
}
