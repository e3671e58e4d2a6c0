import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddTagsToStreamCommand, CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { EmbeddedAws } from '../embedded-aws.ts';

/**
 * Things of other users of the account. None belongs to a conformance run, but some look like it, by name or by tags,
 * never by both.
 */
const STREAMS: readonly { name: string; tags?: Record<string, string> }[] = [
  { name: 'clickstream', tags: { team: 'web' } },
  { name: 'kpc-' },
  { name: 'kpc-0badcafe' },
  { name: 'kpc-0badcafe-Fresh-0123456789' },
  { name: 'kpc-nightly-orders', tags: { owner: 'someone else' } },
  { name: 'my-kpc-0badcafe-New-0123456789', tags: { 'kinesis-proxy-conformance:run': '0badcafe' } },
  { name: 'orders', tags: { 'kinesis-proxy-conformance': 'reads this stream' } },
  { name: 'zz-archive' },
];
const REST_APIS: readonly { name: string; tags?: Record<string, string> }[] = [
  { name: 'KinesisProxy', tags: { stage: 'production' } },
  { name: 'kpc-0badcafe-full-access' },
  { name: 'orders', tags: { 'kinesis-proxy-conformance': 'calls this API' } },
];
const ROLES: readonly { name: string; tags?: Record<string, string> }[] = [
  { name: 'APIGatewayKinesisProxyRole', tags: { team: 'web' } },
  { name: 'kpc-0badcafe-full-access' },
  { name: 'kpc-nightly-runner', tags: { 'kinesis-proxy-conformance': 'the nightly' } },
];

/** Creates all of them by ordinary service calls. */
export async function plantForeign(aws: EmbeddedAws): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = aws;
  const requestHandler = new NodeHttpHandler();
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, requestHandler };
  const kinesis = new KinesisClient(config);
  const gateway = new APIGatewayClient(config);
  const iam = new IAMClient(config);
  try {
    for (const { name, tags } of STREAMS) {
      await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
      if (tags) await kinesis.send(new AddTagsToStreamCommand({ StreamName: name, Tags: tags }));
    }
    for (const { name, tags } of ROLES) await plantRole(iam, name, tags);
    for (const { name, tags } of REST_APIS) await plantApi(gateway, name, tags);
  } finally {
    requestHandler.destroy();
  }
}

async function plantRole(iam: IAMClient, RoleName: string, tags: Record<string, string> = {}): Promise<void> {
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy({
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const PolicyDocument = policy({ Action: 'kinesis:Describe*', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'kinesis-access', PolicyDocument }));
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

async function plantApi(
  gateway: APIGatewayClient,
  name: string,
  tags?: Record<string, string>,
): Promise<void> {
  const { id: restApiId } = await gateway.send(new CreateRestApiCommand({ name, ...(tags && { tags }) }));
  const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'production' }));
}
