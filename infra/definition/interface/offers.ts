import { fixedValues, inputsIn } from './members.ts';
import { isDataOfKey, isInput, placesIn, pointerForText, pointerOf, recordsIn } from './places.ts';
import { OTHER } from './shape.ts';
import { isOptional } from './texts.ts';
import type { Call, Input, MemberField, Place } from './types.ts';

/** Features of a call: what a client can choose, and what the definition decides. */
export const FEATURES = [
  'stream',
  'data',
  /** Data in the body, which has room for the largest record. */
  'body-data',
  /** Data in a JSON body that may be an object: no model says that it is a string, enforced or not. */
  'object-data',
  /** The client encodes the data itself. */
  'base64-data',
  'partition-key',
  /** The gateway or the definition sets the key. */
  'generated-key',
  'body',
  /** The call requires members of the body, but not the whole body. */
  'members',
  /** The call requires members of the body, or of the elements of a list in it. */
  'demands',
  /** A record requires members of a list element. */
  'elements',
  /** A body with a JSON media type. */
  'json-body',
  'shard',
  'iterator',
  'shard-count',
  'paging',
  /** The name after which a list of streams begins. */
  'start-of-list',
  /** A value that Kinesis accepts only in a certain form: an iterator type, a sequence number, a token. */
  'token',
  /** The answers to failures of Kinesis are known. */
  'mapped-failures',
  'preflight',
  /** The method demands a signature, or an API key. */
  'signature',
  'api-key',
  /** Iterators that begin at the client's choice, or at the oldest record. */
  'restart',
  /** For the whole API: its methods run under a role that the definition declares. */
  'own-role',
  /** For the whole API: its roles may access any stream that a client names. */
  'any-stream',
] as const;
export type Feature = (typeof FEATURES)[number];

export function isFeature(text: string): text is Feature {
  return (FEATURES as readonly string[]).includes(text);
}

/** Whether a client influences a member at all. */
export function isClients(place: Place | undefined): boolean {
  return place !== undefined && inputsIn(place).some(isInput);
}

/** What an API adds around a stream name that clients choose. */
export interface Affix {
  readonly before: string;
  readonly after: string;
}

/** What a client gives to the parts of a stream name before the last one, such as to `{team}` of `{team}-{name}`. */
export const NAME_PART = 'kpc';

/**
 * What is around the last of the client's parts of a stream name, with `NAME_PART` for those before it; undefined if
 * there is none, or a part that the client does not choose by itself.
 */
export function affixOf(place: Place | undefined): Affix | undefined {
  if (place === undefined || !isClients(place)) return undefined;
  if (!('template' in place)) return { before: '', after: '' };
  const { template } = place;
  const at = template.findLastIndex((part) => typeof part !== 'string');
  const inputs = inputsIn(place);
  const isOwn = inputs.length === new Set(inputs.map((input) => JSON.stringify(input))).size;
  if (!isOwn || (inputs.length > 1 && !inputs.every(isInput))) return undefined;
  const before = template.slice(0, at).map((part) => (typeof part === 'string' ? part : NAME_PART));
  return { before: before.join(''), after: template.slice(at + 1).join('') };
}

/** Whether the value that Kinesis gets for a member, such as `Data` or `PartitionKey`, is undetermined. */
export function isUndetermined({ undetermined }: Call, member: string): boolean {
  return undetermined.some(
    ({ what, sometimes }) => !sometimes && (what === member || what.endsWith(`/${member}`)),
  );
}

export function hasFeature(call: Call, feature: Feature): boolean {
  switch (feature) {
    case 'stream':
      return isClients(call.stream);
    case 'data':
      return recordsIn(call).some(({ data }) => isClients(data) && hasRoom(call, data));
    case 'body-data':
      return recordsIn(call).some(
        // A key is short.
        (places) => isInBody(call, places.data) && !isDataOfKey(places),
      );
    case 'base64-data':
      return recordsIn(call).some(
        ({ data }) =>
          data !== undefined && 'from' in data && data.as?.at(-1) === 'base64-decoded' && isClients(data),
      );
    case 'partition-key':
      return recordsIn(call).some(
        ({ partitionKey }) => isClients(partitionKey) && hasRoom(call, partitionKey),
      );
    case 'generated-key':
      return recordsIn(call).some(
        ({ partitionKey }) => partitionKey !== undefined && !isClients(partitionKey),
      );
    case 'object-data':
      return (
        hasFeature(call, 'json-body') &&
        recordsIn(call).some(({ data }) => isInBody(call, data)) &&
        call.describesText !== true
      );
    case 'body':
      return placesIn(call).flatMap(inputsIn).some(isOfBody);
    case 'members':
      return demandedMembers(call).some(({ from }) => from === 'body');
    case 'demands':
      return demandedMembers(call).length > 0;
    case 'elements':
      return (
        hasFeature(call, 'json-body') &&
        recordsIn(call).some((places) =>
          [places.data, places.partitionKey].some((place) => hasDemandedElements(call, place)),
        )
      );
    case 'json-body':
      return hasFeature(call, 'body') && /[/+]json\b/.test(call.contentType);
    case 'shard':
      return isClients(call.shardId);
    case 'iterator':
      return isClients(call.iterator);
    case 'shard-count':
      return isClients(call.shardCount);
    case 'paging':
      return isClients(call.exclusiveStartStreamName) || isClients(call.nextToken);
    case 'start-of-list':
      return isClients(call.exclusiveStartStreamName);
    case 'token':
      return (
        FURTHER_FIELDS.some((field) => isClients(call[field])) ||
        takesHashKeys(call) ||
        furtherNames(call).length > 0
      );
    case 'mapped-failures':
      return call.statuses.InternalFailure !== undefined;
    case 'preflight':
      return call.cors?.preflight === true;
    case 'signature':
      return call.auth === 'iam';
    case 'api-key':
      return call.apiKeyRequired;
    case 'restart':
      return call.action !== 'GetShardIterator' || canRestart(call);
    // These depend on the API's roles, not on a call.
    case 'own-role':
    case 'any-stream':
      return true;
  }
}

/** Whether the iterators of a call begin at an end of the shard, whatever the client asks. */
export function beginsAtEnd({ iteratorType }: Pick<Call, 'iteratorType'>): boolean {
  return fixedValues(iteratorType)?.every((type) => type === 'TRIM_HORIZON' || type === 'LATEST') ?? false;
}

function canRestart({ iteratorType }: Call): boolean {
  const values = fixedValues(iteratorType);
  return values === undefined || values.includes('TRIM_HORIZON');
}

/** Why the whole request to Kinesis is unknown, such as a template that renders no JSON; undefined if it is known. */
export function whyUnknown({ undetermined }: Call): string | undefined {
  return undetermined.find(({ what }) => NOTHING_KNOWN.has(what))?.why;
}

const NOTHING_KNOWN: ReadonlySet<string> = new Set(['request', 'template', 'integration', 'action']);

/** Features that do not depend on the request template. */
const BESIDE_REQUESTS: readonly Feature[] = [
  'mapped-failures',
  'preflight',
  'signature',
  'api-key',
  'own-role',
  'any-stream',
];

/** Whether a call has the feature, or may have it: a call that is undetermined is tried and ends as not observable. */
export function mayHave(call: Call, feature: Feature): boolean {
  return hasFeature(call, feature) || whyMaybe(call, feature) !== undefined;
}

/** Why a call may have a feature that it does not show; undefined if it lacks the feature. */
export function whyMaybe(call: Call, feature: Feature): string | undefined {
  if (BESIDE_REQUESTS.includes(feature)) return undefined;
  const members = MEMBERS_OF[feature] ?? [];
  const unknown = call.undetermined.find(
    ({ what, sometimes }) => !sometimes && members.includes(what.split('/').at(-1) ?? ''),
  );
  return whyUnknown(call) ?? unknown?.why;
}

/** The members of Kinesis's requests that decide whether a call has the feature. */
const MEMBERS_OF: Partial<Readonly<Record<Feature, readonly string[]>>> = {
  stream: ['StreamName', 'StreamARN'],
  data: ['Data'],
  'body-data': ['Data'],
  'object-data': ['Data'],
  'partition-key': ['PartitionKey'],
  shard: ['ShardId'],
  iterator: ['ShardIterator'],
  'shard-count': ['ShardCount'],
  paging: ['ExclusiveStartStreamName', 'NextToken'],
  'start-of-list': ['ExclusiveStartStreamName'],
};

function isOfBody({ from }: Input): boolean {
  return from === 'body' || from === 'raw-body' || from === 'element';
}
function hasDemandedElements(call: Call, place: Place | undefined): boolean {
  const demanded = place === undefined ? [] : demandedBy(call, place);
  return demanded.some((input) => input.from === 'element' && input.at !== '');
}

/** Whether what is stored has room for a client's text, by the call's model. */
function isInBody(call: Call, data: Place | undefined): boolean {
  return data !== undefined && inputsIn(data).some(isOfBody) && hasRoom(call, data);
}

function hasRoom(call: Call, data: Place | undefined): boolean {
  const inputs = data === undefined ? [] : inputsIn(data).filter(isInput);
  return inputs.some((input) => {
    const at = pointerOf(call, input);
    return at === undefined || pointerForText(call, at) !== undefined;
  });
}

/** The members of a body, or of an element, that the call requires. */
export function demandedMembers(call: Call): readonly (Input & { readonly at: string })[] {
  const found = placesIn(call)
    .flatMap((place) => demandedBy(call, place))
    .flatMap((input) => ('at' in input && input.at !== '' && !input.at.endsWith(`/${OTHER}`) ? [input] : []));
  return [...new Map(found.map((input) => [`${input.from} ${input.at}`, input])).values()];
}

/**
 * The inputs that a place requires. An object is complete without what the template would put there, and a text of several
 * members without one that an enforced model lists as optional.
 */
function demandedBy(call: Call, place: Place): readonly Input[] {
  if (place.whenAbsent !== undefined || 'fixed' in place) return [];
  if (!('template' in place)) return [place];
  const demanded = place.template.flatMap((part) => (typeof part === 'string' ? [] : demandedBy(call, part)));
  const needed = demanded.filter((input) => !isOptional(call.model, pointerOf(call, input) ?? ''));
  return needed.length > 0 ? needed : demanded;
}

/** Tokens, types, numbers and hash keys: members that no other feature is about. */
export const FURTHER_FIELDS = [
  'iteratorType',
  'startingSequenceNumber',
  'timestamp',
  'limit',
  'nextToken',
  'exclusiveStartShardId',
  'explicitHashKey',
] as const satisfies readonly MemberField[];

/** Whether a client gives the records of a batch their hash keys. */
export function takesHashKeys(call: Call): boolean {
  return recordsIn(call).some(({ explicitHashKey }) => isClients(explicitHashKey));
}

/** The client's members of Kinesis's request that have no field of their own, such as `SequenceNumberForOrdering`. */
export function furtherNames({ action, others = {} }: Call): string[] {
  if (action === 'CreateStream') return [];
  return Object.entries(others).flatMap(([name, place]) =>
    isClients(place) && !name.includes('/') ? [name] : [],
  );
}
