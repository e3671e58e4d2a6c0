import {
  CreateApiKeyCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { loadDefinition, underOneRole } from '../../infra/definition/definition.ts';
import type { Clients } from '../../infra/provision/clients.ts';
import { importApi } from '../../infra/provision/import.ts';
import { runTags, type Tags } from '../../infra/provision/tags.ts';
import { USER_PATH } from '../../infra/provision/user.ts';
import { rolePolicies } from '../../infra/proxy/roles.ts';

const HOUR = 60 * 60 * 1000;

/** What must not be touched: things with a similar tag or name, and things that may still be in use. */
const MARKS: readonly { readonly name: string; readonly tags: Tags }[] = [
  { name: 'invoices', tags: {} },
  { name: 'kpc-orders', tags: {} },
  { name: 'kpc-1a2b3c4d-Main-0123456789', tags: {} },
  { name: 'KPC-1a2b3c4d-Main-0123456789', tags: runTags('1a2b3c4d', Date.now() - 9 * HOUR) },
  { name: 'payments', tags: runTags('1a2b3c4d', Date.now() - 9 * HOUR) },
  { name: 'kpc-99999999-Main-0123456789', tags: runTags('1a2b3c4d', Date.now() - 9 * HOUR) },
  { name: 'kpc-ours-Main-0123456789', tags: runTags('ours', Date.now() - 9 * HOUR) },
  { name: 'kpc-0badcafe-Main-0123456789', tags: runTags('0badcafe') },
];

/** Adds to an account what only looks like the suite's, or belongs to another run in progress. */
export async function plantLookAlikes(clients: Clients, region: string): Promise<void> {
  const { kinesis, iam, apiGateway } = clients;
  const { trust, permissions = '' } = rolePolicies('full-access', { permittedStream: '', streamPrefix: '' });
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'kpc-policy', PolicyDocument: permissions }),
  );
  const document = loadDefinition('tutorial');
  for (const { name, tags } of MARKS) {
    const hasTags = Object.keys(tags).length > 0;
    await kinesis.send(
      new CreateStreamCommand({ StreamName: name, ShardCount: 1, ...(hasTags && { Tags: { ...tags } }) }),
    );
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: trust,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: Policy?.Arn }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: permissions }),
    );
    await iam.send(
      new CreateUserCommand({
        UserName: name,
        Path: USER_PATH,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    await iam.send(
      new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument: permissions }),
    );
    await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    const own = { name, ...(hasTags && { tags: { ...tags } }) };
    await apiGateway.send(new CreateApiKeyCommand(own));
    await apiGateway.send(new CreateUsagePlanCommand(own));
    // Named like the suite's, and named like the tutorial's with the tutorial's role.
    await apiGateway.send(new CreateRestApiCommand({ name, description: `[${name}]`, tags: { ...tags } }));
    if (!hasTags)
      await importApi(clients, { document: underOneRole(document, { region, roleArn: Role?.Arn ?? '' }) });
  }
}
