import { matchesPattern } from '../policy-pattern.ts';
import { fixedValues } from './interface/members.ts';
import { type Affix, affixOf, isClients, whyMaybe } from './interface/offers.ts';
import type { Call, Interface } from './interface/types.ts';
import { type Declaration, isObject, type Json } from './types.ts';

/**
 * The streams that the definition's own roles let the API use, if they allow no others: those that the file declares,
 * and where clients choose the stream, those that only the roles name. Clients can use only these.
 * @param prefix the prefix of the names of the run's own streams.
 * @returns undefined if the roles allow other streams, or cannot be evaluated. Streams for which they allow every
 * action that clients can ask come first.
 */
export function servedStreams(
  { roles, streams }: Pick<Declaration, 'roles' | 'streams'>,
  prefix: string,
  offered: Interface,
): string[] | undefined {
  const resources = ownResources(roles, prefix);
  if (resources === undefined) return undefined;
  const declared = streams.map(({ name }) => name).filter((name) => isCovered(name, resources));
  const names = choosesStream(offered) ? named(offered, declared, resources, { roles, prefix }) : declared;
  const actions = actionsOfClients(offered);
  const isWhole = (name: string) => actions.every((action) => isCovered(name, allowed(roles, [action])));
  const whole = names.filter(isWhole);
  return names.length === 0 ? undefined : [...whole, ...names.filter((name) => !whole.includes(name))];
}

/** The streams that clients can name: declared ones, and those that the roles name if no pattern of theirs has more. */
function named(
  offered: Interface,
  declared: readonly string[],
  resources: readonly string[],
  { roles, prefix }: { roles: Declaration['roles']; prefix: string },
): string[] {
  const { before, after } = affixOfAll(offered) ?? { before: '', after: '' };
  const isPattern = reachedAffix({ roles }, prefix) !== undefined;
  const exact = isPattern ? [] : resources.flatMap((one) => streamNamedBy(one) ?? []);
  return [...new Set([...declared, ...exact])].filter(
    (name) => name.startsWith(before) && name.endsWith(after),
  );
}

/** The actions for which clients choose the stream. */
function actionsOfClients({ calls }: Interface): string[] {
  const actions = calls.flatMap(({ action, stream }) => (isClients(stream) ? [action] : []));
  return OF_A_STREAM.filter((action) => actions.includes(action));
}

/**
 * What the names of streams begin and end with that the definition's own roles reach, such as `chat-` for
 * `stream/chat-*`, if they reach no stream with the run's prefix.
 * @returns undefined if they do, or if no pattern of names is known.
 */
export function reachedAffix({ roles }: Pick<Declaration, 'roles'>, prefix: string): Affix | undefined {
  const [found] = (ownResources(roles, prefix) ?? []).flatMap((one) => {
    const [, before, after] = /:stream\/([^*?]*)\*([^*?]*)$/.exec(one) ?? [];
    return before === undefined || after === undefined ? [] : [{ before, after }];
  });
  return found;
}

/** The policy that the console attaches to roles for API Gateway; it says nothing of Kinesis. */
const OF_LOGS = /\/AmazonAPIGatewayPushToCloudWatchLogs$/;

/** What roles allow for actions on streams; undefined if that includes streams of the run, or cannot be evaluated. */
function ownResources(roles: Declaration['roles'], prefix: string): string[] | undefined {
  const isUnknown = roles.some(({ managed }) => managed.some((arn) => !OF_LOGS.test(arn)));
  if (roles.length === 0 || isUnknown) return undefined;
  const resources = allowed(roles, OF_A_STREAM);
  return isCovered(`${prefix}Main-0123456789`, resources) ? undefined : resources;
}

/** Actions on one stream; `ListStreams` has no resource, so that its statement says nothing of streams. */
const OF_A_STREAM = [
  'PutRecord',
  'PutRecords',
  'GetRecords',
  'GetShardIterator',
  'DescribeStream',
  'CreateStream',
  'DeleteStream',
];

/** The resources that statements allow for any of some actions; `*` for those that except resources. */
function allowed(roles: Declaration['roles'], actions: readonly string[]): string[] {
  const isOfThese = (one: Json) => actions.some((action) => isAction(action, one));
  return roles
    .flatMap(({ inline }) => inline.flatMap(({ document }) => [document.Statement ?? []].flat()))
    .filter(isObject)
    .filter(
      ({ Effect, Action, NotAction }) =>
        Effect === 'Allow' && (NotAction !== undefined || [Action ?? []].flat().some(isOfThese)),
    )
    .flatMap(({ Resource, NotResource }) =>
      NotResource === undefined ? [Resource ?? []].flat().map(String) : ['*'],
    );
}

function isAction(name: string, pattern: Json): boolean {
  return matchesPattern(`kinesis:${name}`.toLowerCase(), String(pattern).toLowerCase());
}

const isCovered = (name: string, resources: readonly string[]) => resources.some((one) => covers(one, name));

/** The fields of an ARN for partition, region and account. */
const OF_PLACE: ReadonlySet<number> = new Set([1, 3, 4]);

/**
 * Whether a policy's resource covers a stream, in whatever region and account. A `*` may match beyond a colon, as in
 * `arn:aws:kinesis:*` (docs/facts/iam.md#policies).
 */
export function covers(resource: string, name: string): boolean {
  const own = ['arn', 'aws', 'kinesis', 'us-east-1', '123456789012'];
  const fields = resource
    .split(':')
    .map((field, at) => (OF_PLACE.has(at) && !/[*?]/.test(field) ? (own[at] ?? field) : field));
  return matchesPattern([...own, `stream/${name}`].join(':'), fields.join(':'));
}

/** The name of the one stream that a policy's resource is the ARN of; undefined for a pattern and for other things. */
export function streamNamedBy(resource: string): string | undefined {
  return /^arn:[^:]*:kinesis:[^:]*:[^:]*:stream\/([\w.-]+)$/.exec(resource)?.[1];
}

/** Whether clients choose the stream of some call. */
export function choosesStream({ calls }: Interface): boolean {
  return calls.some(({ stream }) => isClients(stream));
}

/** What an API adds around the stream names that clients choose; undefined if its calls differ. */
export function affixOfAll({ calls }: Interface): Affix | undefined {
  const [first, ...others] = calls.flatMap(({ stream }) => (isClients(stream) ? [affixOf(stream)] : []));
  const isOne = others.every((each) => each?.before === first?.before && each?.after === first?.after);
  return isOne ? first : undefined;
}

/** A name that Kinesis accepts (docs/facts/kinesis.md#shapes); a template may name a stream by a text that is none. */
const NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/** The streams that an API's definition fixes, so that clients cannot choose. */
export function fixedStreams({ calls }: Interface): string[] {
  const names = calls.flatMap(({ stream }) =>
    stream !== undefined && 'fixed' in stream ? (fixedValues(stream) ?? [stream.fixed]).map(String) : [],
  );
  return [...new Set(names)].filter((name) => NAME.test(name));
}

/** The streams that an API names by itself; undefined if clients choose one, or if one is not always known. */
export function namedStreams(offered: Interface): string[] | undefined {
  const isFixed = (call: Call) => {
    if (call.undetermined.some(({ what }) => what === 'StreamName' || what === 'StreamARN')) return false;
    return call.stream === undefined ? whyMaybe(call, 'stream') === undefined : 'fixed' in call.stream;
  };
  return offered.calls.every(isFixed) ? fixedStreams(offered) : undefined;
}

/** Whether a stream's key is the one that AWS manages for Kinesis, which needs no permissions of a role. */
export function isDefaultKey(key: Json | undefined): boolean {
  return typeof key === 'string' && /(^|:)alias\/aws\/kinesis$/.test(key);
}

/**
 * Whether a key other than the default one encrypts, or may encrypt, some stream that an API serves: streams that the
 * file does not declare may have one.
 * @param served the only streams that clients can choose; undefined: any.
 */
export function mayHaveOwnKey(
  { streams }: Pick<Declaration, 'streams'>,
  offered: Interface,
  served: readonly string[] | undefined,
): boolean {
  if (choosesStream(offered) && served === undefined) return true;
  const keys = new Map(streams.map(({ name, hasOwnKey = false }) => [name, hasOwnKey]));
  return [...fixedStreams(offered), ...(choosesStream(offered) ? (served ?? []) : [])].some(
    (name) => keys.get(name) ?? true,
  );
}
