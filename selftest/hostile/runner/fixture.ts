import { readFileSync } from 'node:fs';
import * as gateway from '@aws-sdk/client-api-gateway';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import type { EmbeddedAws } from '../../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../../infra/provision/clients.ts';
import { ROLE_PATH } from '../../../infra/provision/role.ts';
import { runTags } from '../../../infra/provision/tags.ts';
import { USER_PATH } from '../../../infra/provision/user.ts';
import { asTarget } from '../../../infra/targets/embedded.ts';
import type { AwsAccess } from '../../../infra/targets/target.ts';
import { ACCOUNT, BOUNDARY, runnerSession, startStrictAws } from '../../privilege/rehearsal.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
export const POLICIES = { runner: policy('runner'), boundary: policy('boundary') };
export const RUNNER = 'kinesis-proxy-conformance-runner';
export const arnOf = (role: string, path = '/') => `arn:aws:iam::${ACCOUNT}:role${path}${role}`;
export const boundaryArn = `arn:aws:iam::${ACCOUNT}:policy/${BOUNDARY}`;
export const KINESIS = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
export const tags = { ...runTags('0123abcd') };
export const listed = (one: Readonly<Record<string, string>>) =>
  Object.entries(one).map(([Key, Value]) => ({ Key, Value }));
export const Tags = listed(tags);
export const trusting = (...AWS: string[]) =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS, Service: 'apigateway.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  });
export const AssumeRolePolicyDocument = trusting(`arn:aws:iam::${ACCOUNT}:root`);
export const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
export const ours = {
  RoleName: 'kpc-0123abcd-full-access',
  Path: ROLE_PATH,
  AssumeRolePolicyDocument,
  Tags,
  PermissionsBoundary: boundaryArn,
};
export const another = { ...ours, RoleName: 'kpc-0123abcd-b' };
export const ourUser = {
  UserName: 'kpc-0123abcd-client',
  Path: USER_PATH,
  Tags,
  PermissionsBoundary: boundaryArn,
};
/** Users that lack exactly one mark of the suite's users: the boundary, the tag or the path. */
export const ALIKE_USERS = [
  { ...ourUser, UserName: 'kpc-0123abcd-free', PermissionsBoundary: undefined },
  { ...ourUser, UserName: 'kpc-0123abcd-untagged', Tags: [] },
  { ...ourUser, UserName: 'kpc-0123abcd-rootless', Path: '/' },
];
/** Others' roles: one with another name, one that looks like the suite's. */
export const FOREIGN_ROLES = ['other-user', 'kpc-0123abcd-admin'];
/** Roles that lack exactly one mark of the suite's roles: the boundary, the tag or the path. */
export const LOOK_ALIKES = [
  { ...ours, RoleName: 'kpc-0123abcd-without-boundary', PermissionsBoundary: undefined },
  { ...ours, RoleName: 'kpc-0123abcd-without-tag', Tags: [] },
  { ...ours, RoleName: 'kpc-0123abcd-without-path', Path: '/' },
];
/** Others' streams; the second has the suite's prefix. */
export const FOREIGN_STREAMS = ['orders', 'kpc-orders'];
export const document = (credentials?: string) =>
  new TextEncoder().encode(
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'mine', version: '1' },
      // An import cannot set tags; this member of a definition is not one.
      tags,
      paths: {
        '/': {
          get: {
            responses: {},
            'x-amazon-apigateway-integration': {
              type: 'AWS',
              httpMethod: 'POST',
              uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
              ...(credentials !== undefined && { credentials }),
            },
          },
        },
      },
    }),
  );

/** An account with others' resources and those of a runner whose credentials were stolen. */
export interface Fixture {
  readonly aws: EmbeddedAws;
  readonly root: Clients;
  readonly runner: Clients;
  readonly runnersAccess: AwsAccess;
  readonly policyOfOthers: string;
  /** Others' APIs: one without tags and one with their own, both with a method and a stage. */
  readonly foreignApis: readonly { restApiId: string; resourceId: string }[];
  readonly ownApi: string;
  readonly ownResource: string;
  stop(): Promise<void>;
}

export async function prepareFixture(): Promise<Fixture> {
  const aws = await startStrictAws();
  const own = asTarget(aws);
  const root = createClients(own.access);
  const runnersAccess = { ...own.access, credentials: await runnerSession(own, POLICIES) };
  const runner = createClients(runnersAccess);
  const others = await plant(root);
  await runner.iam.send(new iam.CreateRoleCommand(ours));
  await runner.iam.send(new iam.CreateUserCommand(ourUser));
  const { id: ownApi = '', rootResourceId: ownResource = '' } = await runner.apiGateway.send(
    new gateway.CreateRestApiCommand({ name: 'ours', tags }),
  );
  const stop = async () => {
    root.destroy();
    runner.destroy();
    await aws.stop();
  };
  return { aws, root, runner, runnersAccess, ...others, ownApi, ownResource, stop };
}

async function plant(root: Clients): Promise<Pick<Fixture, 'policyOfOthers' | 'foreignApis'>> {
  const foreignApis: { restApiId: string; resourceId: string }[] = [];
  const { Policy } = await root.iam.send(
    new iam.CreatePolicyCommand({ PolicyName: 'admin', PolicyDocument: everything }),
  );
  for (const RoleName of FOREIGN_ROLES) {
    await root.iam.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const own = { RoleName, PolicyName: 'own', PolicyDocument: everything };
    await root.iam.send(new iam.PutRolePolicyCommand(own));
  }
  for (const role of LOOK_ALIKES) {
    await root.iam.send(new iam.CreateRoleCommand(role));
    const own = { RoleName: role.RoleName, PolicyName: 'own', PolicyDocument: everything };
    await root.iam.send(new iam.PutRolePolicyCommand(own));
  }
  for (const user of [{ UserName: 'other-user' }, ...ALIKE_USERS]) {
    await root.iam.send(new iam.CreateUserCommand(user));
    await root.iam.send(new iam.CreateAccessKeyCommand(user));
    const own = { UserName: user.UserName, PolicyName: 'invoke', PolicyDocument: everything };
    await root.iam.send(new iam.PutUserPolicyCommand(own));
  }
  for (const StreamName of FOREIGN_STREAMS) {
    await root.kinesis.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await kinesis.waitUntilStreamExists(
      { client: root.kinesis, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.05 },
      { StreamName },
    );
    const record = { StreamName, PartitionKey: 'k', Data: new Uint8Array([1]) };
    await root.kinesis.send(new kinesis.PutRecordCommand(record));
  }
  const marks: Record<string, string>[] = [{}, { owner: 'other-user' }];
  for (const own of marks) {
    const { id: restApiId = '', rootResourceId: resourceId = '' } = await root.apiGateway.send(
      new gateway.CreateRestApiCommand({ name: 'other-user', tags: own }),
    );
    const body = document(arnOf('other-user'));
    await root.apiGateway.send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body }));
    await root.apiGateway.send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
    foreignApis.push({ restApiId, resourceId });
  }
  return { policyOfOthers: Policy?.Arn ?? '', foreignApis };
}

export type Attack = readonly [what: string, carryOut: () => Promise<unknown>];
