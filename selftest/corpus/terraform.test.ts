import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { GetResourcesCommand, ImportRestApiCommand } from '@aws-sdk/client-api-gateway';
import { readTerraform } from '../../infra/definition/terraform/read.ts';
import type { Declaration, JsonObject } from '../../infra/definition/types.ts';
import { account, type Served, serve } from '../../infra/embedded/apigateway/control/testing/served.ts';
import { CORPUS, type Entry, entriesOf } from './entries.ts';

const entries = entriesOf('terraform.yaml');

function read(file: string, api?: string): Declaration {
  const document = JSON.parse(readFileSync(new URL(file, CORPUS), 'utf8')) as JsonObject;
  const { id: accountId, region, partition } = account;
  return readTerraform(document, {
    file,
    region,
    partition,
    accountId,
    stackName: 'judged',
    parameters: new Map(),
    api,
  });
}

describe('every file of the corpus', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  for (const { file, api, calls } of entries)
    test(`${file} is read, imports without refusal or warning, and has its calls`, async () => {
      const { openapi, roles } = read(file, api);
      const body = new TextEncoder().encode(JSON.stringify(openapi));
      const imported = await served.client.send(new ImportRestApiCommand({ body, failOnWarnings: true }));
      assert.equal(imported.warnings, undefined);
      const { items = [] } = await served.client.send(
        new GetResourcesCommand({ restApiId: imported.id, embed: ['methods'], limit: 500 }),
      );
      const integrations = items.flatMap(({ path = '', resourceMethods }) =>
        Object.entries(resourceMethods ?? {}).map(([method, { methodIntegration }]) => ({
          method,
          path,
          integration: methodIntegration,
        })),
      );
      const kinesis = integrations.flatMap(({ method, path, integration }) => {
        const action = /^arn:aws:apigateway:eu-west-1:kinesis:action\/(\w+)$/.exec(
          integration?.uri ?? '',
        )?.[1];
        return action ? [{ action, method, path }] : [];
      });
      const sorted = (list: Entry['calls']) =>
        list.map(({ action, method, path }) => `${method} ${path} ${action}`).sort();
      assert.deepEqual(sorted(kinesis), sorted(calls));
      for (const { arn } of roles)
        assert.ok(
          integrations.some(({ integration }) => integration?.credentials === arn),
          `${arn} is the role of an integration`,
        );
    });
});

test('a plan and the state that comes of it give the same API', () => {
  const plan = read('terraform-tutorial.plan.json');
  const state = read('terraform-tutorial.state.json');
  // The provider fills in its defaults.
  const { 'x-amazon-apigateway-api-key-source': _, ...openapi } = state.openapi;
  assert.deepEqual(openapi, plan.openapi);
  assert.deepEqual(state.roles, plan.roles);
});

test('a role has what the file attaches to it, by the names that the run has', () => {
  const { roles } = read('terraform-puts-fixed-stream.plan.json');
  assert.deepEqual(roles, [
    {
      id: 'aws_iam_role.gateway',
      name: 'clicks-gateway',
      arn: 'arn:aws:iam::123456789012:role/clicks-gateway',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: ['sts:AssumeRole'],
            Effect: 'Allow',
            Principal: { Service: ['apigateway.amazonaws.com'] },
          },
        ],
      },
      inline: [
        {
          name: 'judged-aws_iam_role_policy-put',
          document: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Sid: 'Put',
                Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
                Resource: ['arn:aws:kinesis:eu-west-1:123456789012:stream/clickstream'],
              },
            ],
          },
        },
      ],
      managed: [],
      otherServices: [],
    },
  ]);
  assert.deepEqual(read('terraform-tutorial.plan.json').roles[0]?.managed, [
    'arn:aws:iam::aws:policy/AmazonKinesisFullAccess',
  ]);
});

test('streams, stage, keys and plans are declared as the file declares them', () => {
  const clicks = read('terraform-puts-fixed-stream.plan.json');
  assert.deepEqual(clicks.streams, [
    { id: 'aws_kinesis_stream.clicks', name: 'clickstream', shardCount: 2, retentionHours: 48 },
  ]);
  assert.deepEqual(clicks.stage, { name: 'v1', variables: { origin: 'web' } });
  const orders = read('terraform-keys-and-usage-plan.plan.json');
  assert.equal(orders.streams[0]?.shardCount, undefined);
  assert.deepEqual(orders.apiKeys, [
    { id: 'aws_api_gateway_api_key.own', name: 'own', value: undefined, enabled: true },
    {
      id: 'aws_api_gateway_api_key.partner',
      name: 'partner',
      value: 'partner-key-0123456789abcdef',
      enabled: true,
    },
  ]);
  assert.deepEqual(orders.usagePlans, [
    {
      id: 'aws_api_gateway_usage_plan.partners',
      name: 'partners',
      keys: ['aws_api_gateway_api_key.partner', 'aws_api_gateway_api_key.own'],
      throttle: { rateLimit: 200, burstLimit: 100 },
      quota: { limit: 100_000, period: 'DAY' },
    },
  ]);
  assert.deepEqual(orders.secrets, ['partner-key-0123456789abcdef']);
  assert.doesNotMatch(JSON.stringify([orders.leftOut, orders.assumed, orders.openapi]), /partner-key/);
});

test('what no run deploys is left out and named once', () => {
  assert.deepEqual(read('terraform-lambda-beside.plan.json').leftOut, [
    {
      what: 'methods of the Lambda function aws_lambda_function.greeter',
      place: 'aws_api_gateway_method.hello_any, aws_api_gateway_method.hello_get',
      why: 'a run deploys no Lambda functions',
    },
    {
      what: 'an execution role; the run uses its own instead',
      place: 'aws_iam_role.gateway',
      why: 'aws_iam_role_policy.put.policy is known only after apply; to judge the role as well, apply and give terraform show -json of the state',
    },
  ]);
  const state = read('terraform-lambda-beside.state.json');
  assert.deepEqual(
    state.roles.map(({ id }) => id),
    ['aws_iam_role.gateway'],
  );
});
