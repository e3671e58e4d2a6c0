import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as gateway from '@aws-sdk/client-api-gateway';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parsePolicy } from '../../../infra/embedded/iam/policy/document.ts';
import { evaluate } from '../../../infra/embedded/iam/policy/evaluate.ts';
import { createClients } from '../../../infra/provision/clients.ts';
import { ROLE_PATH } from '../../../infra/provision/role.ts';
import { asTarget } from '../../../infra/targets/embedded.ts';
import { differences } from '../../../support/observe/account.ts';
import { ACCOUNT, runnerSession, startStrictAws } from '../../privilege/rehearsal.ts';
import { readWholeAccount } from '../account-state.ts';
import { aroundApis } from './around-apis.ts';
import {
  another,
  arnOf,
  boundaryArn,
  everything,
  type Fixture,
  FOREIGN_ROLES,
  FOREIGN_STREAMS,
  ours,
  ourUser,
  POLICIES,
  prepareFixture,
  RUNNER,
  tags,
  trusting,
} from './fixture.ts';
import { onApis } from './on-apis.ts';
import { onIdentities } from './on-identities.ts';
import { onStreams } from './on-streams.ts';

let fixture: Fixture;
before(async () => {
  fixture = await prepareFixture();
});
after(() => fixture.stop());

/** How many attacks run between two snapshots of the account, which take most of the time. */
const ATTACKS_A_LOOK = 8;

test('stolen credentials of the runner are refused for everything that is not its own, and nothing changes', async (t) => {
  const { root } = fixture;
  const untouched = await readWholeAccount(root);
  const attacks = [onApis, aroundApis, onStreams, onIdentities].flatMap((list) => list(fixture));
  for (let at = 0; at < attacks.length; at += ATTACKS_A_LOOK) {
    const some = attacks.slice(at, at + ATTACKS_A_LOOK);
    for (const [name, carryOut] of some)
      await t.test(name, () => assert.rejects(carryOut, { name: /^AccessDenied(Exception)?$/ }));
    const changes = differences(untouched, await readWholeAccount(root));
    assert.deepEqual(changes, [], `after one of: ${some.map(([name]) => name).join('; ')}`);
  }
});

test('its roles can be passed to API Gateway only', () => {
  const pass = (service: string, resource: string) =>
    evaluate(
      { action: 'iam:PassRole', resource, context: { 'iam:PassedToService': service } },
      [parsePolicy(POLICIES.runner, 'inline')],
      undefined,
    ).allowed;
  const own = arnOf(ours.RoleName, ROLE_PATH);
  assert.equal(pass('apigateway.amazonaws.com', own), true);
  for (const service of ['lambda', 'ec2', 'ecs-tasks', 'cloudformation', 'firehose'])
    assert.equal(pass(`${service}.amazonaws.com`, own), false);
  for (const role of [...FOREIGN_ROLES, RUNNER])
    assert.equal(pass('apigateway.amazonaws.com', arnOf(role)), false);
});

test('the policy denies the operations that the embedded AWS lacks', () => {
  const region = 'us-east-1';
  const asked: readonly (readonly [action: string, resource: string])[] = [
    ['apigateway:PATCH', `arn:aws:apigateway:${region}::/account`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/domainnames`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/vpclinks`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/apis`],
    ['apigateway:UpdateRestApiPolicy', `arn:aws:apigateway:${region}::/restapis/${fixture.ownApi}`],
    ['apigateway:SetWebACL', `arn:aws:apigateway:${region}::/restapis/${fixture.ownApi}/stages/test`],
    ['kinesis:PutResourcePolicy', `arn:aws:kinesis:${region}:${ACCOUNT}:stream/kpc-0123abcd-a`],
    ['iam:CreateServiceLinkedRole', `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x`],
    ['iam:CreateInstanceProfile', `arn:aws:iam::${ACCOUNT}:instance-profile/kpc-x`],
    ['iam:CreateOpenIDConnectProvider', `arn:aws:iam::${ACCOUNT}:oidc-provider/x`],
    ['sts:AssumeRoleWithWebIdentity', arnOf(ours.RoleName, ROLE_PATH)],
    ['lambda:CreateFunction', '*'],
    ['cloudformation:CreateStack', '*'],
  ];
  const mark = 'kinesis-proxy-conformance:run';
  const context = {
    'aws:RequestedRegion': region,
    [`aws:RequestTag/${mark}`]: '0123abcd',
    [`aws:ResourceTag/${mark}`]: '0123abcd',
  };
  const runners = [parsePolicy(POLICIES.runner, 'inline')];
  for (const [action, resource] of asked)
    assert.equal(evaluate({ action, resource, context }, runners, undefined).allowed, false, action);
});

test('where two statements deny the same call, each denies it alone', () => {
  const mark = 'kinesis-proxy-conformance:run';
  const decide = (action: string, resource: string, context: Record<string, string | string[]>) =>
    evaluate(
      {
        action,
        resource,
        context: { 'aws:RequestedRegion': 'us-east-1', [`aws:RequestTag/${mark}`]: '0123abcd', ...context },
      },
      [parsePolicy(POLICIES.runner, 'inline')],
      undefined,
    ).allowed;
  const own = { 'aws:TagKeys': [mark] };
  const others = { 'aws:TagKeys': [mark, 'owner'] };
  const boundary = { 'iam:PermissionsBoundary': boundaryArn };
  const apis = 'arn:aws:apigateway:us-east-1::/restapis';
  const tag = 'arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2F*';
  assert.equal(decide('apigateway:POST', apis, own), true);
  assert.equal(decide('apigateway:POST', apis, others), false);
  assert.equal(decide('apigateway:PUT', tag, own), true);
  assert.equal(decide('apigateway:PUT', tag, others), false);
  assert.equal(decide('iam:CreateRole', arnOf(ours.RoleName, ROLE_PATH), boundary), true);
  for (const name of ['admin', 'kpc', 'x-kpc-0123abcd-a'])
    assert.equal(decide('iam:CreateRole', arnOf(name, ROLE_PATH), boundary), false, name);
  for (const action of [
    'ListUsers',
    'ListAccessKeys',
    'ListPolicies',
    'ListRoleTags',
    'ListInstanceProfiles',
  ])
    assert.equal(decide(`iam:${action}`, '*', {}), false, action);
});

test('a role that it creates may do no more than the boundary allows, whatever it trusts', async () => {
  const { aws, root, runner, runnersAccess } = fixture;
  const own = {
    ...another,
    AssumeRolePolicyDocument: trusting(arnOf(RUNNER), `arn:aws:iam::${ACCOUNT}:root`),
  };
  const { RoleName } = own;
  const inline = { RoleName, PolicyName: 'p', PolicyDocument: everything };
  await runner.iam.send(new iam.CreateRoleCommand(own));
  await runner.iam.send(new iam.PutRolePolicyCommand(inline));
  const untouched = await readWholeAccount(root);
  const assumed = new AssumeRoleCommand({ RoleArn: arnOf(RoleName, ROLE_PATH), RoleSessionName: 'me' });
  await assert.rejects(new STSClient(runnersAccess).send(assumed), { name: 'AccessDenied' });

  // A principal of another account would get this far.
  const { Credentials } = await new STSClient(asTarget(aws).access).send(assumed);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const made = createClients({ ...asTarget(aws).access, credentials });
  const denied = { name: /^AccessDenied(Exception)?$/ };
  for (const StreamName of FOREIGN_STREAMS) {
    await assert.rejects(made.kinesis.send(new kinesis.DeleteStreamCommand({ StreamName })), denied);
    await assert.rejects(made.kinesis.send(new kinesis.DescribeStreamCommand({ StreamName })), denied);
  }
  await assert.rejects(made.iam.send(new iam.CreateUserCommand({ UserName: 'u' })), denied);
  await assert.rejects(made.apiGateway.send(new gateway.GetRestApisCommand({})), denied);
  await assert.rejects(
    new STSClient({ ...asTarget(aws).access, credentials }).send(
      new AssumeRoleCommand({ RoleArn: arnOf('other-user'), RoleSessionName: 'me' }),
    ),
    denied,
  );
  assert.deepEqual(differences(untouched, await readWholeAccount(root)), []);
  made.destroy();
  await runner.iam.send(new iam.DeleteRolePolicyCommand(inline));
  await runner.iam.send(new iam.DeleteRoleCommand({ RoleName }));
});

test('a user that it creates may do no more than the boundary allows, and outlives the session', async () => {
  const { aws, root, runner } = fixture;
  const { UserName } = ourUser;
  const inline = { UserName, PolicyName: 'invoke', PolicyDocument: everything };
  await runner.iam.send(new iam.PutUserPolicyCommand(inline));
  const { AccessKey } = await runner.iam.send(new iam.CreateAccessKeyCommand({ UserName }));
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const untouched = await readWholeAccount(root);
  const access = { ...asTarget(aws).access, credentials };
  const made = createClients(access);
  const denied = { name: /^AccessDenied(Exception)?$/ };
  for (const StreamName of FOREIGN_STREAMS)
    await assert.rejects(made.kinesis.send(new kinesis.DeleteStreamCommand({ StreamName })), denied);
  await assert.rejects(made.iam.send(new iam.CreateUserCommand({ UserName: 'u' })), denied);
  await assert.rejects(made.iam.send(new iam.CreateAccessKeyCommand({ UserName })), denied);
  await assert.rejects(made.apiGateway.send(new gateway.GetRestApisCommand({})), denied);
  await assert.rejects(
    new STSClient(access).send(
      new AssumeRoleCommand({ RoleArn: arnOf(ours.RoleName, ROLE_PATH), RoleSessionName: 'me' }),
    ),
    denied,
  );
  assert.deepEqual(differences(untouched, await readWholeAccount(root)), []);
  made.destroy();
});

test('outside its own region it creates, reads and lists nothing', async (t) => {
  const elsewhere = await startStrictAws(undefined, 'eu-central-1');
  const target = asTarget(elsewhere);
  const owner = createClients(target.access);
  const stolen = createClients({ ...target.access, credentials: await runnerSession(target, POLICIES) });
  t.after(async () => {
    stolen.destroy();
    owner.destroy();
    await elsewhere.stop();
  });
  const untouched = await readWholeAccount(owner);
  const denied = { name: 'AccessDeniedException' };
  const stream = { StreamName: 'kpc-0123abcd-a', ShardCount: 1, Tags: tags };
  await assert.rejects(stolen.kinesis.send(new kinesis.CreateStreamCommand(stream)), denied);
  await assert.rejects(stolen.kinesis.send(new kinesis.ListStreamsCommand({})), denied);
  const api = new gateway.CreateRestApiCommand({ name: 'ours', tags });
  await assert.rejects(stolen.apiGateway.send(api), denied);
  await assert.rejects(stolen.apiGateway.send(new gateway.GetRestApisCommand({})), denied);
  assert.deepEqual(differences(untouched, await readWholeAccount(owner)), []);
});
