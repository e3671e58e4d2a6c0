import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  GetMethodCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { dump } from 'js-yaml';
import { type Served, serve } from '../testing/served.ts';

let served: Served;
before(async () => {
  served = await serve();
});
after(() => served.close());

const bytes = (document: object | string) =>
  new TextEncoder().encode(typeof document === 'string' ? document : dump(document));
const importing = (document: object | string, options: Partial<ImportRestApiCommand['input']> = {}) =>
  served.client.send(new ImportRestApiCommand({ body: bytes(document), ...options }));
const pathsOf = async (restApiId: string | undefined) => {
  const { items } = await served.client.send(new GetResourcesCommand({ restApiId }));
  return items?.map((resource) => resource.path);
};
const methodAt = async (restApiId: string | undefined, path: string, httpMethod: string) => {
  const { items } = await served.client.send(new GetResourcesCommand({ restApiId }));
  const resourceId = items?.find((resource) => resource.path === path)?.id;
  return served.client.send(new GetMethodCommand({ restApiId, resourceId, httpMethod }));
};

const mock = {
  type: 'mock',
  requestTemplates: { 'application/json': '{"statusCode": 200}' },
  responses: { default: { statusCode: 200 } },
};
const operation = (extra: object = {}) => ({
  responses: { 200: { description: 'ok' } },
  'x-amazon-apigateway-integration': mock,
  ...extra,
});
const openapi = (paths: object, extra: object = {}) => ({
  openapi: '3.0.1',
  info: { title: 'Imported', version: '1' },
  paths,
  ...extra,
});

for (const [why, text] of [
  ['broken YAML', 'openapi: 3.0.1\n  bad: ['],
  ['broken JSON', '{"openapi": "3.0.1", '],
  ['plain text', 'hello'],
  ['neither version', '{"title": "x"}'],
  ['no title', '{"openapi": "3.0.1", "info": {}, "paths": {}}'],
] as const) {
  test(`a file that is not OpenAPI is refused: ${why}`, async () => {
    await assert.rejects(importing(text), {
      name: 'BadRequestException',
      message: 'Invalid OpenAPI input.',
    });
  });
}

test('the base path is ignored, prepended or split', async () => {
  const byVariable = openapi(
    { '/test': { get: operation() } },
    {
      servers: [{ url: 'https://example.com', variables: { basePath: { default: '/base-var' } } }],
    },
  );
  const byUrl = openapi(
    { '/test': { get: operation() } },
    { servers: [{ url: 'https://example.com/base-url/part' }] },
  );
  const swagger = {
    swagger: '2.0',
    info: { title: 'Imported', version: '1' },
    basePath: '/base',
    paths: { '/test': { get: operation() } },
  };
  const cases: [object, string, string][] = [
    [byVariable, 'ignore', '/test'],
    [byVariable, 'prepend', '/base-var/test'],
    [byVariable, 'split', '/test'],
    [byUrl, 'ignore', '/test'],
    [byUrl, 'prepend', '/base-url/part/test'],
    [byUrl, 'split', '/part/test'],
    [swagger, 'ignore', '/test'],
    [swagger, 'prepend', '/base/test'],
    [swagger, 'split', '/test'],
  ];
  for (const [document, basepath, path] of cases) {
    const api = await importing(document, { parameters: { basepath } });
    assert.equal((await pathsOf(api.id))?.at(-1), path);
  }
});

test('the endpoint type is a parameter', async () => {
  const document = openapi({ '/': { get: operation() } });
  const api = await importing(document, { parameters: { endpointConfigurationTypes: 'REGIONAL' } });
  assert.deepEqual(api.endpointConfiguration?.types, ['REGIONAL']);
  assert.deepEqual((await importing(document)).endpointConfiguration?.types, ['EDGE']);
});

test('a mapping that is not a string is a warning; with failonwarnings it is an error and nothing is imported', async () => {
  const integration = { ...mock, requestParameters: { 'integration.request.header.nothing': true } };
  const document = openapi({
    '/test': { get: operation({ 'x-amazon-apigateway-integration': integration }) },
  });
  const warning =
    "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.nothing' of resource '/test' and method 'GET' but got 'true'";
  const api = await importing(document);
  assert.deepEqual(api.warnings, [warning]);
  const before = (await served.client.send(new GetRestApisCommand({ limit: 500 }))).items?.length;
  await assert.rejects(importing(document, { failOnWarnings: true }), {
    name: 'BadRequestException',
    message: `Warnings found during import:\n\t${warning}`,
  });
  const after_ = (await served.client.send(new GetRestApisCommand({ limit: 500 }))).items?.length;
  assert.equal(after_, before);
});

test('every error in a file is reported with its location', async () => {
  const aws = { type: 'aws', uri: 'arn:aws:apigateway:eu-west-1:kinesis:action/ListStreams' };
  const undeclared = {
    ...mock,
    responses: { default: { statusCode: '200', responseParameters: { 'method.response.header.X': "'y'" } } },
  };
  const document = openapi({
    '/a': { get: operation({ 'x-amazon-apigateway-integration': aws }) },
    '/b': { get: operation({ 'x-amazon-apigateway-integration': undeclared }) },
    '/c': { get: operation({ 'x-amazon-apigateway-request-validator': 'missing' }) },
    '/d': { get: operation({ 'x-amazon-apigateway-integration': { ...aws, httpMethod: 'POST' } }) },
  });
  await assert.rejects(importing(document), {
    name: 'BadRequestException',
    message: [
      'Errors found during import:',
      "Unable to put integration on 'GET' for resource at path '/a': Enumeration value for HttpMethod must be non-empty",
      "Unable to put integration response on 'GET' for resource at path '/b': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.X]",
      "Unable to put method 'GET' on resource at path '/c': Invalid Request Validator identifier specified",
      "Unable to put integration on 'GET' for resource at path '/d': Role ARN must be specified for AWS integrations",
    ].join('\n\t'),
  });
});

test('PutRestApi merges or overwrites, and keeps id, root resource and tags', async () => {
  const one = openapi(
    { '/one': { get: operation() } },
    {
      components: { schemas: { One: { type: 'object' } } },
      'x-amazon-apigateway-binary-media-types': ['a/a'],
    },
  );
  const two = openapi(
    { '/two': { post: operation() } },
    {
      info: { title: 'Two', version: '2' },
      components: { schemas: { Two: { type: 'object' } } },
      'x-amazon-apigateway-binary-media-types': ['b/b'],
    },
  );
  const put = async (mode: 'merge' | 'overwrite') => {
    const { id: restApiId, rootResourceId } = await importing(one);
    const answer = await served.client.send(new PutRestApiCommand({ restApiId, mode, body: bytes(two) }));
    assert.equal(answer.id, restApiId);
    assert.equal(answer.rootResourceId, rootResourceId);
    const models = await served.client.send(new GetModelsCommand({ restApiId }));
    return {
      name: answer.name,
      version: answer.version,
      binary: answer.binaryMediaTypes,
      paths: await pathsOf(restApiId),
      models: models.items?.map((model) => model.name),
    };
  };
  assert.deepEqual(await put('merge'), {
    name: 'Two',
    version: '2',
    binary: ['a/a', 'b/b'],
    paths: ['/', '/one', '/two'],
    models: ['One', 'Two'],
  });
  assert.deepEqual(await put('overwrite'), {
    name: 'Two',
    version: '2',
    binary: ['b/b'],
    paths: ['/', '/two'],
    models: ['Two'],
  });
});

test('a refused PutRestApi changes nothing', async () => {
  const { id: restApiId } = await importing(openapi({ '/one': { get: operation() } }));
  const broken = openapi({
    '/two': { get: operation({ 'x-amazon-apigateway-integration': { type: 'aws' } }) },
  });
  await assert.rejects(
    served.client.send(new PutRestApiCommand({ restApiId, mode: 'merge', body: bytes(broken) })),
    { name: 'BadRequestException' },
  );
  assert.deepEqual(await pathsOf(restApiId), ['/', '/one']);
  assert.equal((await served.client.send(new GetRestApiCommand({ restApiId }))).name, 'Imported');
});

test('Swagger 2: media types, body models, path-level parameters, ANY', async () => {
  const document = {
    swagger: '2.0',
    info: { title: 'Swagger', version: '1' },
    consumes: ['application/json', 'application/x-amz-json-1.1'],
    definitions: { Pet: { type: 'object' } },
    parameters: { Id: { name: 'id', in: 'path', required: true, type: 'string' } },
    paths: {
      '/pets/{id}': {
        parameters: [{ $ref: '#/parameters/Id' }],
        put: operation({
          produces: ['text/html'],
          parameters: [
            { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } },
            { name: 'X-Key', in: 'header', type: 'string' },
          ],
          responses: {
            200: {
              description: 'ok',
              schema: { $ref: '#/definitions/Pet' },
              headers: { 'Content-Type': { type: 'string' } },
            },
          },
        }),
        'x-amazon-apigateway-any-method': operation({ 'x-amazon-apigateway-auth': { type: 'aws_iam' } }),
      },
    },
  };
  const { id } = await importing(document);
  const put = await methodAt(id, '/pets/{id}', 'PUT');
  assert.deepEqual(put.requestModels, { 'application/json': 'Pet', 'application/x-amz-json-1.1': 'Pet' });
  assert.deepEqual(put.requestParameters, {
    'method.request.path.id': true,
    'method.request.header.X-Key': false,
  });
  assert.deepEqual(put.methodResponses, {
    200: {
      statusCode: '200',
      responseParameters: { 'method.response.header.Content-Type': false },
      responseModels: { 'text/html': 'Pet' },
    },
  });
  const any = await methodAt(id, '/pets/{id}', 'ANY');
  assert.equal(any.authorizationType, 'AWS_IAM');
  assert.deepEqual(any.requestParameters, { 'method.request.path.id': true });
});

test('security comes from the operation, else from the root; API keys count, and a named authorizer must exist', async () => {
  const securitySchemes = {
    sigv4: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    },
    api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    pool: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'cognito_user_pools',
    },
  };
  const paths = {
    '/root': { get: operation() },
    '/open': { get: operation({ security: [] }) },
    '/key': { get: operation({ security: [{ api_key: [] }] }) },
  };
  const { id } = await importing(
    openapi(paths, { components: { securitySchemes }, security: [{ sigv4: [] }] }),
  );
  assert.equal((await methodAt(id, '/root', 'GET')).authorizationType, 'AWS_IAM');
  assert.equal((await methodAt(id, '/open', 'GET')).authorizationType, 'NONE');
  const key = await methodAt(id, '/key', 'GET');
  assert.equal(key.authorizationType, 'NONE');
  assert.equal(key.apiKeyRequired, true);
  const guarded = { '/': { get: operation({ security: [{ pool: [] }] }) } };
  await assert.rejects(importing(openapi(guarded, { components: { securitySchemes } })), {
    message:
      "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/': Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
  });
});

test('a path variable is a parameter even if it is not declared; MOCK has no verb', async () => {
  const integration = { ...mock, httpMethod: 'POST' };
  const { id } = await importing(
    openapi({ '/a/{x}/{rest+}': { get: operation({ 'x-amazon-apigateway-integration': integration }) } }),
  );
  const method = await methodAt(id, '/a/{x}/{rest+}', 'GET');
  assert.deepEqual(method.requestParameters, {
    'method.request.path.x': true,
    'method.request.path.rest': true,
  });
  assert.equal(method.methodIntegration?.httpMethod, undefined);
});

test('a trailing slash adds no resource, and a dangling reference is refused', async () => {
  const { id } = await importing(openapi({ '/streams/': { get: operation() } }));
  assert.deepEqual(await pathsOf(id), ['/', '/streams']);
  const dangling = openapi({
    '/': { get: operation({ parameters: [{ $ref: '#/components/parameters/No' }] }) },
  });
  await assert.rejects(importing(dangling), { name: 'BadRequestException' });
  const model = {
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/No' } } } },
  };
  await assert.rejects(importing(openapi({ '/': { post: operation(model) } })), {
    message:
      "Errors found during import:\n\tUnable to put method 'POST' on resource at path '/': Invalid model identifier specified: No",
  });
});
