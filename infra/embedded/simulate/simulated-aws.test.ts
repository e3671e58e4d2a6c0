import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type SimulatedAws, startSimulatedAws } from './simulated-aws.ts';
import { REPORT_PATH } from './simulation.ts';

/** The account's clock, in milliseconds; only the tests move it. */
let now = Date.now();
const pass = (millis: number) => {
  now += millis;
};

let aws: SimulatedAws;
let kinesis: KinesisClient;
let gateway: APIGatewayClient;
let iam: IAMClient;
const requestHandler = new NodeHttpHandler();

before(async () => {
  aws = await startSimulatedAws({ seed: 5, clockFactor: 1, now: () => now });
  const { endpoint, region, accessKeyId, secretAccessKey } = aws;
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, requestHandler };
  kinesis = new KinesisClient({ ...config, maxAttempts: 1 });
  gateway = new APIGatewayClient({ ...config, maxAttempts: 1 });
  iam = new IAMClient({ ...config, maxAttempts: 1 });
});
after(async () => {
  requestHandler.destroy();
  await aws.stop();
});

/** Repeats a call until it is neither lost nor refused by a fault. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      const status = $metadata?.httpStatusCode ?? 0;
      if (!/Throttling|LimitExceeded|TooMany/.test(name) && status > 0 && status < 500) throw error;
      pass(1_000);
    }
  }
}

const status = (StreamName: string) =>
  insist(() => kinesis.send(new DescribeStreamCommand({ StreamName }))).then(
    ({ StreamDescription }) => StreamDescription?.StreamStatus,
    (error: Error) => error.name,
  );

test('a stream is CREATING and DELETING for 20 to 40 s, and lists lag behind', async () => {
  const since = () => now - started;
  const listed = async () => {
    const page = await insist(() =>
      kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName: 'lag' })),
    );
    return page.StreamNames?.includes('lagging') ?? false;
  };
  let started = now;
  await insist(() => kinesis.send(new CreateStreamCommand({ StreamName: 'lagging', ShardCount: 1 }))).catch(
    // The first attempt took effect, but its answer was lost.
    (error: Error) => assert.equal(error.name, 'ResourceInUseException'),
  );
  assert.equal(await listed(), false, `after ${since()} ms`);
  while ((await status('lagging')) === 'CREATING') pass(500);
  assert.ok(since() >= 20_000 && since() <= 45_000, `${since()}`);
  assert.equal(await listed(), true);
  started = now;
  await insist(() => kinesis.send(new DeleteStreamCommand({ StreamName: 'lagging' })));
  while ((await status('lagging')) === 'DELETING') pass(500);
  assert.ok(since() >= 20_000 && since() <= 45_000, `${since()}`);
  assert.equal(await listed(), true, 'it is deleted but still listed');
  pass(6_000);
  assert.equal(await listed(), false);
});

test('calls beyond the quota are refused: with 400 by Kinesis, with 429 by API Gateway', async () => {
  pass(2_000);
  const lists = await Promise.allSettled(
    Array.from({ length: 40 }, () => kinesis.send(new ListStreamsCommand({}))),
  );
  const refusals = lists.flatMap((list) => (list.status === 'rejected' ? [list.reason] : []));
  const throttled = refusals.filter(({ name }) => name === 'LimitExceededException');
  assert.ok(throttled.length >= 2, `${refusals}`);
  assert.match(throttled[0].message, /^Rate exceeded/);
  assert.equal(throttled[0].$metadata.httpStatusCode, 400);
  assert.ok((aws.report.calls.ListStreams?.refused ?? 0) >= 2);

  const deletion = () => gateway.send(new DeleteRestApiCommand({ restApiId: 'unknown' }));
  const answers = await Promise.allSettled([deletion(), deletion(), deletion(), deletion()]);
  const names = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.name : 'taken'));
  assert.ok(names.filter((name) => name === 'TooManyRequestsException').length >= 2, `${names}`);
});

test('new roles and new deployments take time to propagate', async () => {
  const RoleName = 'new-role';
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  });
  const role = await insist(() => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })));
  const integration = {
    type: 'aws',
    httpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
    credentials: role.Role?.Arn,
    requestTemplates: { 'application/json': '{}' },
    responses: { default: { statusCode: '200' } },
  };
  const get = { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration };
  const document = { openapi: '3.0.1', info: { title: 't', version: '1' }, paths: { '/streams': { get } } };
  const body = new TextEncoder().encode(JSON.stringify(document));
  const { id: restApiId } = await insist(() => gateway.send(new ImportRestApiCommand({ body })));
  await insist(() => gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' })));
  const url = `${aws.executeApiUrl.replace('{restApiId}', String(restApiId)).replace('{stage}', 'test')}/streams`;
  const seen: string[] = [];
  while (seen.slice(-5).join() !== '200,200,200,200,200' && seen.length < 1_000) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) seen.push(String(answer.status));
    pass(200);
  }
  assert.ok(seen.includes('403') || seen.includes('500'), `${seen}`);
  assert.equal(seen.at(-1), '200', `${seen}`);
});

test('the account has things of other users, and the report shows what happened', async () => {
  const { StreamNames = [] } = await insist(() => kinesis.send(new ListStreamsCommand({})));
  assert.ok(StreamNames.includes('orders') && StreamNames.includes('kpc-0badcafe-Fresh-0123456789'));
  const { Roles = [] } = await insist(() => iam.send(new ListRolesCommand({})));
  assert.ok(Roles.some(({ RoleName }) => RoleName === 'kpc-0badcafe-full-access'));
  const { items = [] } = await insist(() => gateway.send(new GetRestApisCommand({})));
  assert.ok(items.some(({ name }) => name === 'KinesisProxy'));
  const told = (await (await fetch(`${aws.endpoint}${REPORT_PATH}`)).json()) as typeof aws.report;
  assert.equal(told.seed, 5);
  assert.ok((told.calls.CreateStream?.calls ?? 0) >= 1);
  assert.ok(
    Object.values(told.faults).every((count) => count > 0),
    JSON.stringify(told.faults),
  );
});

test('a quiet observer sees everything and is not counted', async () => {
  const { calls, faults } = aws.report;
  await aws.quietly(async () => {
    for (let i = 0; i < 20; i++) await kinesis.send(new ListStreamsCommand({}));
  });
  assert.deepEqual(aws.report.calls.ListStreams, calls.ListStreams);
  assert.deepEqual(aws.report.faults, faults);
});
