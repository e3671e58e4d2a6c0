import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetExportCommand,
  GetGatewayResponseCommand,
  GetModelsCommand,
  GetRequestValidatorsCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  type Resource,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import { proxyDefinition } from '../testing/proxy.ts';
import { type Served, serve } from '../testing/served.ts';

let served: Served;
before(async () => {
  served = await serve();
});
after(() => served.close());

const importing = (definition: string) =>
  served.client.send(new ImportRestApiCommand({ body: new TextEncoder().encode(definition) }));

/** An API's configuration without ids, which are replaced by names, so that two APIs can be compared. */
async function described(api: RestApi) {
  const { client } = served;
  const restApiId = api.id ?? '';
  const resources = await client.send(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500 }));
  const models = await client.send(new GetModelsCommand({ restApiId }));
  const validators = await client.send(new GetRequestValidatorsCommand({ restApiId }));
  const nameOf = (id: string | undefined) => validators.items?.find((item) => item.id === id)?.name;
  const text = JSON.stringify({
    name: api.name,
    description: api.description,
    binaryMediaTypes: api.binaryMediaTypes,
    resources: (resources.items ?? []).map((resource) => comparable(resource, nameOf)),
    models: models.items
      ?.map(({ name, schema }) => ({ name, schema: JSON.parse(schema ?? '') }))
      .sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)),
    validators: validators.items?.map(({ id: _, ...validator }) => validator),
  });
  return JSON.parse(text.replaceAll(restApiId, 'API'));
}

function comparable(resource: Resource, nameOf: (id: string | undefined) => string | undefined) {
  const methods = Object.entries(resource.resourceMethods ?? {}).map(([verb, method]) => {
    const integration = { ...method.methodIntegration };
    assert.equal(integration.cacheNamespace, resource.id);
    delete integration.cacheNamespace;
    return [
      verb,
      { ...method, methodIntegration: integration, requestValidatorId: nameOf(method.requestValidatorId) },
    ];
  });
  return { path: resource.path, methods: Object.fromEntries(methods) };
}

const exportOf = async (api: RestApi, exportType: string, accepts = 'application/json') => {
  const restApiId = api.id ?? '';
  await served.client.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
  const answer = await served.client.send(
    new GetExportCommand({
      restApiId,
      stageName: 'prod',
      exportType,
      accepts,
      parameters: { extensions: 'integrations' },
    }),
  );
  return { ...answer, text: new TextDecoder().decode(answer.body) };
};

test('an imported API reads back as AWS stores it', async () => {
  const api = await importing(proxyDefinition);
  assert.equal(api.name, 'SmallProxy');
  assert.equal(api.version, '7');
  assert.match(api.id ?? '', /^[a-z0-9]{10}$/);
  assert.deepEqual(api.createdDate, new Date('2026-01-02T03:04:05Z'));
  const { resources, models } = await described(api);
  assert.deepEqual(
    resources.map((resource: { path: string }) => resource.path),
    ['/', '/streams', '/streams/{stream-name}', '/streams/{stream-name}/records'],
  );
  assert.deepEqual(resources[1].methods.GET, {
    apiKeyRequired: false,
    authorizationType: 'NONE',
    httpMethod: 'GET',
    operationName: 'ListStreams',
    methodResponses: {
      200: { statusCode: '200', responseParameters: { 'method.response.header.Content-Type': false } },
    },
    methodIntegration: {
      type: 'AWS',
      httpMethod: 'POST',
      uri: 'arn:aws:apigateway:eu-west-1:kinesis:action/ListStreams',
      credentials: 'arn:aws:iam::123456789012:role/proxy',
      passthroughBehavior: 'WHEN_NO_TEMPLATES',
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
      requestTemplates: { 'application/json': '{}' },
      timeoutInMillis: 29000,
      cacheKeyParameters: [],
      integrationResponses: {
        200: {
          statusCode: '200',
          responseParameters: {
            'method.response.header.Content-Type': 'integration.response.header.Content-Type',
          },
        },
      },
    },
  });
  const records = resources[3].methods;
  assert.equal(records.GET.authorizationType, 'AWS_IAM');
  assert.deepEqual(records.GET.requestParameters, {
    'method.request.path.stream-name': true,
    'method.request.header.Shard-Iterator': true,
    'method.request.querystring.limit': false,
  });
  assert.equal(records.GET.methodIntegration.integrationResponses[400].selectionPattern, '4\\d{2}');
  assert.equal(records.GET.methodIntegration.passthroughBehavior, 'WHEN_NO_MATCH');
  assert.deepEqual(records.PUT.requestModels, { 'application/json': 'Records' });
  assert.equal(records.PUT.requestValidatorId, 'everything');
  assert.equal(records.PUT.methodIntegration.timeoutInMillis, 5000);
  const generated = records.PUT.methodResponses[200].responseModels['application/json'];
  assert.match(generated, /^MODEL[a-z0-9]{6}$/);
  assert.deepEqual(models.map((model: { name: string }) => model.name).sort(), [
    generated,
    'Record',
    'Records',
  ]);
  assert.equal(
    models.find((model: { name: string }) => model.name === 'Records').schema.properties.records.items.$ref,
    'https://apigateway.amazonaws.com/restapis/API/models/Record',
  );
  const response = await served.client.send(
    new GetGatewayResponseCommand({ restApiId: api.id, responseType: 'BAD_REQUEST_BODY' }),
  );
  assert.equal(response.statusCode, '422');
});

for (const [exportType, accepts] of [
  ['oas30', 'application/json'],
  ['oas30', 'application/yaml'],
  ['swagger', 'application/json'],
  ['swagger', 'application/yaml'],
] as const) {
  test(`the ${exportType} export as ${accepts} imports as the same API`, async () => {
    const first = await importing(proxyDefinition);
    const exported = await exportOf(first, exportType, accepts);
    assert.equal(exported.contentType, 'application/octet-stream');
    const suffix = accepts.endsWith('yaml') ? 'yaml' : 'json';
    assert.equal(exported.contentDisposition, `attachment; filename="${exportType}_7.${suffix}"`);
    assert.equal(exported.text.startsWith('{'), suffix === 'json');
    const second = await importing(exported.text);
    assert.notEqual(second.id, first.id);
    assert.deepEqual(await described(second), await described(first));
  });
}

test('an export without extensions has no integrations', async () => {
  const api = await importing(proxyDefinition);
  await exportOf(api, 'oas30');
  const plain = await served.client.send(
    new GetExportCommand({ restApiId: api.id, stageName: 'prod', exportType: 'oas30' }),
  );
  const text = new TextDecoder().decode(plain.body);
  assert.match(text, /"openapi": "3\.0\.1"/);
  assert.doesNotMatch(text, /x-amazon-apigateway-integration/);
});

test('building resource by resource gives the same API as the import', async () => {
  const { client } = served;
  const definition = `
openapi: 3.0.1
info: { title: ByHand, version: '1' }
components:
  schemas:
    Empty: { type: object }
paths:
  /streams/{stream-name}:
    post:
      x-amazon-apigateway-request-validator: body
      parameters: [{ name: stream-name, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Empty' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Empty' } } } } }
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:eu-west-1:kinesis:action/CreateStream
        credentials: arn:aws:iam::123456789012:role/proxy
        requestParameters: { integration.request.header.Content-Type: "'x-amz-json-1.1'" }
        requestTemplates: { application/json: '{ "ShardCount": 5 }' }
        responses: { default: { statusCode: '200' } }
x-amazon-apigateway-request-validators:
  body: { validateRequestBody: true, validateRequestParameters: false }
`;
  const imported = await importing(definition);

  const built = await client.send(new CreateRestApiCommand({ name: 'ByHand' }));
  const restApiId = built.id;
  const models = await client.send(new GetModelsCommand({ restApiId }));
  assert.deepEqual(
    models.items?.map((model) => model.name),
    ['Empty', 'Error'],
  );
  const validator = await client.send(
    new CreateRequestValidatorCommand({ restApiId, name: 'body', validateRequestBody: true }),
  );
  const streams = await client.send(
    new CreateResourceCommand({ restApiId, parentId: built.rootResourceId, pathPart: 'streams' }),
  );
  const stream = await client.send(
    new CreateResourceCommand({ restApiId, parentId: streams.id, pathPart: '{stream-name}' }),
  );
  const at = { restApiId, resourceId: stream.id, httpMethod: 'POST' };
  await client.send(
    new PutMethodCommand({
      ...at,
      authorizationType: 'NONE',
      requestParameters: { 'method.request.path.stream-name': true },
      requestModels: { 'application/json': 'Empty' },
      requestValidatorId: validator.id,
    }),
  );
  await client.send(
    new PutMethodResponseCommand({
      ...at,
      statusCode: '200',
      responseModels: { 'application/json': 'Empty' },
    }),
  );
  await client.send(
    new PutIntegrationCommand({
      ...at,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:apigateway:eu-west-1:kinesis:action/CreateStream',
      credentials: 'arn:aws:iam::123456789012:role/proxy',
      requestParameters: { 'integration.request.header.Content-Type': "'x-amz-json-1.1'" },
      requestTemplates: { 'application/json': '{ "ShardCount": 5 }' },
    }),
  );
  await client.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200' }));

  const byHand = await described(built);
  const byImport = await described(imported);
  assert.deepEqual(byHand.resources, byImport.resources);
  assert.deepEqual(byHand.validators, byImport.validators);
});

test('a model made by CreateModel is exported under its name', async () => {
  const api = await importing(proxyDefinition);
  await served.client.send(
    new CreateModelCommand({
      restApiId: api.id,
      name: 'Extra',
      contentType: 'application/json',
      schema: '{"type":"string"}',
    }),
  );
  const { text } = await exportOf(api, 'oas30');
  assert.deepEqual(JSON.parse(text).components.schemas.Extra, { type: 'string' });
});
