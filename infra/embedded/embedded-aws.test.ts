import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type EmbeddedAws, PortInUse, startEmbeddedAws } from './embedded-aws.ts';
import { LostConnection } from './http.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com', AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'sts:AssumeRole',
    },
  ],
});

let aws: EmbeddedAws;
before(async () => {
  aws = await startEmbeddedAws({ createMillis: 0, deleteMillis: 0 });
});
after(() => aws.stop());

function access() {
  const { endpoint, region, accessKeyId, secretAccessKey } = aws;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

test('Kinesis answers the SDK client over h2c, its default, and over HTTP/1.1', async () => {
  for (const [name, protocol, handler] of [
    ['over-h2c', 'h2', {}],
    ['over-http1', 'http/1.1', { requestHandler: new NodeHttpHandler() }],
  ] as const) {
    const kinesis = new KinesisClient({ ...access(), ...handler });
    assert.equal(kinesis.config.requestHandler.metadata?.handlerProtocol, protocol);
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 5, minDelay: 1 }, { StreamName: name });
    const Data = Buffer.from('ünïcødé\u0000🐟');
    const put = await kinesis.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'k', Data }));
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: name,
        ShardId: put.ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    assert.deepEqual(
      Records?.map((record) => Buffer.from(record.Data ?? []).toString()),
      [Data.toString()],
    );
    await assert.rejects(kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 })), {
      name: 'ResourceInUseException',
      message: `Stream ${name} under account 000000000000 already exists.`,
    });
    await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
    kinesis.destroy();
  }
});

test("an API deployed by the SDK calls Kinesis with its role's permissions", async () => {
  const gateway = new APIGatewayClient(access());
  const iam = new IAMClient(access());
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'gateway', AssumeRolePolicyDocument: TRUST }),
  );
  const policy = { RoleName: 'gateway', PolicyArn: 'arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess' };
  await iam.send(new AttachRolePolicyCommand(policy));
  const { id: restApiId } = await gateway.send(new CreateRestApiCommand({ name: 'lists' }));
  const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
  await gateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: `arn:aws:apigateway:${aws.region}:kinesis:action/ListStreams`,
      credentials: Role?.Arn,
      requestTemplates: { 'application/json': '{}' },
    }),
  );
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200' }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));

  const url = aws.executeApiUrl.replace('{restApiId}', restApiId ?? '').replace('{stage}', 'live');
  const listed = await fetch(url);
  assert.equal(listed.status, 200);
  assert.equal(((await listed.json()) as { HasMoreStreams: unknown }).HasMoreStreams, false);
  const tested = await gateway.send(new TestInvokeMethodCommand({ ...method, pathWithQueryString: '/' }));
  assert.deepEqual(JSON.parse(tested.body ?? '').StreamNames, []);

  await iam.send(new DetachRolePolicyCommand(policy));
  const denied = await fetch(url);
  assert.deepEqual(
    [denied.status, await denied.json()],
    [
      200,
      {
        __type: 'AccessDeniedException',
        Message:
          'User: arn:aws:sts::000000000000:assumed-role/gateway/BackplaneAssumeRoleSession is not authorized to ' +
          'perform: kinesis:ListStreams on resource: * because no identity-based policy allows the ' +
          'kinesis:ListStreams action',
      },
    ],
  );

  const tooLarge = await fetch(url, { method: 'POST', body: Buffer.alloc(10_485_761) });
  assert.equal(tooLarge.status, 413);
  const unknown = await fetch(
    aws.executeApiUrl.replace('{restApiId}', restApiId ?? '').replace('{stage}', 'dead'),
  );
  assert.deepEqual([unknown.status, await unknown.json()], [403, { message: 'Forbidden' }]);
  gateway.destroy();
  iam.destroy();
});

test("the keys of an assumed role have the role's permissions", async () => {
  const iam = new IAMClient(access());
  const sts = new STSClient(access());
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }),
  );
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName: 'reader',
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess',
    }),
  );
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'someone' }),
  );
  const kinesis = new KinesisClient({
    ...access(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  assert.deepEqual((await kinesis.send(new ListStreamsCommand({}))).StreamNames, []);
  await assert.rejects(kinesis.send(new CreateStreamCommand({ StreamName: 'mine', ShardCount: 1 })), {
    name: 'AccessDeniedException',
    message:
      /assumed-role\/reader\/someone is not authorized to perform: kinesis:CreateStream on resource: arn:aws:kinesis:us-east-1:000000000000:stream\/mine/,
  });
  for (const client of [iam, sts, kinesis]) client.destroy();
});

test('an unknown address is refused, and the health check answers', async () => {
  assert.equal((await fetch(`${aws.endpoint}/_kpc/health`)).status, 200);
  const nothing = await fetch(`${aws.endpoint}/nothing`);
  assert.equal(nothing.status, 404);
  assert.match(await nothing.text(), /no service for GET \/nothing/);
});

test('the error for a port in use names the port', async () => {
  const { port } = new URL(aws.endpoint);
  await assert.rejects(
    startEmbeddedAws({ port: Number(port) }),
    (error) => error instanceof PortInUse && error.message === `port ${port} is in use`,
  );
});

test('stop ends open connections at once and frees the port', async () => {
  const other = await startEmbeddedAws();
  const kinesis = new KinesisClient({ ...access(), endpoint: other.endpoint });
  await kinesis.send(new ListStreamsCommand({}));
  await fetch(`${other.endpoint}/_kpc/health`);
  const begun = performance.now();
  await other.stop();
  await other.stop();
  assert.ok(performance.now() - begun < 1000);
  const { port } = new URL(other.endpoint);
  const successor = createServer().listen(Number(port), '127.0.0.1');
  await once(successor, 'listening');
  successor.close();
  kinesis.destroy();
});

test('middleware sees each call, and can drop the connection', async (t) => {
  const seen: string[] = [];
  const other = await startEmbeddedAws({
    middleware: {
      kinesis: (call) => async (request) => {
        seen.push(String(request.action));
        if (seen.length > 1) throw new LostConnection();
        return call(request);
      },
      port: (serve) => async (request) => {
        const answer = await serve(request);
        return { ...answer, headers: [...answer.headers, ['x-seen-at', 'the port']] };
      },
    },
  });
  t.after(() => other.stop());
  const list = () =>
    fetch(other.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        authorization:
          'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
        'x-amz-date': '20260101T000000Z',
      },
      body: '{}',
    });
  assert.equal((await list()).headers.get('x-seen-at'), 'the port');
  await assert.rejects(list());
  assert.deepEqual(seen, ['ListStreams', 'ListStreams']);
});

test('an unexpected error is a 500, and the server keeps running', async (t) => {
  let calls = 0;
  const other = await startEmbeddedAws({
    middleware: {
      port: (serve) => async (request) => {
        calls += 1;
        if (calls === 1) throw new TypeError('a slip of the server');
        return serve(request);
      },
    },
  });
  t.after(() => other.stop());
  const { write } = process.stderr;
  let told = '';
  process.stderr.write = (text) => {
    told += text;
    return true;
  };
  const first = await fetch(`${other.endpoint}/_kpc/health`).finally(() => {
    process.stderr.write = write;
  });
  assert.deepEqual([first.status, await first.json()], [500, { message: 'Internal server error' }]);
  assert.match(told, /unexpected error in the embedded AWS: TypeError: a slip of the server/);
  assert.equal((await fetch(`${other.endpoint}/_kpc/health`)).status, 200);
});
