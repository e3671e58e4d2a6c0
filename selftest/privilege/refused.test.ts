import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
} from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { EmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { parsePolicy } from '../../infra/embedded/iam/policy/document.ts';
import { evaluate } from '../../infra/embedded/iam/policy/evaluate.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import type { AwsAccess } from '../../infra/targets/target.ts';
import { ACCOUNT, BOUNDARY, runnerSession, startStrictAws } from './rehearsal.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
const boundaryArn = `arn:aws:iam::${ACCOUNT}:policy/${BOUNDARY}`;
const tags = runTags('0123abcd');
const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const AssumeRolePolicyDocument = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root`, Service: 'apigateway.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
});
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const ours = {
  RoleName: 'kpc-0123abcd-full-access',
  AssumeRolePolicyDocument,
  Tags,
  PermissionsBoundary: boundaryArn,
};
const foreign = { RoleName: 'somebody', AssumeRolePolicyDocument };

let aws: EmbeddedAws;
let root: Clients;
let runner: Clients;
let runnersAccess: AwsAccess;
let foreignApi: string;
before(async () => {
  aws = await startStrictAws();
  const own = asTarget(aws);
  root = createClients(own.access, 'embedded');
  const policies = { runner: policy('runner'), boundary: policy('boundary') };
  runnersAccess = { ...own.access, credentials: await runnerSession(own, policies) };
  runner = createClients(runnersAccess, 'embedded');
  await runner.iam.send(new CreateRoleCommand(ours));
  await root.iam.send(new CreateRoleCommand(foreign));
  await root.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  foreignApi = (await root.apiGateway.send(new CreateRestApiCommand({ name: 'somebody' }))).id ?? '';
});
after(async () => {
  root.destroy();
  runner.destroy();
  await aws.stop();
});

const attempts: readonly [string, () => Promise<unknown>][] = [
  [
    'a role without the boundary',
    () =>
      runner.iam.send(new CreateRoleCommand({ ...ours, RoleName: 'kpc-a', PermissionsBoundary: undefined })),
  ],
  [
    'a role within another boundary',
    () =>
      runner.iam.send(
        new CreateRoleCommand({
          ...ours,
          RoleName: 'kpc-a',
          PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess',
        }),
      ),
  ],
  [
    'a role without the tag',
    () => runner.iam.send(new CreateRoleCommand({ ...ours, RoleName: 'kpc-a', Tags: [] })),
  ],
  ['a role of another name', () => runner.iam.send(new CreateRoleCommand({ ...ours, RoleName: 'admin' }))],
  ['a user', () => runner.iam.send(new CreateUserCommand({ UserName: 'kpc-user' }))],
  ['an access key', () => runner.iam.send(new CreateAccessKeyCommand({ UserName: 'somebody' }))],
  [
    'a managed policy for its role',
    () =>
      runner.iam.send(
        new AttachRolePolicyCommand({
          RoleName: ours.RoleName,
          PolicyArn: 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess',
        }),
      ),
  ],
  ["its role's boundary taken off", () => runner.iam.send(new DeleteRolePermissionsBoundaryCommand(ours))],
  [
    "its role's boundary changed",
    () =>
      runner.iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: ours.RoleName,
          PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess',
        }),
      ),
  ],
  [
    'the boundary itself widened',
    () =>
      runner.iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: boundaryArn,
          PolicyDocument: everything,
          SetAsDefault: true,
        }),
      ),
  ],
  [
    'more rights for itself',
    () =>
      runner.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'kinesis-proxy-conformance-runner',
          PolicyName: 'p',
          PolicyDocument: everything,
        }),
      ),
  ],
  [
    "somebody's role changed",
    () =>
      runner.iam.send(
        new PutRolePolicyCommand({ RoleName: 'somebody', PolicyName: 'p', PolicyDocument: everything }),
      ),
  ],
  [
    "somebody's role trusting it",
    () =>
      runner.iam.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: 'somebody', PolicyDocument: AssumeRolePolicyDocument }),
      ),
  ],
  ["somebody's role deleted", () => runner.iam.send(new DeleteRoleCommand(foreign))],
  [
    "somebody's role assumed",
    () =>
      new STSClient(runnersAccess).send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/somebody`, RoleSessionName: 'me' }),
      ),
  ],
  ["somebody's stream deleted", () => runner.kinesis.send(new DeleteStreamCommand({ StreamName: 'orders' }))],
  [
    "somebody's stream described",
    () => runner.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'orders' })),
  ],
  [
    "somebody's API deleted",
    () => runner.apiGateway.send(new DeleteRestApiCommand({ restApiId: foreignApi })),
  ],
  ["somebody's API read", () => runner.apiGateway.send(new GetResourcesCommand({ restApiId: foreignApi }))],
  [
    'an API tagged otherwise',
    () =>
      runner.apiGateway.send(
        new TagResourceCommand({
          resourceArn: `arn:aws:apigateway:us-east-1::/restapis/${foreignApi}`,
          tags: { owner: 'me' },
        }),
      ),
  ],
  ['an API patched', () => patchOwn()],
  ["somebody's role in an integration", () => integrate('somebody')],
];

test('what the runner is refused', async (t) => {
  for (const [name, attempt] of attempts) {
    await t.test(name, async () => {
      await assert.rejects(attempt, { name: /^AccessDenied(Exception)?$/ });
    });
  }
});

test('its roles are passed to API Gateway and to nobody else', () => {
  const pass = (service: string, role: string) =>
    evaluate(
      {
        action: 'iam:PassRole',
        resource: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        context: { 'iam:PassedToService': service },
      },
      [parsePolicy(policy('runner'), 'inline')],
      undefined,
    ).allowed;
  assert.equal(pass('apigateway.amazonaws.com', ours.RoleName), true);
  assert.equal(pass('lambda.amazonaws.com', ours.RoleName), false);
  assert.equal(pass('apigateway.amazonaws.com', 'somebody'), false);
});

test('what it makes may do no more than the boundary', async () => {
  await runner.iam.send(
    new PutRolePolicyCommand({ RoleName: ours.RoleName, PolicyName: 'p', PolicyDocument: everything }),
  );
  const { Credentials } = await new STSClient(asTarget(aws).access).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${ours.RoleName}`,
      RoleSessionName: 'me',
    }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const made = createClients({ ...asTarget(aws).access, credentials }, 'embedded');
  await made.kinesis.send(new CreateStreamCommand({ StreamName: 'kpc-0123abcd-a', ShardCount: 1 }));
  await assert.rejects(made.kinesis.send(new DeleteStreamCommand({ StreamName: 'orders' })), {
    name: 'AccessDeniedException',
  });
  await assert.rejects(made.iam.send(new CreateUserCommand({ UserName: 'u' })), { name: 'AccessDenied' });
  made.destroy();
});

async function ownApi(): Promise<string> {
  const { id = '' } = await runner.apiGateway.send(
    new CreateRestApiCommand({ name: 'ours', tags: { ...tags } }),
  );
  return id;
}

async function patchOwn(): Promise<unknown> {
  const patchOperations = [{ op: 'replace' as const, path: '/name', value: 'other' }];
  return runner.apiGateway.send(new UpdateRestApiCommand({ restApiId: await ownApi(), patchOperations }));
}

async function integrate(role: string): Promise<unknown> {
  const restApiId = await ownApi();
  const { items } = await runner.apiGateway.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: 'GET' };
  await runner.apiGateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  return runner.apiGateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
      credentials: `arn:aws:iam::${ACCOUNT}:role/${role}`,
    }),
  );
}
