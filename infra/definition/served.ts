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
  const statements = roles.flatMap(({ inline }) =>
    inline.flatMap(({ document }) => [document.Statement ?? []].flat()).filter(isObject),
  );
  const reaches = (name: string) =>
    statements.some(
      ({ Effect, Resource, NotResource }) =>
        Effect === 'Allow' &&
        (NotResource !== undefined || [Resource ?? []].flat().some((one) => isOf(String(one), name))),
    );
  const isKnown = roles.length > 0 && roles.every(({ managed }) => managed.length === 0);
  if (!isKnown || reaches(`${prefix}Main-0123456789`)) return undefined;
  const names = streams.map(({ name }) => name).filter(reaches);
  return names.length === 0 ? undefined : names;
}

/** Whether a policy's resource covers a stream of the run's region and account. */
function isOf(resource: string, name: string): boolean {
  if (resource === '*') return true;
  const pattern = resource
    .split(':')
    .slice(5)
    .join(':')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(`stream/${name}`);
}

/** What an API adds around the stream names that clients choose; undefined if its calls differ. */
export function affixOfAll({ calls }: Interface): Affix | undefined {
  const [first, ...others] = calls.flatMap(({ stream }) => (isClients(stream) ? [affixOf(stream)] : []));
  const isOne = others.every((each) => each?.before === first?.before && each?.after === first?.after);
  return isOne ? first : undefined;
}
