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
  const things: Thing[] = [];
  for (const StreamName of names) {
    const told = await kinesis.send(new DescribeStreamCommand({ StreamName })).catch((error: Error) => {
      // A list may still contain a deleted resource.
      if (error.name !== 'ResourceNotFoundException') throw error;
      return undefined;
    });
    if (told === undefined) continue;
    const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
    things.push([`stream ${StreamName}`, JSON.stringify([told.StreamDescription, Tags])]);
  }
  return things;
}

async function roles({ iam }: Clients): Promise<Thing[]> {
  const names: string[] = [];
  for (let Marker: string | undefined; ; ) {
    const page = await iam.send(new ListRolesCommand({ Marker }));
    names.push(...(page.Roles ?? []).map(({ RoleName = '' }) => RoleName));
    Marker = page.Marker;
    if (!page.IsTruncated) break;
  }
  const things: Thing[] = [];
  for (const RoleName of names) {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies: unknown[] = [];
    for (const PolicyName of PolicyNames)
      policies.push((await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument);
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    things.push([`role ${RoleName}`, JSON.stringify([Role, policies, AttachedPolicies])]);
  }
  return things;
}

async function users({ iam }: Clients): Promise<Thing[]> {
  const things: Thing[] = [];
  for (let Marker: string | undefined; ; ) {
    const page = await iam.send(new ListUsersCommand({ Marker }));
    for (const { UserName = '' } of page.Users ?? []) {
      const { User } = await iam.send(new GetUserCommand({ UserName }));
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
      const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }));
      const policies: unknown[] = [];
      for (const PolicyName of PolicyNames)
        policies.push((await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }))).PolicyDocument);
      things.push([`user ${UserName}`, JSON.stringify([User, AccessKeyMetadata, policies])]);
    }
    Marker = page.Marker;
    if (!page.IsTruncated) return things;
  }
}

async function restApis({ apiGateway }: Clients): Promise<Thing[]> {
  const apis: RestApi[] = [];
  for (let position: string | undefined; ; ) {
    const page = await apiGateway.send(new GetRestApisCommand({ position, limit: 500 }));
    apis.push(...(page.items ?? []));
    position = page.position;
    if (position === undefined) break;
  }
  const things: Thing[] = [];
  for (const api of apis) {
    const restApiId = api.id;
    const { item: stages } = await apiGateway.send(new GetStagesCommand({ restApiId }));
    const { items: deployments } = await apiGateway.send(new GetDeploymentsCommand({ restApiId }));
    things.push([`REST API ${restApiId}`, JSON.stringify([api, stages, deployments])]);
  }
  return things;
}
