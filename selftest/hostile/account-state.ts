import { type APIGatewayClient, GetResourcesCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  GetPolicyVersionCommand,
  type IAMClient,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import type { Clients } from '../../infra/provision/clients.ts';
import { type AccountContent, readAccount } from '../../support/observe/account.ts';

/** Everything in an account, including the contents of streams, APIs, managed policies and users, for comparison. */
export async function readWholeAccount(owner: Clients): Promise<AccountContent> {
  const parts = await Promise.all([
    readAccount(owner),
    methods(owner.apiGateway),
    policiesAndUsers(owner.iam),
    records(owner.kinesis),
  ]);
  return new Map(parts.flatMap((part) => [...part]));
}

async function methods(apiGateway: APIGatewayClient): Promise<[string, string][]> {
  const { items = [] } = await apiGateway.send(new GetRestApisCommand({ limit: 500 }));
  return Promise.all(
    items.map(async ({ id: restApiId }): Promise<[string, string]> => {
      const all = new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500 });
      return [`resources of ${restApiId}`, JSON.stringify((await apiGateway.send(all)).items)];
    }),
  );
}

async function policiesAndUsers(iam: IAMClient): Promise<[string, string][]> {
  const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
  const found: [string, string][] = [];
  for (const { Arn: PolicyArn = '', ...policy } of Policies) {
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    const texts: unknown[] = [];
    for (const { VersionId } of Versions)
      texts.push((await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))).PolicyVersion);
    found.push([`policy ${PolicyArn}`, JSON.stringify([policy, texts])]);
  }
  const { Users } = await iam.send(new ListUsersCommand({}));
  return [...found, ['users', JSON.stringify(Users)]];
}

async function records(kinesis: KinesisClient): Promise<[string, string][]> {
  const { StreamNames = [] } = await kinesis.send(new ListStreamsCommand({}));
  const found: [string, string][] = [];
  for (const StreamName of StreamNames) {
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    for (const { ShardId } of Shards) {
      const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
      const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      found.push([`records of ${StreamName} ${ShardId}`, JSON.stringify([Shards, Records])]);
    }
  }
  return found;
}
