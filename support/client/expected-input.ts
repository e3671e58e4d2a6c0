import { evaluate, inputValue } from '../../infra/definition/interface/evaluate.ts';
import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isUndetermined } from '../../infra/definition/interface/offers.ts';
import { isInput, listPointer, recordsIn } from '../../infra/definition/interface/places.ts';
import { jsonAt, type Sample, sampleOfTexts } from '../../infra/definition/interface/sample.ts';
import type { Call, Place, RecordPlaces } from '../../infra/definition/interface/types.ts';
import { isObject, type Json } from '../../infra/definition/types.ts';
import { sentFor } from './fitting.ts';
import { GatewayValues, matchesStored } from './gateway-values.ts';
import type { ProxyRequest } from './requests.ts';

/** What Kinesis should receive and store for a request, according to the interface. */
export interface ExpectedInput {
  readonly stream: string;
  readonly records: readonly ExpectedRecord[];
}

export interface ExpectedData {
  /** Values that the gateway generates are placeholders here; `gateway-values.ts` compares and prints them. */
  readonly data: string;
  /** The gateway serializes it as JSON, so the value is compared rather than the text. */
  readonly isPrinted?: true;
}

export interface ExpectedRecord extends ExpectedData {
  /** With placeholders, like `data`; undefined if the gateway generates all of it, or its source is unknown. */
  readonly partitionKey: string | undefined;
}

/** Computes from the interface what Kinesis should receive for a request. */
export function expectedInput(
  call: Call,
  request: ProxyRequest,
  stageVariables: Readonly<Record<string, string>>,
): ExpectedInput {
  const sample = sampleOf(call, request, stageVariables);
  const stream = call.stream === undefined ? '' : evaluate(call.stream, sample);
  const { records } = call;
  // A key whose source is unknown cannot be predicted.
  const known = <T extends RecordPlaces>({ partitionKey, ...places }: T): RecordPlaces =>
    partitionKey === undefined || isUndetermined(call, 'PartitionKey') ? places : { ...places, partitionKey };
  if (records === undefined)
    return { stream, records: call.data ? [expectedRecord(known(call), sample)] : [] };
  if ('written' in records)
    return { stream, records: records.written.map((places) => expectedRecord(known(places), sample)) };
  const at = listPointer(call);
  const elements = jsonAt(parsed(request.body), at);
  const count = Array.isArray(elements) ? elements.length : 0;
  return {
    stream,
    records: Array.from({ length: count }, (_, index) =>
      expectedRecord(known(records.element), sample, `${at}/${index}`),
    ),
  };
}

/** What a template of several inputs makes of each input that has a record's text: all of these have to keep it. */
export function partsWith(
  text: string,
  { call, request }: { readonly call: Call; readonly request: ProxyRequest },
  index: number,
): string[] {
  const { data } = placesOfRecord(call, index);
  if (data === undefined || !('template' in data)) return [];
  const [sample, element] = [sampleOf(call, request, {}), `${listPointer(call)}/${index}`];
  return data.template.flatMap((part) => {
    if (typeof part === 'string' || !('from' in part) || !isInput(part)) return [];
    return inputValue(part, sample, element) === sentFor(part, text) ? [evaluate(part, sample, element)] : [];
  });
}

function placesOfRecord(call: Call, index: number): RecordPlaces {
  const places = recordsIn(call);
  return places[index] ?? places[0] ?? {};
}

/** @returns null for a body that is not JSON, in which no template finds a list. */
function parsed(body = 'null'): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function expectedRecord({ data, partitionKey }: RecordPlaces, sample: Sample, element = ''): ExpectedRecord {
  return {
    data: data === undefined ? '' : evaluate(data, sample, element),
    ...(isPrinted(data) && { isPrinted: true as const }),
    partitionKey:
      partitionKey === undefined || isMadeUp(partitionKey)
        ? undefined
        : evaluate(partitionKey, sample, element),
  };
}

function isPrinted(place: Place | undefined): boolean {
  if (place === undefined || 'fixed' in place) return false;
  if ('template' in place) return place.template.some((part) => typeof part !== 'string' && isPrinted(part));
  return place.as?.includes('json') ?? false;
}

/**
 * Whether a stored text is the expected data, with any generated values. Data that the gateway prints as JSON is
 * compared as JSON, since AWS does not document which characters it escapes.
 */
export function isStoredAs({ data, isPrinted: isJson }: ExpectedData, stored: string): boolean {
  return (
    matchesStored(data, stored) || (isJson === true && matchesStored(reprinted(data), reprinted(stored)))
  );
}

/** The size of the cache: hundreds of records are compared with each other. */
const MAX_REPRINTED = 2_000;
const reprints = new Map<string, string>();

/** JSON in a canonical form, with members sorted by name; other text is unchanged. */
function reprinted(text: string): string {
  const known = reprints.get(text);
  if (known !== undefined) return known;
  if (reprints.size >= MAX_REPRINTED) reprints.clear();
  const made = sortedJson(text) ?? text;
  reprints.set(text, made);
  return made;
}

/** @returns undefined if it is not JSON. */
function sortedJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), (_, value: Json) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value,
    );
  } catch {
    return undefined;
  }
}

function isMadeUp(place: Place): boolean {
  const inputs = inputsIn(place);
  return inputs.length > 0 && !inputs.some(isInput);
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
  return {
    ...sampleOfTexts(new GatewayValues('header:', params), request.body ?? '', stageVariables),
    context: new GatewayValues('', []),
  };
}
