import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as gateway from '@aws-sdk/client-api-gateway';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { EmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { parsePolicy } from '../../infra/embedded/iam/policy/document.ts';
import { evaluate } from '../../infra/embedded/iam/policy/evaluate.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { ROLE_PATH } from '../../infra/provision/role.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import type { AwsAccess } from '../../infra/targets/target.ts';
import { differences } from '../../support/observe/account.ts';
import { ACCOUNT, BOUNDARY, runnerSession, startStrictAws } from '../privilege/rehearsal.ts';
import { readWholeAccount } from './account-state.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
const POLICIES = { runner: policy('runner'), boundary: policy('boundary') };
const RUNNER = 'kinesis-proxy-conformance-runner';
const arnOf = (role: string, path = '/') => `arn:aws:iam::${ACCOUNT}:role${path}${role}`;
const boundaryArn = `arn:aws:iam::${ACCOUNT}:policy/${BOUNDARY}`;
const KINESIS = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
const tags = { ...runTags('0123abcd') };
const listed = (one: Readonly<Record<string, string>>) =>
  Object.entries(one).map(([Key, Value]) => ({ Key, Value }));
const Tags = listed(tags);
const trusting = (...AWS: string[]) =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS, Service: 'apigateway.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  });
const AssumeRolePolicyDocument = trusting(`arn:aws:iam::${ACCOUNT}:root`);
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const ours = {
  RoleName: 'kpc-0123abcd-full-access',
  Path: ROLE_PATH,
  AssumeRolePolicyDocument,
  Tags,
  PermissionsBoundary: boundaryArn,
};
const another = { ...ours, RoleName: 'kpc-0123abcd-b' };
/** Others' roles: one of another name, one that looks like the suite's. */
const FOREIGN_ROLES = ['somebody', 'kpc-0123abcd-admin'];
/** Roles that lack one thing alone of what makes a role the suite's: the boundary, the tag, the path. */
const LOOK_ALIKES = [
  { ...ours, RoleName: 'kpc-0123abcd-without-boundary', PermissionsBoundary: undefined },
  { ...ours, RoleName: 'kpc-0123abcd-without-tag', Tags: [] },
  { ...ours, RoleName: 'kpc-0123abcd-without-path', Path: '/' },
];
/** Others' streams; the second begins as the suite's do. */
const FOREIGN_STREAMS = ['orders', 'kpc-orders'];
const document = (credentials?: string) =>
  new TextEncoder().encode(
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'mine', version: '1' },
      // An import takes no tags, and this is none.
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

let aws: EmbeddedAws;
let root: Clients;
let runner: Clients;
let runnersAccess: AwsAccess;
let policyOfOthers: string;
/** Others' APIs: one without tags and one with their own, both with a method and a stage. */
const foreignApis: { restApiId: string; resourceId: string }[] = [];
let ownApi: string;
let ownResource: string;

before(async () => {
  aws = await startStrictAws();
  const own = asTarget(aws);
  root = createClients(own.access);
  runnersAccess = { ...own.access, credentials: await runnerSession(own, POLICIES) };
  runner = createClients(runnersAccess);
  await plant();
  await runner.iam.send(new iam.CreateRoleCommand(ours));
  ({ id: ownApi = '', rootResourceId: ownResource = '' } = await runner.apiGateway.send(
    new gateway.CreateRestApiCommand({ name: 'ours', tags }),
  ));
});
after(async () => {
  root.destroy();
  runner.destroy();
  await aws.stop();
});

async function plant(): Promise<void> {
  const { Policy } = await root.iam.send(
    new iam.CreatePolicyCommand({ PolicyName: 'admin', PolicyDocument: everything }),
  );
  policyOfOthers = Policy?.Arn ?? '';
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
  await root.iam.send(new iam.CreateUserCommand({ UserName: 'somebody' }));
  for (const StreamName of FOREIGN_STREAMS) {
    await root.kinesis.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await kinesis.waitUntilStreamExists(
      { client: root.kinesis, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.05 },
      { StreamName },
    );
    const record = { StreamName, PartitionKey: 'k', Data: new Uint8Array([1]) };
    await root.kinesis.send(new kinesis.PutRecordCommand(record));
  }
  const marks: Record<string, string>[] = [{}, { owner: 'somebody' }];
  for (const own of marks) {
    const { id: restApiId = '', rootResourceId: resourceId = '' } = await root.apiGateway.send(
      new gateway.CreateRestApiCommand({ name: 'somebody', tags: own }),
    );
    const body = document(arnOf('somebody'));
    await root.apiGateway.send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body }));
    await root.apiGateway.send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
    foreignApis.push({ restApiId, resourceId });
  }
}

type Attack = readonly [what: string, carryOut: () => Promise<unknown>];

/** Whatever can be tried on an API that is another's. */
function onApis(): Attack[] {
  const send = runner.apiGateway.send.bind(runner.apiGateway) as (command: unknown) => Promise<unknown>;
  return foreignApis.flatMap(({ restApiId, resourceId }, index): Attack[] => {
    const whose = index === 0 ? "somebody's API" : "somebody's tagged API";
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    const stage = `${resourceArn}/stages/prod`;
    const method = { restApiId, resourceId, httpMethod: 'GET' };
    const patch = (path: string, value: string) => ({
      patchOperations: [{ op: 'replace' as const, path, value }],
    });
    const { TagResourceCommand: Tag, UntagResourceCommand: Untag } = gateway;
    return (
      [
        ['adopted by its tag', () => send(new Tag({ resourceArn, tags }))],
        ['given a tag', () => send(new Tag({ resourceArn, tags: { owner: 'me' } }))],
        ['adopted by the tag of a stage', () => send(new Tag({ resourceArn: stage, tags }))],
        ['robbed of its tag', () => send(new Untag({ resourceArn, tagKeys: ['owner'] }))],
        ['asked for its tags', () => send(new gateway.GetTagsCommand({ resourceArn }))],
        [
          'overwritten',
          () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body: document() })),
        ],
        [
          'merged into',
          () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'merge', body: document() })),
        ],
        ['deployed', () => send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'prod' }))],
        ['given a stage', () => send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'new' }))],
        [
          'given a stage with the tag',
          () => send(new gateway.CreateStageCommand({ restApiId, stageName: 's', deploymentId: 'd', tags })),
        ],
        ['deleted', () => send(new gateway.DeleteRestApiCommand({ restApiId }))],
        ['rid of its stage', () => send(new gateway.DeleteStageCommand({ restApiId, stageName: 'prod' }))],
        ['renamed', () => send(new gateway.UpdateRestApiCommand({ restApiId, ...patch('/name', 'mine') }))],
        [
          'given another role',
          () =>
            send(
              new gateway.UpdateIntegrationCommand({
                ...method,
                ...patch('/credentials', arnOf(ours.RoleName, ROLE_PATH)),
              }),
            ),
        ],
        ['rid of a method', () => send(new gateway.DeleteMethodCommand(method))],
        ['called by a test', () => send(new gateway.TestInvokeMethodCommand(method))],
        ['read', () => send(new gateway.GetResourcesCommand({ restApiId }))],
        [
          'exported',
          () => send(new gateway.GetExportCommand({ restApiId, stageName: 'prod', exportType: 'swagger' })),
        ],
      ] as Attack[]
    ).map(([what, carryOut]) => [`${whose} ${what}`, carryOut] as const);
  });
}

/** On API Gateway but no API of others. */
function aroundApis(): Attack[] {
  const send = runner.apiGateway.send.bind(runner.apiGateway) as (command: unknown) => Promise<unknown>;
  const restApiId = ownApi;
  const role = arnOf('somebody');
  const lookalike = arnOf('kpc-0123abcd-admin');
  const method = { restApiId, resourceId: ownResource, httpMethod: 'GET' };
  const integration = (credentials: string) => ({
    ...method,
    type: 'AWS' as const,
    integrationHttpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
    credentials,
  });
  const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
  return [
    ['an API without the tag', () => send(new gateway.CreateRestApiCommand({ name: 'mine' }))],
    [
      "an API with others' tags too",
      () => send(new gateway.CreateRestApiCommand({ name: 'mine', tags: { ...tags, owner: 'somebody' } })),
    ],
    ['an API by import', () => send(new gateway.ImportRestApiCommand({ body: document() }))],
    [
      'its own API renamed',
      () =>
        send(
          new gateway.UpdateRestApiCommand({
            restApiId,
            patchOperations: [{ op: 'replace', path: '/name', value: 'other' }],
          }),
        ),
    ],
    ['its own API tagged anew', () => send(new gateway.TagResourceCommand({ resourceArn, tags }))],
    [
      'the tag taken off its own API',
      () => send(new gateway.UntagResourceCommand({ resourceArn, tagKeys: Object.keys(tags) })),
    ],
    ["somebody's role in an integration", () => send(new gateway.PutIntegrationCommand(integration(role)))],
    [
      "somebody's role with the suite's name in an integration",
      () => send(new gateway.PutIntegrationCommand(integration(lookalike))),
    ],
    [
      "somebody's role in a definition",
      () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body: document(role) })),
    ],
    [
      "somebody's role in an authorizer",
      () =>
        send(
          new gateway.CreateAuthorizerCommand({
            restApiId,
            name: 'a',
            type: 'TOKEN',
            authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations',
            identitySource: 'method.request.header.A',
            authorizerCredentials: role,
          }),
        ),
    ],
    ['the settings of the account read', () => send(new gateway.GetAccountCommand({}))],
    ['an API key', () => send(new gateway.CreateApiKeyCommand({ name: 'k', tags }))],
    ['API keys listed', () => send(new gateway.GetApiKeysCommand({ includeValues: true }))],
    ['a usage plan', () => send(new gateway.CreateUsagePlanCommand({ name: 'p', tags }))],
  ];
}

function onStreams(): Attack[] {
  const send = runner.kinesis.send.bind(runner.kinesis) as (command: unknown) => Promise<unknown>;
  return [
    ...FOREIGN_STREAMS.flatMap((StreamName): Attack[] => [
      [`${StreamName} tagged`, () => send(new kinesis.AddTagsToStreamCommand({ StreamName, Tags: tags }))],
      [
        `${StreamName} tagged by its ARN`,
        () =>
          send(
            new kinesis.TagResourceCommand({
              ResourceARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
              Tags: tags,
            }),
          ),
      ],
      [`${StreamName} deleted`, () => send(new kinesis.DeleteStreamCommand({ StreamName }))],
      [
        `${StreamName} deleted behind an ARN of the suite's`,
        () =>
          send(
            new kinesis.DeleteStreamCommand({
              StreamName,
              StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
            }),
          ),
      ],
      [
        `a record in ${StreamName}`,
        () =>
          send(new kinesis.PutRecordCommand({ StreamName, PartitionKey: 'k', Data: new Uint8Array([2]) })),
      ],
      [`${StreamName} described`, () => send(new kinesis.DescribeStreamSummaryCommand({ StreamName }))],
      [
        `${StreamName} read`,
        () =>
          send(
            new kinesis.GetShardIteratorCommand({
              StreamName,
              ShardId: 'shardId-000000000000',
              ShardIteratorType: 'TRIM_HORIZON',
            }),
          ),
      ],
      [
        `records of ${StreamName} with the iterator of somebody`,
        async () => {
          const { ShardIterator } = await root.kinesis.send(
            new kinesis.GetShardIteratorCommand({
              StreamName,
              ShardId: 'shardId-000000000000',
              ShardIteratorType: 'TRIM_HORIZON',
            }),
          );
          await send(new kinesis.GetRecordsCommand({ ShardIterator }));
        },
      ],
    ]),
    [
      'a stream without the tag',
      () => send(new kinesis.CreateStreamCommand({ StreamName: 'kpc-0123abcd-a', ShardCount: 1 })),
    ],
    [
      "a stream with others' tags too",
      () =>
        send(
          new kinesis.CreateStreamCommand({
            StreamName: 'kpc-0123abcd-a',
            ShardCount: 1,
            Tags: { ...tags, owner: 'somebody' },
          }),
        ),
    ],
    [
      'a stream of another name',
      () => send(new kinesis.CreateStreamCommand({ StreamName: 'mine', ShardCount: 1, Tags: tags })),
    ],
    [
      'more shards',
      () =>
        send(
          new kinesis.UpdateShardCountCommand({
            StreamName: 'kpc-0123abcd-a',
            TargetShardCount: 100,
            ScalingType: 'UNIFORM_SCALING',
          }),
        ),
    ],
  ];
}

function onIdentities(): Attack[] {
  const send = runner.iam.send.bind(runner.iam) as (command: unknown) => Promise<unknown>;
  const assume = (RoleArn: string) =>
    new STSClient(runnersAccess).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const onOthers = [...FOREIGN_ROLES, RUNNER].flatMap((RoleName): Attack[] => {
    const inline = { RoleName, PolicyName: 'own', PolicyDocument: everything };
    return [
      [`${RoleName} tagged`, () => send(new iam.TagRoleCommand({ RoleName, Tags }))],
      [`${RoleName} untagged`, () => send(new iam.UntagRoleCommand({ RoleName, TagKeys: ['owner'] }))],
      [`${RoleName} with more rights`, () => send(new iam.PutRolePolicyCommand(inline))],
      [
        `${RoleName} with a managed policy`,
        () => send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: policyOfOthers })),
      ],
      [`${RoleName} rid of its rights`, () => send(new iam.DeleteRolePolicyCommand(inline))],
      [
        `${RoleName} within the suite's boundary`,
        () => send(new iam.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundaryArn })),
      ],
      [
        `${RoleName} with another trust`,
        () =>
          send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting(arnOf(RUNNER)) })),
      ],
      [`${RoleName} described anew`, () => send(new iam.UpdateRoleCommand({ RoleName, Description: 'x' }))],
      [`${RoleName} deleted`, () => send(new iam.DeleteRoleCommand({ RoleName }))],
      [`${RoleName} assumed`, () => assume(arnOf(RoleName))],
    ];
  });
  const [foreign] = FOREIGN_ROLES;
  const reads: Attack[] = [
    ["somebody's role read", () => send(new iam.GetRoleCommand({ RoleName: foreign }))],
    ["somebody's role's policies listed", () => send(new iam.ListRolePoliciesCommand({ RoleName: foreign }))],
    [
      "somebody's role's policy read",
      () => send(new iam.GetRolePolicyCommand({ RoleName: foreign, PolicyName: 'own' })),
    ],
    ["its role tagged without the run's tag", () => send(new iam.TagRoleCommand({ ...ours, Tags: [] }))],
    [
      'its role tagged with a time alone',
      () =>
        send(
          new iam.TagRoleCommand({
            ...ours,
            Tags: Tags.filter(({ Key }) => Key.endsWith(':expires')),
          }),
        ),
    ],
  ];
  const onLookAlikes = LOOK_ALIKES.flatMap(({ RoleName }): Attack[] => [
    [`${RoleName} deleted`, () => send(new iam.DeleteRoleCommand({ RoleName }))],
    [
      `${RoleName} with more rights`,
      () => send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: everything })),
    ],
    [
      `${RoleName} with fewer rights`,
      () => send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' })),
    ],
  ]);
  const create = (change: object) => () => send(new iam.CreateRoleCommand({ ...another, ...change }));
  return [
    ...onOthers,
    ...onLookAlikes,
    ...reads,
    ['a role without the boundary', create({ PermissionsBoundary: undefined })],
    ['a role within another boundary', create({ PermissionsBoundary: KINESIS })],
    ["a role within others' boundary", create({ PermissionsBoundary: policyOfOthers })],
    ['a role without the tag', create({ Tags: [] })],
    ["a role with others' tags too", create({ Tags: listed({ ...tags, owner: 'somebody' }) })],
    ['a role of another name', create({ RoleName: 'admin' })],
    ['a role of another path', create({ Path: '/' })],
    [
      'a managed policy for its role',
      () => send(new iam.AttachRolePolicyCommand({ RoleName: ours.RoleName, PolicyArn: policyOfOthers })),
    ],
    ["its role's boundary taken off", () => send(new iam.DeleteRolePermissionsBoundaryCommand(ours))],
    [
      "its role's boundary changed",
      () =>
        send(
          new iam.PutRolePermissionsBoundaryCommand({
            RoleName: ours.RoleName,
            PermissionsBoundary: policyOfOthers,
          }),
        ),
    ],
    [
      "its role's trust changed",
      () =>
        send(
          new iam.UpdateAssumeRolePolicyCommand({
            RoleName: ours.RoleName,
            PolicyDocument: trusting(arnOf(RUNNER)),
          }),
        ),
    ],
    ['its role untagged', () => send(new iam.UntagRoleCommand({ ...ours, TagKeys: Object.keys(tags) }))],
    [
      "its role with others' tags",
      () => send(new iam.TagRoleCommand({ ...ours, Tags: listed({ ...tags, owner: 'somebody' }) })),
    ],
    ['its role assumed', () => assume(arnOf(ours.RoleName, ROLE_PATH))],
    [
      'the boundary itself widened',
      () =>
        send(
          new iam.CreatePolicyVersionCommand({
            PolicyArn: boundaryArn,
            PolicyDocument: everything,
            SetAsDefault: true,
          }),
        ),
    ],
    ['the boundary deleted', () => send(new iam.DeletePolicyCommand({ PolicyArn: boundaryArn }))],
    [
      'a managed policy',
      () => send(new iam.CreatePolicyCommand({ PolicyName: 'kpc-p', PolicyDocument: everything })),
    ],
    ['a user', () => send(new iam.CreateUserCommand({ UserName: 'kpc-user' }))],
    ['an access key', () => send(new iam.CreateAccessKeyCommand({ UserName: 'somebody' }))],
  ];
}

/** How many attacks there are between two looks at the account, which take longest. */
const ATTACKS_A_LOOK = 8;

test('a stolen runner is refused whatever is not its own, and nothing changes', async (t) => {
  const untouched = await readWholeAccount(root);
  const attacks = [...onApis(), ...aroundApis(), ...onStreams(), ...onIdentities()];
  for (let at = 0; at < attacks.length; at += ATTACKS_A_LOOK) {
    const some = attacks.slice(at, at + ATTACKS_A_LOOK);
    for (const [name, carryOut] of some)
      await t.test(name, () => assert.rejects(carryOut, { name: /^AccessDenied(Exception)?$/ }));
    const changes = differences(untouched, await readWholeAccount(root));
    assert.deepEqual(changes, [], `after one of: ${some.map(([name]) => name).join('; ')}`);
  }
});

test('its roles are passed to API Gateway and to nobody else', () => {
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

test('what the embedded AWS has no operation for is refused by the policy', () => {
  const region = 'us-east-1';
  const asked: readonly (readonly [action: string, resource: string])[] = [
    ['apigateway:PATCH', `arn:aws:apigateway:${region}::/account`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/domainnames`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/vpclinks`],
    ['apigateway:POST', `arn:aws:apigateway:${region}::/apis`],
    ['apigateway:UpdateRestApiPolicy', `arn:aws:apigateway:${region}::/restapis/${ownApi}`],
    ['apigateway:SetWebACL', `arn:aws:apigateway:${region}::/restapis/${ownApi}/stages/test`],
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

test('each statement refuses by itself what another one refuses as well', () => {
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

test('a role that it makes may do no more than the boundary, whoever it trusts', async () => {
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

  // Another account's principal would get this far.
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
      new AssumeRoleCommand({ RoleArn: arnOf('somebody'), RoleSessionName: 'me' }),
    ),
    denied,
  );
  assert.deepEqual(differences(untouched, await readWholeAccount(root)), []);
  made.destroy();
  await runner.iam.send(new iam.DeleteRolePolicyCommand(inline));
  await runner.iam.send(new iam.DeleteRoleCommand({ RoleName }));
});

test('in another region than its own it makes, reads and lists nothing', async (t) => {
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
