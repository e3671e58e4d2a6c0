import {
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetRoleCommand,
  GetUserCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { messageOf } from '../../infra/errors.ts';
import type { Clients } from '../../infra/provision/clients.ts';
import { ROLE_PATH } from '../../infra/provision/role.ts';
import type { Tags } from '../../infra/provision/tags.ts';
import { USER_PATH } from '../../infra/provision/user.ts';

/** The state of a permission: `untold` where the denial may only mean that nothing has the run's tag. */
export interface Permission {
  readonly action: string;
  readonly state: 'granted' | 'denied' | 'untold';
  /** The service's message where it is not granted. */
  readonly said?: string;
}

interface Probe {
  readonly action: string;
  /** A policy may grant this only on resources with the run's tag, as infra/aws/runner-policy.json does. */
  readonly needsTag?: boolean;
  call(): Promise<unknown>;
}

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)/;

/**
 * Checks each permission by a call that cannot change anything: it reads, names something that does not
 * exist, or is malformed. That permissions are checked before a malformed creation is rejected is inferred.
 * @param subject.name an unused name with the suite's prefix.
 */
export async function askPermissions(
  clients: Clients,
  subject: { name: string; tags: Tags; boundary: string | undefined },
): Promise<Permission[]> {
  const permissions: Permission[] = [];
  for (const probe of probes(clients, subject)) permissions.push(await ask(probe));
  return permissions;
}

async function ask({ action, needsTag, call }: Probe): Promise<Permission> {
  try {
    await call();
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if (!(error instanceof Error) || ($metadata?.httpStatusCode ?? 500) >= 500) throw error;
    if (DENIED.test(error.name))
      return { action, state: needsTag ? 'untold' : 'denied', said: messageOf(error) };
  }
  return { action, state: 'granted' };
}

function probes(
  { kinesis, iam, apiGateway }: Clients,
  subject: { name: string; tags: Tags; boundary: string | undefined },
): readonly Probe[] {
  const { name, tags } = subject;
  const StreamName = name;
  const RoleName = name;
  const restApiId = 'kpcdoctor0';
  const shard = 'shardId-000000000000';
  return [
    { action: 'kinesis:ListStreams', call: () => kinesis.send(new ListStreamsCommand({ Limit: 1 })) },
    { action: 'kinesis:DescribeStream', call: () => kinesis.send(new DescribeStreamCommand({ StreamName })) },
    {
      action: 'kinesis:DescribeStreamSummary',
      call: () => kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
    },
    {
      action: 'kinesis:ListTagsForStream',
      call: () => kinesis.send(new ListTagsForStreamCommand({ StreamName })),
    },
    {
      action: 'kinesis:CreateStream',
      // More shards than the model allows (docs/facts/kinesis.md#errors), so no stream can be created.
      call: () =>
        kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 100_001, Tags: { ...tags } })),
    },
    {
      action: 'kinesis:AddTagsToStream',
      call: () => kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { ...tags } })),
    },
    { action: 'kinesis:DeleteStream', call: () => kinesis.send(new DeleteStreamCommand({ StreamName })) },
    {
      action: 'kinesis:PutRecord',
      call: () =>
        kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: new Uint8Array([0]) })),
    },
    {
      action: 'kinesis:GetShardIterator',
      call: () =>
        kinesis.send(
          new GetShardIteratorCommand({ StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }),
        ),
    },
    {
      action: 'kinesis:MergeShards',
      call: () =>
        kinesis.send(
          new MergeShardsCommand({
            StreamName,
            ShardToMerge: shard,
            AdjacentShardToMerge: 'shardId-000000000001',
          }),
        ),
    },
    { action: 'iam:ListRoles', call: () => iam.send(new ListRolesCommand({ MaxItems: 1 })) },
    { action: 'iam:GetRole', call: () => iam.send(new GetRoleCommand({ RoleName })) },
    {
      action: 'iam:CreateRole',
      call: () =>
        iam.send(
          new CreateRoleCommand({
            RoleName,
            Path: ROLE_PATH,
            AssumeRolePolicyDocument: '{"malformed":',
            PermissionsBoundary: subject.boundary,
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
    },
    {
      action: 'iam:PutRolePolicy',
      needsTag: true,
      call: () =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName,
            PolicyName: 'kinesis-access',
            PolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
          }),
        ),
    },
    {
      action: 'iam:DeleteRole',
      needsTag: true,
      call: () => iam.send(new DeleteRoleCommand({ RoleName })),
    },
    {
      action: 'iam:ListUsers',
      call: () => iam.send(new ListUsersCommand({ PathPrefix: USER_PATH, MaxItems: 1 })),
    },
    { action: 'iam:GetUser', call: () => iam.send(new GetUserCommand({ UserName: name })) },
    {
      action: 'iam:CreateUser',
      // For signed calls. An invalid character in the name, so no user can be created.
      call: () =>
        iam.send(
          new CreateUserCommand({
            UserName: `${name}?`,
            Path: USER_PATH,
            PermissionsBoundary: subject.boundary,
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
    },
    {
      action: 'iam:DeleteUser',
      needsTag: true,
      call: () => iam.send(new DeleteUserCommand({ UserName: name })),
    },
    {
      action: 'apigateway:GET /restapis',
      call: () => apiGateway.send(new GetRestApisCommand({ limit: 1 })),
    },
    {
      action: 'apigateway:POST /restapis',
      // With tags, for which AWS also requires apigateway:PUT on /tags; without the required name.
      call: () => apiGateway.send(new CreateRestApiCommand({ name: '', tags: { ...tags } })),
    },
    {
      action: 'apigateway:PATCH /restapis/*/…/integration',
      needsTag: true,
      call: () =>
        apiGateway.send(
          new UpdateIntegrationCommand({
            restApiId,
            resourceId: 'none',
            httpMethod: 'GET',
            patchOperations: [],
          }),
        ),
    },
    {
      action: 'apigateway:DELETE /restapis/*',
      needsTag: true,
      call: () => apiGateway.send(new DeleteRestApiCommand({ restApiId })),
    },
  ];
}
