import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  CreateDeploymentCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteStageCommand,
  GetDeploymentsCommand,
  GetStageCommand,
  GetStagesCommand,
  type PatchOperation,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
  UpdateIntegrationCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { type MethodPlace, type Served, serve } from './testing/served.ts';

let served: Served;
let at: MethodPlace;
before(async () => {
  served = await serve();
});
after(() => served.close());
beforeEach(async () => {
  at = await served.newApi('deployed');
});

async function addMethod() {
  await served.client.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await served.client.send(
    new PutIntegrationCommand({
      ...at,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
    }),
  );
}
const deploy = (input: Partial<CreateDeploymentCommand['input']> = {}) =>
  served.client.send(new CreateDeploymentCommand({ restApiId: at.restApiId, ...input }));
const patchStage = (...patchOperations: PatchOperation[]) =>
  served.client.send(new UpdateStageCommand({ restApiId: at.restApiId, stageName: 'prod', patchOperations }));

test('an API without methods, or with a method without an integration, is not deployed', async () => {
  await assert.rejects(deploy(), {
    name: 'BadRequestException',
    message: "The REST API doesn't contain any methods",
  });
  await served.client.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await assert.rejects(deploy({ stageName: 'prod' }), {
    name: 'BadRequestException',
    message: 'No integration defined for method',
  });
  assert.equal(served.control.stage(at.restApiId, 'prod'), undefined);
});

test('a stage serves what was deployed until it is deployed again', async () => {
  await addMethod();
  await deploy({ stageName: 'prod', variables: { shards: '5' } });
  const templates = () => {
    const served_ = served.control.stage(at.restApiId, 'prod');
    const [root] = served_?.snapshot.resources ?? [];
    return root?.resourceMethods?.GET?.methodIntegration?.requestTemplates;
  };
  const first = { 'application/json': '{"statusCode": 200}' };
  assert.deepEqual(templates(), first);
  const patchOperations = [
    { op: 'replace', path: '/requestTemplates/application~1json', value: '{"statusCode": 500}' },
  ] as const;
  await served.client.send(new UpdateIntegrationCommand({ ...at, patchOperations: [...patchOperations] }));
  assert.deepEqual(templates(), first);
  await deploy({ stageName: 'prod' });
  assert.deepEqual(templates(), { 'application/json': '{"statusCode": 500}' });
  assert.deepEqual(served.control.stage(at.restApiId, 'prod')?.context, {
    stageName: 'prod',
    variables: { shards: '5' },
    methodSettings: {},
  });
});

test('a stage is created, listed by deployment, moved and deleted', async () => {
  await addMethod();
  const first = await deploy({ description: 'one' });
  const second = await deploy();
  const { restApiId } = at;
  const made = await served.client.send(
    new CreateStageCommand({ restApiId, stageName: 'prod', deploymentId: first.id }),
  );
  assert.equal(made.cacheClusterStatus, 'NOT_AVAILABLE');
  assert.deepEqual(made.methodSettings, {});
  await assert.rejects(
    served.client.send(new CreateStageCommand({ restApiId, stageName: 'prod', deploymentId: first.id })),
    { name: 'ConflictException', message: 'Stage already exists' },
  );
  await patchStage({ op: 'replace', path: '/deploymentId', value: second.id });
  const byDeployment = async (deploymentId?: string) =>
    (await served.client.send(new GetStagesCommand({ restApiId, deploymentId }))).item?.length;
  assert.equal(await byDeployment(), 1);
  assert.equal(await byDeployment(first.id), 0);
  assert.equal(await byDeployment(second.id), 1);
  await served.client.send(new DeleteStageCommand({ restApiId, stageName: 'prod' }));
  await assert.rejects(served.client.send(new GetStageCommand({ restApiId, stageName: 'prod' })), {
    name: 'NotFoundException',
    message: 'Invalid stage identifier specified',
  });
  assert.equal(served.control.stage(restApiId, 'prod'), undefined);
});

test('stage variables and method settings are patched', async () => {
  await addMethod();
  await deploy({ stageName: 'prod' });
  const patched = await patchStage(
    { op: 'replace', path: '/variables/var1', value: 'test' },
    { op: 'add', path: '/variables/var2', value: 'test2' },
    { op: 'replace', path: '/description', value: 'stage new' },
    { op: 'replace', path: '/tracingEnabled', value: 'true' },
    { op: 'replace', path: '/test/GET/throttling/burstLimit', value: '124' },
    { op: 'replace', path: '/*/*/logging/loglevel', value: 'INFO' },
  );
  assert.deepEqual(patched.variables, { var1: 'test', var2: 'test2' });
  assert.equal(patched.description, 'stage new');
  assert.equal(patched.tracingEnabled, true);
  assert.equal(patched.methodSettings?.['test/GET']?.throttlingBurstLimit, 124);
  assert.equal(patched.methodSettings?.['*/*']?.loggingLevel, 'INFO');
  const removed = await patchStage({ op: 'remove', path: '/variables/var1' }, { op: 'remove', path: '/*/*' });
  assert.deepEqual(removed.variables, { var2: 'test2' });
  assert.deepEqual(Object.keys(removed.methodSettings ?? {}), ['test/GET']);
  await assert.rejects(patchStage({ op: 'remove', path: '/*/*' }), {
    message: 'Cannot remove method setting */* because there is no method setting for this method ',
  });
  await assert.rejects(patchStage({ op: 'replace', path: '/tags/tag1', value: 'x' }), {
    message: /^Invalid method setting path: \/tags\/tag1\. Must be one of: \[\/deploymentId, /,
  });
});

test('a deployment that a stage serves cannot be deleted', async () => {
  await addMethod();
  const { id: deploymentId } = await deploy({ stageName: 'prod' });
  const input = { restApiId: at.restApiId, deploymentId };
  await assert.rejects(served.client.send(new DeleteDeploymentCommand(input)), {
    name: 'BadRequestException',
    message: 'Active stages pointing to this deployment must be moved or deleted',
  });
  await served.client.send(new DeleteStageCommand({ restApiId: at.restApiId, stageName: 'prod' }));
  await served.client.send(new DeleteDeploymentCommand(input));
  const left = await served.client.send(new GetDeploymentsCommand({ restApiId: at.restApiId }));
  assert.deepEqual(left.items, []);
});

test('a test invocation passes the current method to the data plane', async () => {
  await addMethod();
  const { $metadata: _, ...result } = await served.client.send(
    new TestInvokeMethodCommand({
      ...at,
      pathWithQueryString: '/?shard-id=1',
      body: '{}',
      headers: { 'Shard-Iterator': 'a' },
      multiValueHeaders: { Many: ['b', 'c'] },
      stageVariables: { v: 'w' },
    }),
  );
  assert.equal(result.status, 200);
  assert.equal(result.latency, 3);
  const { api, request } = served.invoked.at(-1) ?? {};
  assert.equal(api?.restApiId, at.restApiId);
  assert.equal(request?.resource.id, at.resourceId);
  assert.deepEqual(request?.headers, [
    ['Shard-Iterator', 'a'],
    ['Many', 'b'],
    ['Many', 'c'],
  ]);
  assert.equal(request?.pathWithQueryString, '/?shard-id=1');
  assert.equal(request?.body, '{}');
  assert.deepEqual(request?.stageVariables, { v: 'w' });
  await served.client.send(new TestInvokeMethodCommand(at));
  assert.equal(served.invoked.at(-1)?.request.pathWithQueryString, '/');
  await assert.rejects(served.client.send(new TestInvokeMethodCommand({ ...at, httpMethod: 'POST' })), {
    name: 'NotFoundException',
    message: 'Invalid Method identifier specified',
  });
});

test('binary media types and content handling reach the data plane', async () => {
  await addMethod();
  const { client, control } = served;
  await client.send(
    new UpdateIntegrationCommand({
      ...at,
      patchOperations: [{ op: 'add', path: '/contentHandling', value: 'CONVERT_TO_TEXT' }],
    }),
  );
  await client.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  const contentHandling = 'CONVERT_TO_BINARY';
  await client.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', contentHandling }));
  const patchOperations: PatchOperation[] = [{ op: 'add', path: '/binaryMediaTypes/*~1*' }];
  await client.send(new UpdateRestApiCommand({ restApiId: at.restApiId, patchOperations }));
  await deploy({ stageName: 'prod' });
  const { snapshot } = control.stage(at.restApiId, 'prod') ?? {};
  const integration = snapshot?.resources[0]?.resourceMethods?.GET?.methodIntegration;
  assert.deepEqual(snapshot?.binaryMediaTypes, ['*/*']);
  assert.equal(integration?.contentHandling, 'CONVERT_TO_TEXT');
  assert.equal(integration?.integrationResponses?.[200]?.contentHandling, 'CONVERT_TO_BINARY');
});
