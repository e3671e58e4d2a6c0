import { GetRestApiCommand, GetRestApisCommand, type RestApi } from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, GetUserCommand, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  DescribeStreamSummaryCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import { listApiKeys, listUsagePlans } from '../provision/api-keys.ts';
import type { Clients } from '../provision/clients.ts';
import { labelIn } from '../provision/rest-api.ts';
import { isAbsence, isDenial, isRefusal } from '../provision/undo.ts';
import { USER_PATH } from '../provision/user.ts';
import type { Found } from './proof.ts';

/** A name that Kinesis accepts; a journal also contains names that scenarios expect it to refuse. */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/** The stream with its tags; undefined if it does not exist. */
export async function findStream({ kinesis }: Clients, name: string): Promise<Found | undefined> {
  if (!STREAM_NAME.test(name)) return undefined;
  return unlessHidden({ kind: 'stream', name }, async () => {
    const { StreamDescriptionSummary: summary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: name }),
    );
    if (summary?.StreamStatus === 'DELETING') return undefined;
    const { Tags = [] } = await kinesis.send(new ListTagsForStreamCommand({ StreamName: name }));
    return {
      kind: 'stream',
      id: name,
      name,
      tags: toTags(Tags),
      createdAt: summary?.StreamCreationTimestamp?.getTime(),
    };
  });
}

/** The names of streams with this prefix, in name order. */
export async function streamNames(clients: Clients, prefix: string): Promise<string[]> {
  // Read the whole list if a list can only start at an existing stream, as on LocalEmu.
  return namesFrom(clients, prefix, prefix).catch(() => namesFrom(clients, prefix, undefined));
}

async function namesFrom({ kinesis }: Clients, prefix: string, after: string | undefined): Promise<string[]> {
  const names: string[] = [];
  for (let start = after; ; ) {
    const page: { StreamNames?: string[] | undefined; HasMoreStreams?: boolean | undefined } =
      await kinesis.send(
        new ListStreamsCommand(start === undefined ? {} : { ExclusiveStartStreamName: start }),
      );
    const found = page.StreamNames ?? [];
    names.push(...found.filter((name) => name.startsWith(prefix)));
    const last = found.at(-1);
    const isPast = last !== undefined && last > prefix && !last.startsWith(prefix);
    if (!page.HasMoreStreams || last === undefined || last === start || isPast) return names;
    start = last;
  }
}

/** The role with its tags, which lists lack. */
export async function findRole({ iam }: Clients, name: string): Promise<Found | undefined> {
  return unlessHidden({ kind: 'role', name }, async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return {
      kind: 'role',
      id: name,
      name,
      tags: toTags(Role?.Tags ?? []),
      createdAt: Role?.CreateDate?.getTime(),
    };
  });
}

export async function roleNames({ iam }: Clients, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page: { Roles?: { RoleName?: string | undefined }[] | undefined; Marker?: string | undefined } =
      await iam.send(new ListRolesCommand(marker === undefined ? {} : { Marker: marker }));
    for (const { RoleName = '' } of page.Roles ?? []) if (RoleName.startsWith(prefix)) names.push(RoleName);
    marker = page.Marker;
  } while (marker !== undefined);
  return names;
}

/** The user with its tags, which lists lack. */
export async function findUser({ iam }: Clients, name: string): Promise<Found | undefined> {
  return unlessHidden({ kind: 'user', name }, async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: name }));
    return {
      kind: 'user',
      id: name,
      name,
      tags: toTags(User?.Tags ?? []),
      createdAt: User?.CreateDate?.getTime(),
    };
  });
}

/** The names of users under the path of runs; empty if the service does not support users. */
export async function userNames(clients: Clients, prefix: string): Promise<string[]> {
  try {
    return await namesOfUsers(clients, prefix);
  } catch (error) {
    if (isRefusal(error) && !isDenial(error)) return [];
    throw error;
  }
}

async function namesOfUsers({ iam }: Clients, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page: { Users?: { UserName?: string | undefined }[] | undefined; Marker?: string | undefined } =
      await iam.send(
        new ListUsersCommand({ PathPrefix: USER_PATH, ...(marker !== undefined && { Marker: marker }) }),
      );
    for (const { UserName = '' } of page.Users ?? []) if (UserName.startsWith(prefix)) names.push(UserName);
    marker = page.Marker;
  } while (marker !== undefined);
  return names;
}

/** Lists the account's API keys. */
export async function foundApiKeys(clients: Clients): Promise<Found[]> {
  return (await listApiKeys(clients)).map(({ id = '', name = '', tags = {}, createdDate }) => ({
    kind: 'api-key',
    id,
    name,
    tags,
    createdAt: createdDate?.getTime(),
  }));
}

/** Lists the account's usage plans, which have no creation time. */
export async function foundUsagePlans(clients: Clients): Promise<Found[]> {
  return (await listUsagePlans(clients)).map(({ id = '', name = '', tags = {} }) => ({
    kind: 'usage-plan',
    id,
    name,
    tags,
    createdAt: undefined,
  }));
}

/**
 * Finds an API that is missing from lists by its id; undefined if it does not exist. After a denial it is gone too, or
 * lacks the run's tag: a policy that demands the tag also denies access to missing APIs.
 */
export async function findRestApi({ apiGateway }: Clients, restApiId: string): Promise<Found | undefined> {
  try {
    return await unlessGone(async () =>
      describeApi(await apiGateway.send(new GetRestApiCommand({ restApiId }))),
    );
  } catch (error) {
    if (isDenial(error)) return undefined;
    throw error;
  }
}

/** Lists the account's REST APIs, with their tags. */
export async function listRestApis({ apiGateway }: Clients): Promise<Found[]> {
  const found: Found[] = [];
  let position: string | undefined;
  do {
    const page: { items?: RestApi[] | undefined; position?: string | undefined } = await apiGateway.send(
      new GetRestApisCommand({ limit: 500, ...(position !== undefined && { position }) }),
    );
    found.push(...(page.items ?? []).map(describeApi));
    position = page.position;
  } while (position !== undefined);
  return found;
}

function describeApi(api: RestApi): Found {
  return {
    kind: 'rest-api',
    id: api.id ?? '',
    name: api.name ?? '',
    tags: api.tags ?? {},
    createdAt: api.createdDate?.getTime(),
    label: labelIn(api.description),
  };
}

/** A thing that these credentials may not read is not the run's, which created its own with the same permissions. */
async function unlessHidden(
  { kind, name }: Pick<Found, 'kind' | 'name'>,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  try {
    return await unlessGone(look);
  } catch (error) {
    if (!isDenial(error)) throw error;
    return { kind, id: name, name, tags: {}, createdAt: undefined, isHidden: true };
  }
}

async function unlessGone<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function toTags(
  pairs: readonly { Key?: string | undefined; Value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));
}
