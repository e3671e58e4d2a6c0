import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Listener, listen } from '../server/listener.ts';
import { createIam } from './service.ts';

const trust = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });
const TRUST = trust({ Service: 'apigateway.amazonaws.com' });
const PUT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kinesis:Put*', Resource: '*' }],
});
const FULL_ACCESS = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';

const OWN = { accessKeyId: 'AKIAOWN', secretAccessKey: 'secret' };
const service = createIam({ id: '123456789012', region: 'us-east-1', partition: 'aws', now: Date.now }, OWN);
let listener: Listener;
let iam: IAMClient;
let sts: STSClient;
before(async () => {
  listener = await listen({
    port: 0,
    host: '127.0.0.1',
    bodyLimit: () => 1_000_000,
    handle: async (request) => service.handle(request, service.sessions.root(OWN.accessKeyId)),
  });
  const access = {
    endpoint: `http://127.0.0.1:${listener.port}`,
    region: 'us-east-1',
    credentials: OWN,
  };
  iam = new IAMClient(access);
  sts = new STSClient(access);
});
after(async () => {
  iam.destroy();
  sts.destroy();
  await listener.stop();
});

test('a role has a trust policy, tags and policies, and can be deleted only after its policies', async () => {
  const RoleName = 'full';
  const created = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: TRUST,
      Description: '<for> "proxy" & more',
      Tags: [{ Key: 'run', Value: '1' }],
    }),
  );
  assert.equal(created.Role?.Arn, 'arn:aws:iam::123456789012:role/full');
  assert.match(created.Role?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
  await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'more', Value: '' }] }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), TRUST);
  assert.equal(Role?.Description, '<for> "proxy" & more');
  assert.ok(Role?.CreateDate instanceof Date);
  assert.deepEqual(Role?.Tags, [
    { Key: 'run', Value: '1' },
    { Key: 'more', Value: '' },
  ]);
  assert.deepEqual(
    (await iam.send(new ListRolesCommand({}))).Roles?.map((role) => role.RoleName),
    [RoleName],
  );

  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument: PUT }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: FULL_ACCESS }));
  const inline = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'put' }));
  assert.equal(decodeURIComponent(inline.PolicyDocument ?? ''), PUT);
  assert.deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, ['put']);
  assert.deepEqual((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies, [
    { PolicyName: 'AmazonKinesisFullAccess', PolicyArn: FULL_ACCESS },
  ]);

  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), { name: 'DeleteConflictException' });
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: FULL_ACCESS }));
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), { name: 'DeleteConflictException' });
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'put' }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  await assert.rejects(iam.send(new GetRoleCommand({ RoleName })), {
    name: 'NoSuchEntityException',
    message: 'The role with name full cannot be found.',
  });
});

test('the policies that the tutorial attaches exist as AWS documents them', async () => {
  const RoleName = 'today';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  const logs = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  for (const PolicyArn of [logs, FULL_ACCESS]) {
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    assert.equal(Policy?.Arn, PolicyArn);
  }
  const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: logs, VersionId: 'v1' }));
  const { Statement } = JSON.parse(decodeURIComponent(version.PolicyVersion?.Document ?? ''));
  assert.deepEqual(Statement[0].Action, [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ]);
  const session = service.sessions.assumeRole(
    'arn:aws:iam::123456789012:role/today',
    'apigateway.amazonaws.com',
    'session',
  );
  assert.ok(session);
  const may = (action: string) => service.sessions.authorize(session, action, 'x').allowed;
  assert.deepEqual(['logs:PutLogEvents', 'kinesis:PutRecord', 's3:GetObject'].map(may), [true, true, false]);
});

test('the root is a user without a name', async () => {
  const { User } = await iam.send(new GetUserCommand({}));
  assert.equal(User?.Arn, 'arn:aws:iam::123456789012:root');
  assert.equal(User?.UserId, '123456789012');
  await assert.rejects(iam.send(new GetUserCommand({ UserName: 'root' })), { name: 'NoSuchEntityException' });
});

test('invalid requests are refused', async () => {
  const role = { RoleName: 'twice', AssumeRolePolicyDocument: TRUST };
  await iam.send(new CreateRoleCommand(role));
  await assert.rejects(iam.send(new CreateRoleCommand(role)), { name: 'EntityAlreadyExistsException' });
  await assert.rejects(iam.send(new CreateRoleCommand({ RoleName: 'bad', AssumeRolePolicyDocument: '{' })), {
    name: 'MalformedPolicyDocumentException',
  });
  await assert.rejects(
    iam.send(new CreateRoleCommand({ RoleName: 'a b', AssumeRolePolicyDocument: TRUST })),
    {
      name: 'ValidationError',
    },
  );
  await assert.rejects(
    iam.send(new AttachRolePolicyCommand({ RoleName: 'twice', PolicyArn: 'arn:aws:iam::aws:policy/Nope' })),
    { name: 'NoSuchEntityException' },
  );
  await iam.send(new DeleteRoleCommand({ RoleName: 'twice' }));
});

test('a managed policy has versions, and the default version is in effect', async () => {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: PUT }));
  const PolicyArn = Policy?.Arn ?? '';
  assert.equal(PolicyArn, 'arn:aws:iam::123456789012:policy/own');
  await iam.send(new CreateRoleCommand({ RoleName: 'managed', AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'managed', PolicyArn }));
  const session = service.sessions.assumeRole(
    'arn:aws:iam::123456789012:role/managed',
    'apigateway.amazonaws.com',
    'session',
  );
  assert.ok(session);
  assert.equal(service.sessions.authorize(session, 'kinesis:PutRecord', 'x').allowed, true);
  const deny = PUT.replace('Allow', 'Deny');
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: deny, SetAsDefault: true }));
  assert.deepEqual(service.sessions.authorize(session, 'kinesis:PutRecord', 'x'), {
    allowed: false,
    reason: 'explicit-deny',
  });
  const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  assert.equal(decodeURIComponent(version.PolicyVersion?.Document ?? ''), deny);
  const described = await iam.send(new GetPolicyCommand({ PolicyArn }));
  assert.deepEqual([described.Policy?.DefaultVersionId, described.Policy?.AttachmentCount], ['v2', 1]);
  const local = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
  assert.deepEqual(
    local.Policies?.map((policy) => policy.Arn),
    [PolicyArn],
  );

  await assert.rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), { name: 'DeleteConflictException' });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'managed', PolicyArn }));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'managed' }));
});

test('a role can be assumed by those it trusts', async () => {
  const RoleName = 'trusting';
  const arn = `arn:aws:iam::123456789012:role/${RoleName}`;
  const assume = () =>
    service.sessions.assumeRole(arn, 'apigateway.amazonaws.com', 'BackplaneAssumeRoleSession');
  assert.equal(assume(), undefined);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  assert.deepEqual(assume(), {
    roleArn: arn,
    sessionArn: `arn:aws:sts::123456789012:assumed-role/${RoleName}/BackplaneAssumeRoleSession`,
  });
  await assert.rejects(sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'me' })), {
    name: 'AccessDenied',
  });
  const PolicyDocument = trust({ AWS: 'arn:aws:iam::123456789012:root' });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  assert.equal(assume(), undefined);
  const assumed = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'me' }));
  assert.match(assumed.Credentials?.AccessKeyId ?? '', /^ASIA[A-Z2-7]{16}$/);
  assert.equal(assumed.AssumedRoleUser?.Arn, `arn:aws:sts::123456789012:assumed-role/${RoleName}/me`);
  assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, '123456789012');
  await iam.send(new DeleteRoleCommand({ RoleName }));
});
