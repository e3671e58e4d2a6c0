import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';
import type { DecidedCall } from './iam/types.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ROOT = 'arn:aws:iam::000000000000:root';
const decided: DecidedCall[] = [];
let now: number | undefined;
let aws: EmbeddedAws;
let strict: EmbeddedAws;
before(async () => {
  [aws, strict] = await Promise.all([
    startEmbeddedAws({
      createMillis: 0,
      now: () => now ?? Date.now(),
      onDecision: (call) => decided.push(call),
    }),
    startEmbeddedAws({ createMillis: 0, verifyCallers: true }),
  ]);
});
after(() => Promise.all([aws.stop(), strict.stop()]));

function clients(keys: Keys, of: EmbeddedAws = aws) {
  const requestHandler = new NodeHttpHandler();
  const access = {
    endpoint: of.endpoint,
    region: of.region,
    credentials: keys,
    requestHandler,
    maxAttempts: 1,
  };
  return {
    iam: new IAMClient(access),
    sts: new STSClient(access),
    kinesis: new KinesisClient(access),
    gateway: new APIGatewayClient(access),
  };
}

const statement = (Action: string | string[], Resource: string, Condition: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = (AWS: string) => policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });

/** A user with one inline policy, `own`. */
async function user(UserName: string, PolicyDocument?: string, of = aws): Promise<Keys> {
  const { iam } = clients(of, of);
  await iam.send(new CreateUserCommand({ UserName }));
  if (PolicyDocument !== undefined)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

const denied = (arn: string, action: string, resource: string) => ({
  name: /^AccessDenied(Exception)?$/,
  message: `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
});

test('a user can be deleted only after its keys and policies', async () => {
  const { iam } = clients(aws);
  const keys = await user('ann', policy(statement('iam:GetUser', '*')));
  assert.match(keys.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  const own = clients(keys);
  const { User } = await own.iam.send(new GetUserCommand({}));
  assert.equal(User?.Arn, 'arn:aws:iam::000000000000:user/ann');
  assert.deepEqual(
    (await own.sts.send(new GetCallerIdentityCommand({}))).UserId,
    User?.UserId,
    'GetCallerIdentity needs no permission',
  );
  const listed = await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
  assert.deepEqual(
    listed.AccessKeyMetadata?.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]),
    [[keys.accessKeyId, 'Active']],
  );
  const named = { UserName: 'ann', AccessKeyId: keys.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...named, Status: 'Inactive' }));
  await assert.rejects(own.iam.send(new GetUserCommand({})), { name: 'InvalidClientTokenId' });
  await iam.send(new DeleteUserPolicyCommand({ UserName: 'ann', PolicyName: 'own' }));
  await assert.rejects(iam.send(new DeleteUserCommand({ UserName: 'ann' })), {
    name: 'DeleteConflictException',
  });
  await iam.send(new DeleteAccessKeyCommand(named));
  await iam.send(new DeleteUserCommand({ UserName: 'ann' }));
  await assert.rejects(own.kinesis.send(new ListStreamsCommand({})), { name: 'UnrecognizedClientException' });
  await assert.rejects(own.gateway.send(new GetRestApisCommand({})), { name: 'UnrecognizedClientException' });
});

test("a user's policies decide its permissions, service by service", async () => {
  const arn = 'arn:aws:iam::000000000000:user/ben';
  const own = clients(
    await user(
      'ben',
      policy(
        statement('kinesis:CreateStream', 'arn:aws:kinesis:*:*:stream/ben-*'),
        statement('apigateway:POST', 'arn:aws:apigateway:us-east-1::/restapis'),
        statement('iam:CreateRole', 'arn:aws:iam::*:role/ben-*'),
      ),
    ),
  );
  await own.kinesis.send(new CreateStreamCommand({ StreamName: 'ben-1', ShardCount: 1 }));
  await assert.rejects(
    own.kinesis.send(new CreateStreamCommand({ StreamName: 'other', ShardCount: 1 })),
    denied(arn, 'kinesis:CreateStream', 'arn:aws:kinesis:us-east-1:000000000000:stream/other'),
  );
  await assert.rejects(
    own.kinesis.send(new CreateStreamCommand({ StreamName: 'ben-2', ShardCount: 1, Tags: { a: 'b' } })),
    denied(arn, 'kinesis:AddTagsToStream', 'arn:aws:kinesis:us-east-1:000000000000:stream/ben-2'),
  );
  const { id = '' } = await own.gateway.send(new CreateRestApiCommand({ name: 'ben' }));
  await assert.rejects(
    own.gateway.send(new DeleteRestApiCommand({ restApiId: id })),
    denied(arn, 'apigateway:DELETE', `arn:aws:apigateway:us-east-1::/restapis/${id}`),
  );
  const role = { RoleName: 'ben-role', AssumeRolePolicyDocument: trust(ROOT) };
  await own.iam.send(new CreateRoleCommand(role));
  await assert.rejects(
    own.iam.send(new GetRoleCommand(role)),
    denied(arn, 'iam:GetRole', 'arn:aws:iam::000000000000:role/ben-role'),
  );
  await assert.rejects(
    own.iam.send(
      new CreateRoleCommand({ ...role, RoleName: 'ben-tagged', Tags: [{ Key: 'a', Value: 'b' }] }),
    ),
    denied(arn, 'iam:TagRole', 'arn:aws:iam::000000000000:role/ben-tagged'),
  );
  const last = decided.at(-1);
  assert.deepEqual(
    [last?.callerArn, last?.action, last?.decision.allowed, last?.context['aws:RequestTag/a']],
    [arn, 'iam:TagRole', false, 'b'],
  );
});

test('conditions on tags, boundaries and passed roles', async () => {
  const { iam } = clients(aws);
  const boundary = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: policy(statement('kinesis:*', '*')) }),
  );
  const PermissionsBoundary = boundary.Policy?.Arn ?? '';
  const own = clients(
    await user(
      'cid',
      policy(
        statement(['iam:CreateRole', 'iam:PutRolePolicy'], '*', {
          ArnEquals: { 'iam:PermissionsBoundary': PermissionsBoundary },
        }),
        statement('apigateway:PUT', 'arn:aws:apigateway:*::/tags/*', {
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['run'] },
        }),
        statement(
          ['apigateway:DELETE', 'apigateway:GET', 'apigateway:PUT'],
          'arn:aws:apigateway:*::/restapis/*',
          {
            StringEquals: { 'aws:ResourceTag/run': '7' },
          },
        ),
        statement('apigateway:POST', 'arn:aws:apigateway:*::/restapis'),
        statement('iam:PassRole', 'arn:aws:iam::*:role/cid-mine', {
          StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
        }),
      ),
    ),
  );
  const role = { RoleName: 'cid-role', AssumeRolePolicyDocument: trust(ROOT) };
  await assert.rejects(own.iam.send(new CreateRoleCommand(role)), { name: 'AccessDenied' });
  await own.iam.send(new CreateRoleCommand({ ...role, PermissionsBoundary }));
  const inline = { PolicyName: 'p', PolicyDocument: policy(statement('kinesis:*', '*')) };
  await own.iam.send(new PutRolePolicyCommand({ ...inline, RoleName: 'cid-role' }));
  await iam.send(new CreateRoleCommand({ ...role, RoleName: 'free' }));
  await assert.rejects(own.iam.send(new PutRolePolicyCommand({ ...inline, RoleName: 'free' })), {
    name: 'AccessDenied',
  });

  const { id: restApiId = '' } = await own.gateway.send(new CreateRestApiCommand({ name: 'cid' }));
  await assert.rejects(own.gateway.send(new GetResourcesCommand({ restApiId })), {
    name: 'AccessDeniedException',
  });
  const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
  await assert.rejects(
    own.gateway.send(new TagResourceCommand({ resourceArn, tags: { run: '7', more: 'x' } })),
    { name: 'AccessDeniedException' },
  );
  await own.gateway.send(new TagResourceCommand({ resourceArn, tags: { run: '7' } }));
  const { items } = await own.gateway.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: 'GET' };
  await own.gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const integrate = (name: string) =>
    own.gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
        credentials: `arn:aws:iam::000000000000:role/${name}`,
      }),
    );
  const passing = {
    name: 'AccessDeniedException',
    message: /perform: iam:PassRole on resource: .*role\/cid-other/,
  };
  await assert.rejects(integrate('cid-other'), passing);
  await integrate('cid-mine');
  const imported = {
    openapi: '3.0.1',
    info: { title: 'i', version: '1' },
    paths: {
      '/': {
        get: {
          'x-amazon-apigateway-integration': {
            type: 'aws',
            httpMethod: 'POST',
            uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
            credentials: 'arn:aws:iam::000000000000:role/cid-other',
          },
        },
      },
    },
  };
  const body = Buffer.from(JSON.stringify(imported));
  await assert.rejects(own.gateway.send(new ImportRestApiCommand({ body })), passing);
  await own.gateway.send(new DeleteRestApiCommand({ restApiId }));
});

test('conditions on the tags of streams', async () => {
  const { kinesis } = clients(aws);
  const own = clients(
    await user(
      'gus',
      policy(
        statement(['kinesis:CreateStream', 'kinesis:AddTagsToStream'], '*', {
          StringEquals: { 'aws:RequestTag/owner': 'gus' },
        }),
        statement('kinesis:DeleteStream', '*', { StringEquals: { 'aws:ResourceTag/owner': 'gus' } }),
      ),
    ),
  );
  const refused = { name: 'AccessDeniedException' };
  const make = (StreamName: string, Tags?: Record<string, string>) =>
    own.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, ...(Tags && { Tags }) }));
  await assert.rejects(make('gus-1'), refused);
  await assert.rejects(make('gus-1', { owner: 'ann' }), refused);
  await make('gus-1', { owner: 'gus' });
  await kinesis.send(new CreateStreamCommand({ StreamName: 'gus-2', ShardCount: 1 }));
  await assert.rejects(own.kinesis.send(new DeleteStreamCommand({ StreamName: 'gus-2' })), refused);
  await own.kinesis.send(new DeleteStreamCommand({ StreamName: 'gus-1' }));
});

test('a permissions boundary limits a user', async () => {
  const { iam } = clients(aws);
  const own = clients(await user('dan', policy(statement(['kinesis:*', 'iam:*'], '*'))));
  const boundary = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'dan-limit',
      PolicyDocument: policy(statement('kinesis:List*', '*')),
    }),
  );
  const PermissionsBoundary = boundary.Policy?.Arn ?? '';
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'dan', PermissionsBoundary }));
  await own.kinesis.send(new ListStreamsCommand({}));
  await assert.rejects(own.iam.send(new GetUserCommand({})), { name: 'AccessDenied' });
});

test('a role can be assumed by those it trusts, within limits on duration and permissions', async () => {
  const { iam } = clients(aws);
  const role = 'arn:aws:iam::000000000000:role/eve-role';
  await iam.send(new CreateRoleCommand({ RoleName: 'eve-role', AssumeRolePolicyDocument: trust(ROOT) }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'eve-role',
      PolicyName: 'p',
      PolicyDocument: policy(statement('kinesis:*', '*')),
    }),
  );
  const assume = { RoleArn: role, RoleSessionName: 'session' };
  const other = clients(await user('eve-other'));
  await assert.rejects(other.sts.send(new AssumeRoleCommand(assume)), { name: 'AccessDenied' });
  const own = clients(await user('eve', policy(statement('sts:AssumeRole', role))));
  await assert.rejects(own.sts.send(new AssumeRoleCommand({ ...assume, DurationSeconds: 60 })), {
    name: 'ValidationError',
  });
  const { Credentials } = await own.sts.send(
    new AssumeRoleCommand({ ...assume, Policy: policy(statement('kinesis:List*', '*')) }),
  );
  const session = clients({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
  await session.kinesis.send(new ListStreamsCommand({}));
  await assert.rejects(
    session.kinesis.send(
      new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: Buffer.from('d') }),
    ),
    { name: 'AccessDeniedException' },
  );
  now = Date.now() + 3601_000;
  await assert.rejects(session.kinesis.send(new ListStreamsCommand({})), { name: 'ExpiredTokenException' });
  await assert.rejects(session.sts.send(new GetCallerIdentityCommand({})), {
    name: /^ExpiredToken/,
  });
  now = undefined;
});

test('unknown keys count as the root, unless callers are verified', async () => {
  const nobody = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' };
  const lenient = clients(nobody);
  assert.equal((await lenient.sts.send(new GetCallerIdentityCommand({}))).Arn, ROOT);
  const refused = clients(nobody, strict);
  await assert.rejects(refused.sts.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' });
  await assert.rejects(refused.iam.send(new GetUserCommand({})), { name: 'InvalidClientTokenId' });
  await assert.rejects(refused.kinesis.send(new ListStreamsCommand({})), {
    name: 'UnrecognizedClientException',
  });
  await assert.rejects(refused.gateway.send(new GetRestApisCommand({})), {
    name: 'UnrecognizedClientException',
  });
});

test('verified callers sign with their own secret', async () => {
  const root = clients(strict, strict);
  assert.equal((await root.sts.send(new GetCallerIdentityCommand({}))).Arn, ROOT);
  assert.deepEqual((await root.kinesis.send(new ListStreamsCommand({}))).StreamNames, []);
  assert.deepEqual((await root.gateway.send(new GetRestApisCommand({}))).items, []);
  const keys = await user('fay', policy(statement('kinesis:ListStreams', '*')), strict);
  await clients(keys, strict).kinesis.send(new ListStreamsCommand({}));
  const { endpoint, region } = strict;
  const overHttp2 = new KinesisClient({ endpoint, region, credentials: keys });
  assert.equal(overHttp2.config.requestHandler.metadata?.handlerProtocol, 'h2');
  await overHttp2.send(new ListStreamsCommand({}));
  overHttp2.destroy();
  const forged = clients({ ...keys, secretAccessKey: 'guess' }, strict);
  await assert.rejects(forged.kinesis.send(new ListStreamsCommand({})), {
    name: 'InvalidSignatureException',
  });
  await assert.rejects(forged.gateway.send(new GetRestApisCommand({})), {
    name: 'InvalidSignatureException',
  });
  await assert.rejects(forged.sts.send(new GetCallerIdentityCommand({})), { name: 'SignatureDoesNotMatch' });
  const unsigned = await fetch(`${strict.endpoint}/restapis`);
  assert.deepEqual(
    [unsigned.status, unsigned.headers.get('x-amzn-errortype')],
    [403, 'MissingAuthenticationTokenException'],
  );
});
