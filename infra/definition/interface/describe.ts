import { type Call, EIGHT_ACTIONS, type Input, type Interface, type Place } from './types.ts';

/** Describes interfaces for people. */

/** Describes the place of a value: `{stream-name}`, `?shard-id`, `header Shard-Iterator`, `body /Data as JSON`. */
export function describePlace(place: Place): string {
  const absent = place.whenAbsent;
  const other =
    absent === undefined ? '' : absent === 'omitted' ? ', or none' : `, or ${describePlace(absent)}`;
  if ('fixed' in place) {
    const fixed = typeof place.fixed === 'string' ? place.fixed : JSON.stringify(place.fixed);
    const given = place.given ? ` if ${describeInput(place.given)} is given${other}` : '';
    return `${printable(fixed)}${given}`;
  }
  if ('template' in place)
    return place.template
      .map((part) => (typeof part === 'string' ? printable(part) : `<${describePlace(part)}>`))
      .join('');
  const encodings = (place.as ?? []).map((encoding) => (encoding === 'json' ? 'JSON' : encoding));
  const as = encodings.length === 0 ? '' : ` as ${encodings.join(', ')}`;
  const when = place.when ? ` when ${describeInput(place.when.input)} is ${place.when.is.join(' or ')}` : '';
  return `${describeInput(place)}${as}${changesOf(place)}${other}${when}`;
}

function changesOf({ put = {}, removed = [] }: Extract<Place, { from: string }>): string {
  const added = Object.entries(put).map(([at, place]) => `${printable(at)} = ${describePlace(place)}`);
  const lost = removed.map(printable);
  return [
    ...(added.length > 0 ? [` with ${added.join(' and ')}`] : []),
    ...(lost.length > 0 ? [` without ${lost.join(' and ')}`] : []),
  ].join('');
}

export function describeInput(input: Input): string {
  switch (input.from) {
    case 'path':
      return `{${printable(input.name)}}`;
    case 'query':
      return `?${printable(input.name)}`;
    case 'header':
      return `header ${printable(input.name)}`;
    case 'body':
      return input.at === '' ? 'the body' : `body ${printable(input.at)}`;
    case 'element':
      return input.at === '' ? 'each element' : `each ${printable(input.at)}`;
    case 'raw-body':
      return 'the body';
    case 'context':
      return `$${input.name.startsWith('foreach.') ? '' : 'context.'}${printable(input.name)}`;
    case 'stage-variable':
      return `$stageVariables.${printable(input.name)}`;
  }
}

/** Members without a column of their own, and their names. */
const FURTHER = [
  ['shardId', 'shard'],
  ['iterator', 'iterator'],
  ['iteratorType', 'type'],
  ['startingSequenceNumber', 'sequence number'],
  ['timestamp', 'timestamp'],
  ['shardCount', 'shards'],
  ['limit', 'limit'],
  ['exclusiveStartStreamName', 'after'],
  ['exclusiveStartShardId', 'after shard'],
  ['nextToken', 'next token'],
  ['explicitHashKey', 'hash key'],
] as const;

/** A call as people refer to it: `POST /events`, or `POST /events as text/plain` where another template comes first. */
export function nameOfCall({ method, path, contentType, isFurther }: Call): string {
  return `${method} ${printable(path)}${isFurther ? ` as ${printable(contentType)}` : ''}`;
}

/** The column headings for `rowOf`. */
export const HEAD = ['action', 'method and path', 'stream', 'values', 'key', 'stored', 'auth', 'errors'];

/** A call as a table row; `-` for what it lacks. */
export function rowOf(call: Call): string[] {
  const { records } = call;
  const one = records === undefined ? call : 'list' in records ? records.element : records.written[0];
  const list = records && 'list' in records ? [`records ${describeInput(records.list)}`] : [];
  const data = one?.data ? [`data ${describePlace(one.data)}`] : [];
  const further = FURTHER.flatMap(([field, name]) => {
    const place = call[field];
    return place ? [`${name} ${describePlace(place)}`] : [];
  });
  const others = Object.entries(call.others ?? {}).map(([name, place]) => `${name} ${describePlace(place)}`);
  const key = one?.partitionKey;
  return [
    call.action || '?',
    nameOfCall(call),
    call.stream ? describePlace(call.stream) : '-',
    [...list, ...data, ...further, ...others].join('; ') || '-',
    key ? `${describePlace(key)}${call.key === 'fixed' ? ' (fixed)' : ''}` : '-',
    call.stored ?? '-',
    call.apiKeyRequired && call.auth !== 'api-key' ? `${call.auth}, api-key` : call.auth,
    call.errors,
  ];
}

/** Summarises an interface in one line: `2 of 8 calls: PutRecord at POST /events on stream clicks, …; absent: …`. */
export function summarise(api: Interface): string {
  const { absent } = api;
  const others = unjudgedIn(api);
  const calls = api.calls.filter(isJudged);
  const found = calls.map((call) => {
    const { action, stream } = call;
    const on = stream && 'fixed' in stream ? ` on stream ${describePlace(stream)}` : '';
    return `${action || '?'} at ${nameOfCall(call)}${on}`;
  });
  const kinds = new Set(calls.map(({ action }) => action)).size;
  const methods = new Set(calls.map(({ method, path }) => `${method} ${path}`)).size;
  const extra = methods > kinds ? ` (${methods} methods)` : '';
  const known = 8 - absent.length;
  return `${known} of 8 calls${extra}: ${found.join(', ') || 'none'}${absent.length > 0 ? `; absent: ${absent.join(', ')}` : ''}${others.length > 0 ? `; not judged: ${others.join(', ')}` : ''}`;
}

function isJudged({ action }: Call): boolean {
  return action === '' || (EIGHT_ACTIONS as readonly string[]).includes(action);
}

/** The methods of actions that no clause is about, such as ListShards. */
export function unjudgedIn({ calls }: Interface): string[] {
  return calls.filter((call) => !isJudged(call)).map((call) => `${call.action} at ${nameOfCall(call)}`);
}

/** What could not be determined about the calls, one line for each; a broken template is a weakness instead. */
export function undeterminedIn({ calls }: Interface): string[] {
  return calls.flatMap((call) =>
    call.undetermined
      .filter(({ what }) => what !== 'template')
      .map(({ what, why }) => `${nameOfCall(call)}, ${what}: ${why}`),
  );
}

/** Puts text of a user's file on one line and escapes control characters. */
function printable(text: string): string {
  return text
    .replaceAll('\n', '\\n')
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
    );
}
