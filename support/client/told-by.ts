import { evaluate } from '../../infra/definition/interface/evaluate.ts';
import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isInput, isUndetermined } from '../../infra/definition/interface/offers.ts';
import { type Sample, sampleOfTexts, stepsOf } from '../../infra/definition/interface/sample.ts';
import type { Call, Place, RecordPlaces } from '../../infra/definition/interface/types.ts';
import { isObject, type Json } from '../../infra/definition/types.ts';
import { isMade, MadeUp } from './made-up.ts';
import type { ProxyRequest } from './requests.ts';

/** What Kinesis is told by a request, and stores of it, as the interface says. */
export interface Told {
  readonly stream: string;
  readonly records: readonly ToldRecord[];
}

export interface ToldRecord {
  /** With a mark in place of each value that the gateway makes up: `isMade` and `readable` of `made-up.ts` know it. */
  readonly data: string;
  /** The gateway prints it as JSON, which has more than one way to write a value. */
  readonly isPrinted?: true;
  /** Marked like data; undefined where the gateway makes up all of it, or nobody knows what it follows from. */
  readonly partitionKey: string | undefined;
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
  // What the key follows from, nobody knows: whichever there is.
  const known = <T extends RecordPlaces>({ partitionKey, ...places }: T): RecordPlaces =>
    partitionKey === undefined || isUndetermined(call, 'PartitionKey') ? places : { ...places, partitionKey };
  if (records === undefined) return { stream, records: call.data ? [toldRecord(known(call), sample)] : [] };
  if ('written' in records)
    return { stream, records: records.written.map((places) => toldRecord(known(places), sample)) };
  const { list, element } = records;
  const at = 'at' in list ? list.at : '';
  const elements = stepsOf(at).reduce<Json | undefined>(
    (value, step) => (isObject(value) ? value[step] : undefined),
    parsed(request.body),
  );
  const count = Array.isArray(elements) ? elements.length : 0;
  return {
    stream,
    records: Array.from({ length: count }, (_, index) =>
      toldRecord(known(element), sample, `${at}/${index}`),
    ),
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
 * Whether a stored text is the data that was told, whatever the gateway made up in it. What it prints is compared as JSON:
 * AWS does not say which characters it escapes.
 */
export function isStoredAs({ data, isPrinted: isJson }: ToldRecord, stored: string): boolean {
  return isMade(data, stored) || (isJson === true && isMade(reprinted(data), reprinted(stored)));
}

/** JSON in one way of the many to write it; what is no JSON as it is. */
function reprinted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
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
    ...sampleOfTexts(new MadeUp('header:', params), request.body ?? '', stageVariables),
    context: new MadeUp('', []),
  };
}
