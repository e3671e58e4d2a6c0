import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import aws4 from 'aws4';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';

const IDENTITY = '$context.identity.userArn $context.identity.accountId $context.identity.accessKey';
const TRUST = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com', AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'sts:AssumeRole',
    },
  ],
});

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

let now: number | undefined;
let aws: EmbeddedAws;
let iam: IAMClient;
let sts: STSClient;
let gateway: APIGatewayClient;
let api: string;
before(async () => {
  aws = await startEmbeddedAws({ now: () => now ?? Date.now() });
  const access = { endpoint: aws.endpoint, region: aws.region, credentials: aws };
  iam = new IAMClient(access);
  sts = new STSClient(access);
  gateway = new APIGatewayClient(access);
  const credentials = await role('proxy', 'kinesis:*', '*');
  const body = Buffer.from(JSON.stringify(definition(credentials)));
  const { id: restApiId = '' } = await gateway.send(new ImportRestApiCommand({ body }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  api = restApiId;
});
after(async () => {
  for (const client of [iam, sts, gateway]) client.destroy();
  await aws.stop();
});

function definition(credentials: string) {
  return {
    swagger: '2.0',
    info: { title: 'signed', version: '1' },
    securityDefinitions: {
      key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      sigv4: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      },
    },
    paths: {
      '/streams/{name}': { get: method({ sigv4: [] }) },
      '/keyed': { get: method({ key: [] }) },
      '/own': { get: method({ sigv4: [] }, 'arn:aws:iam::*:user/*') },
      '/own-unsigned': { get: method({}, 'arn:aws:iam::*:user/*') },
    },
  };

  function method(security: object, as = credentials) {
    return {
      security: [security],
      responses: { 200: { description: '' } },
      'x-amazon-apigateway-integration': {
        type: 'aws',
        httpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
        credentials: as,
        requestTemplates: { 'application/json': '{}' },
        responses: {
          default: {
            statusCode: '200',
            responseTemplates: { 'application/json': `${IDENTITY}$input.path('$.__type')` },
          },
        },
      },
    };
  }
}

const allow = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

async function role(RoleName: string, action: string, resource: string): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  const PolicyDocument = allow(action, resource);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  return Role?.Arn ?? '';
}

async function user(UserName: string, resource: string): Promise<Keys> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = allow('execute-api:Invoke', resource);
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

async function answer(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}

const address = (path: string) => `${aws.executeApiUrl.replace('{restApiId}/{stage}', `${api}/live`)}${path}`;

function sign(keys: Keys, path: string, headers: Record<string, string> = {}) {
  const { host, pathname, search } = new URL(address(path));
  const request = {
    host,
    method: 'GET',
    path: pathname + search,
    service: 'execute-api',
    region: 'us-east-1',
  };
  const { Host: _, ...signed } = aws4.sign({ ...request, headers }, keys).headers;
  return signed;
}

const call = (keys: Keys, path: string) => answer(address(path), sign(keys, path));

test('a caller with permission can invoke, and templates see its identity', async () => {
  const resource = `arn:aws:execute-api:us-east-1:000000000000:${api}/live/GET/streams/*`;
  const keys = await user('ann', resource);
  const expected = `arn:aws:iam::000000000000:user/ann 000000000000 ${keys.accessKeyId}`;
  for (const path of ['/streams/a', '/streams/a%20b', '/streams/a?b=c%20d&b=&a=1'])
    assert.deepEqual(await call(keys, path), { status: 200, type: null, text: expected }, path);
  const own = await call(aws, '/streams/a');
  assert.match(own.text, /^arn:aws:iam::000000000000:root 000000000000 AKIA/);

  const RoleArn = await role('caller', 'execute-api:Invoke', resource);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  assert.match(
    (await call(session, '/streams/a')).text,
    /^arn:aws:sts::000000000000:assumed-role\/caller\/me /,
  );
  assert.deepEqual(await call({ ...session, sessionToken: 'other' }, '/streams/a'), {
    status: 403,
    type: 'AccessDeniedException',
    text: '{"Message":"The security token included in the request is invalid."}',
  });
  now = Date.now() + 3601_000;
  const headers = { 'X-Amz-Date': new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '') };
  assert.deepEqual(await answer(address('/streams/a'), sign(session, '/streams/a', headers)), {
    status: 403,
    type: 'ExpiredTokenException',
    text: '{"message":"The security token included in the request is expired"}',
  });
  now = undefined;
});

test('a caller without permission is refused', async () => {
  const keys = await user('ben', `arn:aws:execute-api:us-east-1:000000000000:${api}/live/GET/streams/mine`);
  assert.equal((await call(keys, '/streams/mine')).status, 200);
  assert.deepEqual(await call(keys, '/streams/other'), {
    status: 403,
    type: 'AccessDeniedException',
    text: `{"Message":"User: arn:aws:iam::000000000000:user/ben is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:${api}/live/GET/streams/other"}`,
  });
  assert.deepEqual(await answer(address('/streams/mine')), {
    status: 403,
    type: 'MissingAuthenticationTokenException',
    text: '{"message":"Missing Authentication Token"}',
  });
  const unknown = await call({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }, '/streams/mine');
  assert.deepEqual([unknown.status, unknown.type], [403, 'AccessDeniedException']);
  const forged = await call({ ...keys, secretAccessKey: 'guess' }, '/streams/mine');
  assert.deepEqual([forged.status, forged.type], [403, 'InvalidSignatureException']);
  assert.match(
    forged.text,
    /"The request signature we calculated does not match the signature you provided\./,
  );
  const moved = await answer(address('/streams/mine'), sign(keys, '/streams/other'));
  assert.equal(moved.type, 'InvalidSignatureException');
  const late = await answer(
    address('/streams/mine'),
    sign(keys, '/streams/mine', { 'X-Amz-Date': '20250101T000000Z' }),
  );
  assert.match(late.text, /^\{"message":"Signature expired: 20250101T000000Z is now earlier than /);
});

test('an API key is valid if a usage plan of the stage contains it', async () => {
  const refused = { status: 403, type: 'ForbiddenException', text: '{"message":"Forbidden"}' };
  const { id: keyId, value = '' } = await gateway.send(new CreateApiKeyCommand({ name: 'k', enabled: true }));
  const keyed = (key: string) => answer(address('/keyed'), { 'x-api-key': key });
  assert.deepEqual(await answer(address('/keyed')), refused);
  assert.deepEqual(await keyed(value), refused);
  const { id: usagePlanId } = await gateway.send(
    new CreateUsagePlanCommand({ name: 'p', apiStages: [{ apiId: api, stage: 'live' }] }),
  );
  assert.deepEqual(await keyed(value), refused);
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  assert.equal((await keyed(value)).status, 200);
  assert.deepEqual(await keyed(`${value}x`), refused);
  await gateway.send(new DeleteApiKeyCommand({ apiKey: keyId }));
  assert.deepEqual(await keyed(value), refused);
});

test("an integration can use the caller's identity", async () => {
  const keys = await user('cid', `arn:aws:execute-api:us-east-1:000000000000:${api}/live/GET/*`);
  const refused = await call(keys, '/own');
  assert.deepEqual(
    [refused.status, refused.text.split(' ').at(-1)],
    [200, `${keys.accessKeyId}AccessDeniedException`],
  );
  const PolicyDocument = allow('kinesis:ListStreams', '*');
  await iam.send(new PutUserPolicyCommand({ UserName: 'cid', PolicyName: 'k', PolicyDocument }));
  assert.equal((await call(keys, '/own')).text.split(' ').at(-1), keys.accessKeyId);
  assert.equal((await answer(address('/own-unsigned'))).status, 500);
});
