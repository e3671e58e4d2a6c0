import { matchesPattern } from '../policy-pattern.ts';
import { fixedValues } from './interface/members.ts';
import { type Affix, affixOf, isClients } from './interface/offers.ts';
import type { Interface } from './interface/types.ts';
import { type Declaration, isObject } from './types.ts';

/**
 * The declared streams to which the definition's own roles let the API write, if they allow no others. Clients that
 * choose a stream can use only these.
 * @param prefix the prefix of the names of the run's own streams.
 * @returns undefined if the roles allow other streams, or cannot be evaluated.
 */
export function servedStreams(
  { roles, streams }: Pick<Declaration, 'roles' | 'streams'>,
  prefix: string,
): string[] | undefined {
  const resources = ownResources(roles, prefix);
  const names = streams.map(({ name }) => name).filter((name) => resources?.some((one) => covers(one, name)));
  return names.length === 0 ? undefined : names;
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

/** What roles allow for actions on streams; undefined if that includes streams of the run, or cannot be evaluated. */
function ownResources(roles: Declaration['roles'], prefix: string): string[] | undefined {
  if (roles.length === 0 || roles.some(({ managed }) => managed.length > 0)) return undefined;
  const resources = allowed(roles);
  return resources.some((one) => covers(one, `${prefix}Main-0123456789`)) ? undefined : resources;
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

/** The resources that statements allow for actions on streams; `*` for those that except resources. */
function allowed(roles: Declaration['roles']): string[] {
  return roles
    .flatMap(({ inline }) => inline.flatMap(({ document }) => [document.Statement ?? []].flat()))
    .filter(isObject)
    .filter(
      ({ Effect, Action, NotAction }) =>
        Effect === 'Allow' && (NotAction !== undefined || [Action ?? []].flat().some(isOfAStream)),
    )
    .flatMap(({ Resource, NotResource }) =>
      NotResource === undefined ? [Resource ?? []].flat().map(String) : ['*'],
    );
}

function isOfAStream(action: unknown): boolean {
  const pattern = String(action).toLowerCase();
  return OF_A_STREAM.some((name) => matchesPattern(`kinesis:${name}`.toLowerCase(), pattern));
}

/** Whether a policy's resource covers a stream of the run's region and account. */
function covers(resource: string, name: string): boolean {
  return resource === '*' || matchesPattern(`stream/${name}`, resource.split(':').slice(5).join(':'));
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

/** The streams that an API's definition fixes, so that clients cannot choose. */
export function fixedStreams({ calls }: Interface): string[] {
  const names = calls.flatMap(({ stream }) =>
    stream !== undefined && 'fixed' in stream ? (fixedValues(stream) ?? [stream.fixed]).map(String) : [],
  );
  return [...new Set(names)].filter((name) => name !== '');
}
