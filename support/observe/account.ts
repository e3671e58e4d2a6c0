import {
  GetDeploymentsCommand,
  GetRestApisCommand,
  GetStagesCommand,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { DescribeStreamCommand, ListStreamsCommand, ListTagsForStreamCommand } from '@aws-sdk/client-kinesis';
import type { Clients } from '../../infra/provision/clients.ts';
import { unlessAbsent } from '../../infra/provision/undo.ts';
import { foundApiKeys, foundUsagePlans } from '../../infra/sweep/inventory.ts';

/** The resources of an account, of the kinds that a run creates: one line of JSON each, by kind and name. */
export type AccountContent = ReadonlyMap<string, string>;

/** Reads all streams, roles, users, REST APIs, API keys and usage plans, with what belongs to each. */
export async function readAccount(clients: Clients): Promise<AccountContent> {
  const found = [...(await foundApiKeys(clients)), ...(await foundUsagePlans(clients))];
  const things = [
    ...(await streams(clients)),
    ...(await roles(clients)),
    ...(await users(clients)),
    ...(await restApis(clients)),
    ...found.map((one): Thing => [`${one.kind} ${one.id}`, JSON.stringify(one)]),
  ];
  return new Map(things.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A line for each resource that was added, removed or changed; empty if there are none. */
export function differences(before: AccountContent, after: AccountContent): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (was === undefined) return [`${key} was left behind: ${is}`];
    if (is === undefined) return [`${key} is gone: ${was}`];
    return [`${key} was ${was} and is ${is}`];
  });
}

type Thing = [key: string, json: string];

/** Reads each of the listed; one that ends before all of it is read is left out. */
async function eachThere<T>(listed: readonly T[], read: (one: T) => Promise<Thing>): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const one of listed) await unlessAbsent(read(one).then((thing) => things.push(thing)));
  return things;
}

async function streams({ kinesis }: Clients): Promise<Thing[]> {
  const names: string[] = [];
  for (let start: string | undefined; ; ) {
    const page: { StreamNames?: string[] | undefined; HasMoreStreams?: boolean | undefined } =
      await kinesis.send(
        new ListStreamsCommand(start === undefined ? {} : { ExclusiveStartStreamName: start }),
      );
    names.push(...(page.StreamNames ?? []));
    start = page.StreamNames?.at(-1);
    if (!page.HasMoreStreams || start === undefined) break;
  }
  return eachThere(names, async (StreamName) => {
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
    const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
    return [`stream ${StreamName}`, JSON.stringify([StreamDescription, Tags])];
  });
}

async function roles({ iam }: Clients): Promise<Thing[]> {
  const names: string[] = [];
  for (let Marker: string | undefined; ; ) {
    const page = await iam.send(new ListRolesCommand({ Marker }));
    names.push(...(page.Roles ?? []).map(({ RoleName = '' }) => RoleName));
    Marker = page.Marker;
    if (!page.IsTruncated) break;
  }
  return eachThere(names, async (RoleName) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies: unknown[] = [];
    for (const PolicyName of PolicyNames)
      policies.push((await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument);
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return [`role ${RoleName}`, JSON.stringify([Role, policies, AttachedPolicies])];
  });
}

async function users({ iam }: Clients): Promise<Thing[]> {
  const names: string[] = [];
  for (let Marker: string | undefined; ; ) {
    const page = await iam.send(new ListUsersCommand({ Marker }));
    names.push(...(page.Users ?? []).map(({ UserName = '' }) => UserName));
    Marker = page.Marker;
    if (!page.IsTruncated) break;
  }
  return eachThere(names, async (UserName) => {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    const policies: unknown[] = [];
    for (const PolicyName of PolicyNames)
      policies.push((await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }))).PolicyDocument);
    return [`user ${UserName}`, JSON.stringify([User, AccessKeyMetadata, policies])];
  });
}

async function restApis({ apiGateway }: Clients): Promise<Thing[]> {
  const apis: RestApi[] = [];
  for (let position: string | undefined; ; ) {
    const page = await apiGateway.send(new GetRestApisCommand({ position, limit: 500 }));
    apis.push(...(page.items ?? []));
    position = page.position;
    if (position === undefined) break;
  }
  return eachThere(apis, async (api) => {
    const restApiId = api.id;
    const { item: stages } = await apiGateway.send(new GetStagesCommand({ restApiId }));
    const { items: deployments } = await apiGateway.send(new GetDeploymentsCommand({ restApiId }));
    return [`REST API ${restApiId}`, JSON.stringify([api, stages, deployments])];
  });
}
